"""The ledger as a table: what each customer has at the ends of months in a row, and what was known of its terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pricing_engine.money import Currency
from pricing_engine.periods import months_between
from pricing_engine.retention.columns import NEVER, Ints
from pricing_engine.retention.rates import months_before

Floats = NDArray[np.float64]

MOST_MONTHS: Final = 120
"""History that is older says little of the coming year."""

TERM_STATES: Final = 4
UNKNOWN, WITHIN, DUE, RENEWING = range(TERM_STATES)
"""What is known of a customer's terms before a month begins: nothing; that none of them ends in it; that one does; that
only such do as renew by themselves."""


class Term(NamedTuple):
    """A term of a customer's contract: `end` is the first day after it. It counts from the day it was `known`, until
    another one was in its place (None: none was). `renewed` is the day on which it was known what follows it."""

    account: str
    end: date
    known: date
    replaced: date | None = None
    renewed: date | None = None
    renews_itself: bool = False


class Terms(NamedTuple):
    """Terms in columns: the row of the customer in a panel, and days as ordinals, NEVER for none."""

    row: Ints
    end: Ints
    known: Ints
    replaced: Ints
    renewed: Ints
    renews_itself: Ints

    def running(self, on: date) -> Terms:
        """Those that were known on a day, and were to end later."""
        day = on.toordinal()
        runs = (self.known <= day) & (day < self.end) & (day < self.replaced)
        return Terms._make([column[runs] for column in self])


class Moves(NamedTuple):
    """Movements in columns: who moved, as a number of `accounts`, on which ordinal day, by how many minor units.

    Shape: `segment` is the place in `segments` of each account, by its number.
    """

    accounts: Sequence[str]
    account: Ints
    day: Ints
    amount: Ints
    segments: Sequence[str]
    segment: Ints


class Panel(NamedTuple):
    """Customers by the ends of months. Units: `arr` in the major unit of the ledger's currency.

    Shape: `arr` has a row for each account and a column for each end; `due` the same for each month, what was known of
    its terms as it began; `segment` is the place in `segments` of each account.
    """

    accounts: Sequence[str]
    ends: Sequence[date]
    arr: Floats
    due: Ints
    terms: Terms
    segments: Sequence[str]
    segment: Ints

    @property
    def months(self) -> int:
        """How many there are."""
        return len(self.ends) - 1

    @property
    def customers(self) -> Sequence[str]:
        """Those that have something at the last end: whose retention it is, whatever is offered to others."""
        return [self.accounts[row] for row in np.flatnonzero(self.arr[:, -1] > 0).tolist()]

    def until(self, months: int) -> Panel:
        """The first so many months. Of terms those remain that were known later: `coming_terms` leaves them out."""
        ends, arr, due = self.ends[: months + 1], self.arr[:, : months + 1], self.due[:, :months]
        return self._replace(ends=ends, arr=arr, due=due)


def panel_of(moves: Moves, terms: Iterable[Term], *, until: date, currency: Currency) -> Panel:
    """The panel of all whole months of the ledger that end by a day, of who has moved by then, by their names.

    Amounts are summed as whole minor units, so that who has nothing has exactly nothing.
    """
    there = moves.day <= until.toordinal()
    first = date.fromordinal(int(moves.day[there].min())) if there.any() else until
    months = min(MOST_MONTHS, months_between(first, until))
    ends = [months_before(until, months - number) for number in range(months + 1)]
    numbers = np.array(sorted(set(moves.account[there].tolist()), key=moves.accounts.__getitem__), np.int64)
    row = np.zeros(len(moves.accounts), np.int64)
    row[numbers] = np.arange(len(numbers))
    moved = np.zeros((len(numbers), months + 1), moves.amount.dtype)
    month = np.searchsorted([end.toordinal() for end in ends], moves.day[there])
    np.add.at(moved, (row[moves.account[there]], month), moves.amount[there])
    arr = (moved.cumsum(axis=1) / currency.units).astype(np.float64)
    accounts = [moves.accounts[number] for number in numbers]
    agreed = _columns_of(terms, accounts)
    due = np.full((len(numbers), months), UNKNOWN)
    for number, (start, end) in enumerate(pairwise(ends)):
        # Also of terms that were renewed ahead: else only those would be due that were late, or lost.
        due[:, number] = _marked(len(numbers), agreed.running(start), [end])[:, 0]
    return Panel(accounts, ends, arr, due, agreed, moves.segments, moves.segment[numbers])


def coming_terms(panel: Panel, *, on: date, ends: Sequence[date]) -> Ints:
    """What is known on a day of each customer's terms in the months that follow and end so.

    One that is renewed already is due no more. Whoever has a term end is within the next one after, if it stays.
    """
    running = panel.terms.running(on)
    end = np.where(running.renewed <= on.toordinal(), NEVER, running.end)
    return _marked(len(panel.accounts), running._replace(end=end), ends)


def _marked(count: int, running: Terms, ends: Sequence[date]) -> Ints:
    known = np.full((count, len(ends)), UNKNOWN)
    known[running.row] = WITHIN
    month = np.searchsorted([end.toordinal() for end in ends], running.end)
    inside = month < len(ends)
    for becomes, which in (
        (RENEWING, inside & (running.renews_itself == 1)),
        (DUE, inside & (running.renews_itself == 0)),
    ):
        known[running.row[which], month[which]] = becomes
    return known


def _columns_of(terms: Iterable[Term], accounts: Sequence[str]) -> Terms:
    row = {account: number for number, account in enumerate(accounts)}
    rows = [
        (row[each.account], each.end.toordinal(), each.known.toordinal(), *_days(each), each.renews_itself)
        for each in terms
        if each.account in row
    ]
    return Terms(*np.array(rows, np.int64).reshape(-1, len(Terms._fields)).T)


def _days(term: Term) -> tuple[int, int]:
    return (term.replaced or date.max).toordinal(), (term.renewed or date.max).toordinal()
