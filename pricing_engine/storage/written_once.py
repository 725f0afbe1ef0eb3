"""What a record repeats is written once and referred to by its place: most steps and lines share a few rules."""

from __future__ import annotations

from typing import Any, TypeVar

from pricing_engine.catalog.rule import RuleRef

Item = TypeVar("Item")


class _Written(dict[Item, int]):
    """Items with their places; asking for a new one gives it the next."""

    def __missing__(self, item: Item) -> int:
        place = self[item] = len(self)
        return place


WrittenRules = _Written[RuleRef]
Places = _Written[str]
"""Of texts, such as the hashes of rulebook versions."""


class PlacesOrNone(_Written[Any]):
    """Places of what may be missing: 0 is that of None, so that whoever reads need not ask."""

    def __init__(self) -> None:
        super().__init__({None: 0})

    @property
    def items_written(self) -> list[Any]:
        """What there is to write, from place 1 on."""
        return list(self)[1:]
