"""Other systems: the envelope they are told events in, and what it takes to reach them."""
