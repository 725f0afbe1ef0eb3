"""The command line; `main` is what the `pricing-engine` script calls, and every command's help says what it does."""

from __future__ import annotations


def main() -> None:
    """Runs the command of this process's arguments and ends the process with its exit code."""
    from pricing_engine.cli.program import run

    run()
