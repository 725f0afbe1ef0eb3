"""The renewal calendar: which contracts' terms end in the coming months, and what is known of what follows (N12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.retention.bridge import months_of
from pricing_engine.retention.rates import Window


class Follows(StrEnum):
    """What follows a term, as far as it is known."""

    OPEN = "open"
    RENEWS_ITSELF = "renews_itself"
    RENEWED = "renewed"
    GIVEN_UP = "given_up"


class Ending(NamedTuple):
    """A contract whose term ends: `end` is the first day after it. Units: the reporting currency, a year."""

    account: str
    contract: str
    end: date
    arr: Decimal
    follows: Follows


class EndingMonth(NamedTuple):
    """What ends in a month, by what follows. Shape: how many contracts, and their ARR."""

    closing: date
    contracts: int
    arr: Decimal
    by_follows: dict[Follows, Decimal]


def calendar_of(endings: Sequence[Ending], window: Window, *, months: int) -> list[EndingMonth]:
    """What ends in each month of a window that has so many."""
    return [
        _month(month.closing, [each for each in endings if month.has(each.end)])
        for month in months_of(window, months=months)
    ]


def _month(closing: date, endings: Sequence[Ending]) -> EndingMonth:
    by_follows = {follows: _arr(each for each in endings if each.follows is follows) for follows in Follows}
    return EndingMonth(closing, len(endings), _arr(endings), by_follows)


def _arr(endings: Iterable[Ending]) -> Decimal:
    return sum([each.arr for each in endings], ZERO)
