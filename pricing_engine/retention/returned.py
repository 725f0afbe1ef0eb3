"""Customers who had nothing for so long that their return counts as new (N7)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pricing_engine.retention.columns import CAUSE_NUMBERS, DRIVER_NUMBERS, KIND_NUMBERS, NEVER, Columns, Ints
from pricing_engine.retention.grouped import runs_of
from pricing_engine.retention.movements import ArrKind, Cause
from pricing_engine.retention.rates import Window
from pricing_engine.retention.valued import ValuedLedger


class Returned(NamedTuple):
    """The movements, with what brought customers back after long told as new, and the day each such customer left.

    Shape: `left` by number of account, NEVER for all others; None: nobody counts so.
    """

    columns: Columns
    left: Ints | None

    def has(self, accounts: Ints) -> Ints:
        """Which of some accounts returned after long."""
        return np.zeros(len(accounts), bool) if self.left is None else self.left[accounts] < NEVER

    def is_over(self, columns: Columns) -> Ints:
        """Which movements are later than the day on which their customer left."""
        return np.zeros(columns.size, bool) if self.left is None else columns.day > self.left[columns.account]


def returned_after(book: ValuedLedger, window: Window, *, gap_days: int | None) -> Returned:
    """Who had nothing for more than so many days of a window and came back within it; None: nobody."""
    columns = book.ledger.columns
    if gap_days is None:
        return Returned(columns, None)
    left = _left(book, window, gap_days)
    is_new = (columns.day > left[columns.account]) & (columns.kind == KIND_NUMBERS[ArrKind.REACTIVATION])
    told = columns._replace(
        kind=np.where(is_new, KIND_NUMBERS[ArrKind.NEW], columns.kind),
        driver=np.where(is_new, DRIVER_NUMBERS[None], columns.driver),
        cause=np.where(is_new, CAUSE_NUMBERS[Cause.NEW_BUSINESS], columns.cause),
    )
    return Returned(told, left)


def _left(book: ValuedLedger, window: Window, gap_days: int) -> Ints:
    """The first day of the first such time with nothing, between two times with something, of each account."""
    columns = book.ledger.columns.take(book.in_time)
    day = np.maximum(columns.day, window.opening.toordinal())  # what was before the window is one day of it
    days = runs_of(columns.account, day)
    account, day = columns.account[days.starts], day[days.starts]
    moved = days.sum(book.amounts[book.in_time])
    after = runs_of(account).running(moved)
    before = after - moved
    place = np.arange(len(day))
    gone_at = np.maximum.accumulate(np.where((before != 0) & (after == 0), place, -1))
    is_back = (after != 0) & (before == 0) & (gone_at >= 0)
    is_back &= (account[gone_at] == account) & (day - day[gone_at] > gap_days)
    left = np.full(len(book.ledger.named.accounts), NEVER, np.int32)
    left[account[is_back][::-1]] = day[gone_at[is_back]][::-1]  # so that the first is the last that is written
    return left
