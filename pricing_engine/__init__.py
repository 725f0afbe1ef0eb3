"""An open pricing, packaging and quoting engine: rules in files, a pure core that prices, and a thin shell that serves and keeps quotes."""
