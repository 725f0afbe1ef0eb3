"""Cohorts: what became of the customers that began in the same year, quarter or month (N9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np

from pricing_engine.retention.columns import Ints
from pricing_engine.retention.grouped import sums_in
from pricing_engine.retention.rates import share
from pricing_engine.retention.valued import ValuedLedger

_EPOCH: Final = date(1970, 1, 1).toordinal()
_EPOCH_MONTHS: Final = 1970 * 12


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


def cohorts_of(book: ValuedLedger, span: CohortSpan, *, until: date) -> list[Cohort]:
    """The cohorts that began by a day, oldest first, at the ends of the spans that are over by it.

    A customer begins on the first day on which it has something. One that is not over yet is left out.
    """
    columns, began = book.ledger.columns, book.began
    has_begun = began <= until.toordinal()
    starts, place_of, customers = np.unique(_span_of(began[has_begun], span), return_inverse=True, return_counts=True)
    cohort = np.full(len(began), -1, np.int64)
    cohort[has_begun] = place_of
    over = int(_span_of(np.array([until.toordinal() + 1]), span)[0])
    spans = max(over - int(starts[0]), 0) + 1 if len(starts) else 1  # those that are over, and the one that is not
    inside = np.flatnonzero((columns.day <= until.toordinal()) & (cohort[columns.account] >= 0))
    first = cohort[columns.account[inside]]
    since = _span_of(columns.day[inside], span) - starts[first]
    moved = sums_in(first * spans + since, book.amounts[inside], len(starts) * spans).reshape(len(starts), spans)
    return [
        Cohort(_start(start, span), count, _arr(of_cohort[: over - start].tolist(), book))
        for start, count, of_cohort in zip(starts.tolist(), customers.tolist(), moved, strict=True)
        if start < over
    ]


def _span_of(days: Ints, span: CohortSpan) -> Ints:
    """The number of the span a day is in, counted from year 1."""
    months = (days.astype(np.int64) - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return (months + _EPOCH_MONTHS) // span.months


def _start(number: int, span: CohortSpan) -> date:
    """The first day of a span."""
    year, month = divmod(number * span.months, 12)
    return date(year, month + 1, 1)


def _arr(moved: Sequence[int], book: ValuedLedger) -> tuple[Decimal, ...]:
    """What there is at the end of each span."""
    return tuple([book.money(total) for total in accumulate(moved)])
