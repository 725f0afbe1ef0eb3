"""An open pricing, packaging and quoting engine: rules in files, a pure core that prices, a thin shell that serves."""
