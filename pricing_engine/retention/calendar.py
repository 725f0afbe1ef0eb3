"""The renewal calendar: which contracts' terms end in the coming months, and what is known of what follows (N12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from pricing_engine.money import ZERO


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


def calendar_of(endings: Sequence[Ending], ends: Sequence[date]) -> list[EndingMonth]:
    """What ends in each of the months that end so, the first of them the end of the day it is made on."""
    return [
        _month(closing, [each for each in endings if opening < each.end <= closing])
        for opening, closing in pairwise(ends)
    ]


def _month(closing: date, endings: Sequence[Ending]) -> EndingMonth:
    by_follows = {follows: _arr(each for each in endings if each.follows is follows) for follows in Follows}
    return EndingMonth(closing, len(endings), _arr(endings), by_follows)


def _arr(endings: Iterable[Ending]) -> Decimal:
    return sum([each.arr for each in endings], ZERO)
