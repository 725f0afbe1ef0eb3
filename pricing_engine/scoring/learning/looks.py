"""A fact as the leak detector looks at it: as a few codes, over the deals that tell something (S5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from pricing_engine.scoring.evaluation import Suspicion
from pricing_engine.scoring.learning.columns import WON, Column, Columns, Flags, NumberColumn, Numbers, Whole
from pricing_engine.scoring.learning.intervals import Range, share, voices

_BINS: Final = 30
_OWN_CODE: Final = 0.01
_MOST_OWN: Final = 60
_DAYS_A_MONTH: Final = 30


class Coded(NamedTuple):
    """A fact as codes from 1 on, with names; 0 where it is not known. Ranges of numbers have a name with `..`."""

    codes: Whole
    names: tuple[str, ...]


class Look(NamedTuple):
    """One fact over all deals. `errors` is how many standard errors count, corrected for how often is looked."""

    fact: str
    column: Column
    coded: Coded
    columns: Columns
    errors: float

    @property
    def is_known(self) -> Flags:
        """Where it is."""
        return self.coded.codes > 0

    def share(self, of: Flags, among: Flags) -> Range:
        """The share of deals that something is true of, where an account counts as one voice."""
        count = int(among.sum())
        rate = (of & among).sum() / max(count, 1)
        say = voices(self.columns.accounts, among) if count else 0.0
        return share(rate * say, say, errors=self.errors)


class Found(NamedTuple):
    """What a check found: how bad, in words with figures, and how to mend it."""

    suspicion: Suspicion
    check: str
    why: str
    fix: str


Check = Callable[[Look], Found | None]


class Sides(NamedTuple):
    """The decided deals: which they are, which of them were won, and which lost."""

    decided: Flags
    won: Flags
    lost: Flags


def sides(columns: Columns) -> Sides:
    """The sides of all deals."""
    decided = columns.is_decided
    is_won = columns.outcome == WON
    return Sides(decided, decided & is_won, decided & ~is_won)


def coded(column: Column) -> Coded:
    """Words as they are; of a number each value that is frequent, and ranges of all others."""
    if not isinstance(column, NumberColumn):
        return Coded(column.codes + 1, ("not known", *column.words))
    known = column.is_known
    values = column.values[known]
    codes = np.zeros(len(known), dtype=np.int64)
    if not len(values):
        return Coded(codes, ("not known",))
    distinct, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    own = counts >= _OWN_CODE * len(values) if len(distinct) > _MOST_OWN else np.ones(len(distinct), dtype=np.bool_)
    names = ["not known", *(f"{value:g}" for value in distinct[own])]
    number = np.where(own, np.cumsum(own), 0)
    ranged = ~own[place]
    of_known = number[place]
    if ranged.any():
        edges = np.unique(np.quantile(values[ranged], np.linspace(0, 1, _BINS + 1)[1:-1]))
        of_known[ranged] = len(names) + np.searchsorted(edges, values[ranged], side="right")
        names += [f"{low:g}..{high:g}" for low, high in zip([-np.inf, *edges], [*edges, np.inf], strict=True)]
    codes[known] = of_known
    return Coded(codes, tuple(names))


def months_of(days: Whole) -> Whole:
    """Months of about the same length, numbered from that of the first day."""
    months: Whole = (days - days.min()) // _DAYS_A_MONTH
    return months


def expected_of_like_age(columns: Columns, decided: Flags, is_open: Flags) -> tuple[Numbers, Flags]:
    """For each decided deal how many open ones it stands for: those created in its month; and the open ones compared.

    So that a deal is compared only with those of its age: both have been there to be filled in for as long.
    """
    months = months_of(columns.created)
    count = int(months.max()) + 1
    of_decided = np.bincount(months[decided], minlength=count)
    of_open = np.bincount(months[is_open], minlength=count)
    stands_for = np.where(of_decided > 0, of_open / np.maximum(of_decided, 1), 0.0)
    return np.where(decided, stands_for[months], 0.0), is_open & (of_decided[months] > 0)
