"""Makes any text of a page fit to be shown and written: one line, no character that cannot be seen."""

from __future__ import annotations

from pricing_engine.rulebook.yaml_characters import decode


def one_line(text: str) -> str:
    """The text on one line, with characters a rule file may not hold made blanks."""
    readable, _ = decode(text.encode("utf-8", "replace"))
    return " ".join(readable.split())
