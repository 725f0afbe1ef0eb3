"""`python -m pricing_engine` is the same as the `pricing-engine` script."""

from pricing_engine.cli import main

if __name__ == "__main__":
    main()
