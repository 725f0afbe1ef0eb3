"""What the lines of a contract share: numbers, days, rules, rulebook versions, prices and grants, each written once.

Lines refer to them by their places, so that reading makes each of them once, and most without a Python call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract_line import Grant
from pricing_engine.storage.price_json import plain_price, read_price
from pricing_engine.storage.written_once import Places, PlacesOrNone, WrittenRules

Numbers = Sequence[Any]
"""Decimals by their places; None at place 0, where a number may be missing."""

Days = Sequence[Any]
"""The same for dates."""

# By position and without a call in Python: a contract has several of each for every line.
_make_rule = partial(tuple.__new__, RuleRef)
_make_grant = partial(tuple.__new__, Grant)


@dataclass(frozen=True, slots=True)
class SharedWritten:
    """The places of what has been written so far. A number's is that of its text: 1.0 and 1.00 compare equal."""

    rules: WrittenRules = field(default_factory=WrittenRules)
    rulebooks: Places = field(default_factory=Places)
    days: PlacesOrNone = field(default_factory=PlacesOrNone)
    _numbers: PlacesOrNone = field(default_factory=PlacesOrNone)
    _prices: PlacesOrNone = field(default_factory=PlacesOrNone)
    _grants: PlacesOrNone = field(default_factory=PlacesOrNone)

    def number(self, number: Decimal | None) -> int:
        """The place of a number."""
        return 0 if number is None else self._numbers[str(number)]

    def by_name(self, numbers: Mapping[str, Decimal]) -> dict[str, int]:
        """The places of numbers that have names."""
        return {name: self._numbers[str(number)] for name, number in numbers.items()} if numbers else {}

    def price(self, price: Price | None) -> int:
        """The place of a price."""
        return 0 if price is None else self._prices[plain_price(price)]

    def grants(self, grants: Iterable[Grant]) -> int:
        """The place of the grants of a line together; lines of one sale often have the same ones."""
        plain = [
            (policy, self.number(fraction), self.number(amount), self.days[ends], holds)
            for policy, fraction, amount, ends, holds in grants
        ]
        return self._grants[tuple(plain)]

    def plain(self) -> dict[str, Any]:
        """What is to be written once the places of everything have been asked for."""
        return {
            "rules": [tuple(rule) for rule in self.rules],
            "rulebooks": list(self.rulebooks),
            "days": self.days.items_written,
            "numbers": self._numbers.items_written,
            "prices": self._prices.items_written,
            "grants": self._grants.items_written,
        }


class SharedRead(NamedTuple):
    """What is referred to, by its place; None at place 0 of what may be missing."""

    rules: Sequence[RuleRef]
    rulebooks: Sequence[str]
    days: Days
    numbers: Numbers
    prices: Sequence[Price | None]
    grants: Sequence[Any]


def read_shared(plain: Mapping[str, Any]) -> SharedRead:
    """What `SharedWritten.plain` gave."""
    days: Days = [None, *map(date.fromisoformat, plain["days"])]
    numbers: Numbers = [None, *map(Decimal, plain["numbers"])]
    return SharedRead(
        list(map(_make_rule, plain["rules"])),
        plain["rulebooks"],
        days,
        numbers,
        [None, *[read_price(*price) for price in plain["prices"]]],
        [None, *[_read_grants(grants, days, numbers) for grants in plain["grants"]]],
    )


def _read_grants(plain: Iterable[Any], days: Days, numbers: Numbers) -> tuple[Grant, ...]:
    return tuple(
        [
            _make_grant((policy, numbers[fraction], numbers[amount], days[ends], holds))
            for policy, fraction, amount, ends, holds in plain
        ]
    )
