"""Rules written once per record and referred to by their place, since most steps share a few."""

from __future__ import annotations

from pricing_engine.catalog.rule import RuleRef


class WrittenRules(dict[RuleRef, int]):
    """Rules with their places; asking for a new one gives it the next."""

    def __missing__(self, rule: RuleRef) -> int:
        place = self[rule] = len(self)
        return place
