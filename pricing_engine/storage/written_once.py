"""What a record repeats is written once and referred to by its place: most steps and lines share a few rules."""

from __future__ import annotations

from typing import TypeVar

from pricing_engine.catalog.rule import RuleRef

Item = TypeVar("Item")


class _Written(dict[Item, int]):
    """Items with their places; asking for a new one gives it the next."""

    def __missing__(self, item: Item) -> int:
        place = self[item] = len(self)
        return place


WrittenRules = _Written[RuleRef]
Places = _Written[str]
"""Of the hashes of rulebook versions."""
