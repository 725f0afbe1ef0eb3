"""Which deals train and which test: as it would have been on the day of the cut, and no account on both sides (S9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from pricing_engine.scoring.evaluation import Split
from pricing_engine.scoring.learning.columns import WON, Columns, Flags

LEAST_DECIDED: Final = 200
LEAST_OF_EITHER: Final = 50
LEAST_TESTED: Final = 50
LEAST_TESTED_OF_EITHER: Final = 15
LEAST_ACCOUNTS: Final = 10
"""Intervals are drawn anew by account: of fewer they are too narrow."""
TEST_SHARE: Final = 0.25
FOLDS: Final = 5


class Parts(NamedTuple):
    """The decided deals closed before the cut, and those created from it on."""

    cut: date
    train: Flags
    test: Flags


def split_at(columns: Columns, cut: date | None) -> Parts | None:
    """The parts of a cut; without one they are cut where a quarter of the decided deals was still to be created.

    None where none was decided.
    """
    decided = columns.is_decided
    if not decided.any():
        return None
    day = int(np.quantile(columns.created[decided], 1 - TEST_SHARE, method="lower")) if cut is None else cut.toordinal()
    return Parts(date.fromordinal(day), decided & (columns.closed < day), decided & (columns.created >= day))


def too_few(columns: Columns, parts: Parts) -> str | None:
    """Why there is too little to judge a chance to win, in words; None where there is enough."""
    is_won = columns.outcome == WON
    trained, tested = (len(np.unique(columns.accounts[each])) for each in (parts.train, parts.test))
    needs = (
        ("decided deals", int(columns.is_decided.sum()), LEAST_DECIDED),
        ("won deals", int((columns.is_decided & is_won).sum()), LEAST_OF_EITHER),
        ("lost deals", int((columns.is_decided & ~is_won).sum()), LEAST_OF_EITHER),
        (f"won deals closed before {parts.cut}", int((parts.train & is_won).sum()), LEAST_OF_EITHER),
        (f"lost deals closed before {parts.cut}", int((parts.train & ~is_won).sum()), LEAST_OF_EITHER),
        (f"decided deals created from {parts.cut} on", int(parts.test.sum()), LEAST_TESTED),
        (f"won deals created from {parts.cut} on", int((parts.test & is_won).sum()), LEAST_TESTED_OF_EITHER),
        (f"lost deals created from {parts.cut} on", int((parts.test & ~is_won).sum()), LEAST_TESTED_OF_EITHER),
        (f"accounts of deals closed before {parts.cut}", trained, LEAST_ACCOUNTS),
        (f"accounts of decided deals created from {parts.cut} on", tested, LEAST_ACCOUNTS),
    )
    short = [f"{there:,} {what}, where {least} are needed" for what, there, least in needs if there < least]
    return f"too few deals: {'; '.join(short)}" if short else None


def folds(columns: Columns, parts: Parts) -> Iterator[tuple[Flags, Flags]]:
    """Pairs of training and test deals without a common account; each test deal is in one of them.

    Accounts are dealt out in turn. What trains for a fold leaves all deals of its accounts out, so that every test deal
    is judged by a model that has never seen its account.
    """
    for fold in range(FOLDS):
        own = columns.accounts % FOLDS == fold
        if (parts.test & own).any():
            yield parts.train & ~own, parts.test & own


def described(columns: Columns, parts: Parts) -> Split:
    """The parts in figures."""
    is_won = columns.outcome == WON
    ordinal = parts.cut.toordinal()
    train, test = (np.unique(columns.accounts[each]) for each in (parts.train, parts.test))
    shared = len(np.intersect1d(train, test))
    grouping = (
        f"accounts are dealt out to {FOLDS} groups, and each group is tested by a model trained without its accounts:"
        f" none is on both sides, and all {int(parts.test.sum()):,} test deals are left"
    )
    return Split(
        *(parts.cut, int(parts.train.sum()), len(train), int((parts.train & is_won).sum())),
        *(int(parts.test.sum()), len(test), int((parts.test & is_won).sum())),
        int((columns.is_decided & ~parts.train & ~parts.test).sum()),
        int((~columns.is_decided & (columns.created >= ordinal)).sum()),
        *(shared, grouping),
    )
