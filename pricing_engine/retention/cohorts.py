"""Cohorts: what became of the customers that began in the same year, quarter or month (N9)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.periods import add_months
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.rates import share


class CohortSpan(StrEnum):
    """How long a cohort is gathered, and how far apart its figures are."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Its length."""
        return {CohortSpan.MONTH: 1, CohortSpan.QUARTER: 3, CohortSpan.YEAR: 12}[self]

    def start_of(self, day: date) -> date:
        """The first day of the span a day is in."""
        return date(day.year, (day.month - 1) // self.months * self.months + 1, 1)


class Cohort(NamedTuple):
    """The customers that began in a span: how many, and their ARR at the end of it and of each that followed.

    `rates` are those over the first. Units: the ledger's.
    """

    start: date
    customers: int
    arr: tuple[Decimal, ...]

    @property
    def rates(self) -> tuple[Decimal | None, ...]:
        """NRR of the cohort since the end of its own span. Rounds: as `share`."""
        return tuple([share(each, self.arr[0]) for each in self.arr])


def cohorts_of(entries: Iterable[Entry], span: CohortSpan, *, until: date) -> list[Cohort]:
    """The cohorts that began by a day, oldest first, at the ends of the spans that are over by it.

    A customer begins on the first day on which it has something. One that is not over yet is left out.
    """
    members: dict[date, list[dict[date, Decimal]]] = {}
    for days in days_of_accounts(entries).values():
        began = first_day(days)
        if began is not None and began <= until:
            members.setdefault(span.start_of(began), []).append(days)
    found = [Cohort(start, len(each), _arr(each, _ends(start, span, until))) for start, each in sorted(members.items())]
    return [cohort for cohort in found if cohort.arr]


def days_of_accounts(entries: Iterable[Entry]) -> dict[str, dict[date, Decimal]]:
    """By how much what each customer has moves, by day."""
    by_account: dict[str, dict[date, Decimal]] = {}
    for each in entries:
        days = by_account.setdefault(each.account, {})
        days[each.day] = days.get(each.day, ZERO) + each.amount
    return by_account


def first_day(days: Mapping[date, Decimal]) -> date | None:
    """The first day on which a customer has something, if there is one."""
    return min([day for day, amount in days.items() if amount], default=None)


def _ends(start: date, span: CohortSpan, until: date) -> list[date]:
    """The first days after the spans from `start` on that are over by a day, counting its own end as over."""
    ends: list[date] = []
    number = 1
    while (end := add_months(start, span.months * number)).toordinal() - 1 <= until.toordinal():
        ends.append(end)
        number += 1
    return ends


def _arr(members: Sequence[dict[date, Decimal]], ends: Sequence[date]) -> tuple[Decimal, ...]:
    """What there is before each of the ends."""
    moved = [ZERO] * len(ends)
    for days in members:
        for day, amount in days.items():
            place = bisect_right(ends, day)
            if place < len(ends):
                moved[place] += amount
    return tuple(accumulate(moved))
