"""The ledger as a table: what each customer has at the ends of months in a row, and what was known of its terms."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pricing_engine.money import Currency
from pricing_engine.periods import add_months, months_between
from pricing_engine.retention.ledger import Entry

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_MONTHS: Final = 120
"""History that is older says little of the coming year."""

UNKNOWN, WITHIN, DUE = range(3)
"""What is known of a customer's terms before a month begins: nothing; that none of them ends in it; that one does."""


class Term(NamedTuple):
    """A term of a customer's contract: `end` is the first day after it. It counts from the day it was `known`, until
    another one was in its place (None: none was). `renewed` is the day on which it was known what follows it."""

    account: str
    end: date
    known: date
    replaced: date | None = None
    renewed: date | None = None

    def runs(self, on: date) -> bool:
        """Whether it was known on a day, and was to end later."""
        return self.known <= on < self.end and (self.replaced is None or self.replaced > on)


class Panel(NamedTuple):
    """Customers by the ends of months. Units: `arr` in the major unit of the ledger's currency.

    Shape: `arr` has a row for each account and a column for each end; `terms` the same for each month, `segment` the
    place in `segments` of each account.
    """

    accounts: Sequence[str]
    ends: Sequence[date]
    arr: Floats
    terms: Ints
    segments: Sequence[str]
    segment: Ints

    @property
    def months(self) -> int:
        """How many there are."""
        return len(self.ends) - 1

    def until(self, months: int) -> Panel:
        """The first so many months."""
        ends, arr, terms = self.ends[: months + 1], self.arr[:, : months + 1], self.terms[:, :months]
        return self._replace(ends=ends, arr=arr, terms=terms)


def panel_of(
    entries: Sequence[Entry], terms: Sequence[Term], names: Mapping[str, str], *, until: date, currency: Currency
) -> Panel:
    """The panel of all whole months of the ledger that end by a day; `names` are the segments by account.

    Amounts are summed as whole minor units, so that who has nothing has exactly nothing.
    """
    first = min([each.day for each in entries], default=until)
    months = min(MOST_MONTHS, max(0, months_between(first, until)))
    ends = [add_months(until, number - months) for number in range(months + 1)]
    accounts = sorted({each.account for each in entries if each.day <= until})
    place = {account: number for number, account in enumerate(accounts)}
    moved = np.zeros((len(accounts), months + 1), np.int64)
    for each in entries:
        if each.day <= until:
            moved[place[each.account], bisect_left(ends, each.day)] += int(each.amount * currency.units)
    segments = sorted({names[account] for account in accounts})
    segment = np.array([segments.index(names[account]) for account in accounts], np.int64)
    known = np.full((len(accounts), months), UNKNOWN, np.int64)
    panel = Panel(accounts, ends, moved.cumsum(axis=1) / currency.units, known, segments, segment)
    for month, (start, end) in enumerate(pairwise(ends)):
        # Also of terms that were renewed ahead: else only those would be due that were late, or lost.
        known[:, month] = _marked(panel, [each for each in terms if each.runs(start)], [end])[:, 0]
    return panel


def coming_terms(panel: Panel, terms: Iterable[Term], *, on: date, ends: Sequence[date]) -> Ints:
    """What is known on a day of each customer's terms in the months that follow and end so.

    One that is renewed already is due no more. Whoever has a term end is within the next one after, if it stays.
    """
    running = [each for each in terms if each.runs(on)]
    renewed = [each._replace(end=date.max) if each.renewed and each.renewed <= on else each for each in running]
    return _marked(panel, renewed, ends)


def _marked(panel: Panel, running: Sequence[Term], ends: Sequence[date]) -> Ints:
    known = np.full((len(panel.accounts), len(ends)), UNKNOWN, np.int64)
    place = {account: number for number, account in enumerate(panel.accounts)}
    found = [(place[each.account], bisect_left(ends, each.end)) for each in running if each.account in place]
    for account, _ in found:
        known[account] = WITHIN
    for account, month in found:
        if month < len(ends):
            known[account, month] = DUE
    return known
