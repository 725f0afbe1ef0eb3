"""What runs the engine, or counts what it allows, to judge a rulebook: worked examples, configurations."""
