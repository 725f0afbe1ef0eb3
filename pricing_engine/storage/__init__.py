"""Where accounts, rulebook versions and quotes are kept: tables, the mappings to and from the core, and queries."""
