"""The ledger told as the customers': with terms that ended by themselves, and contracts side by side as one (N4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from pricing_engine.retention.columns import (
    CAUSE_NUMBERS,
    DRIVER_NUMBERS,
    KIND_NUMBERS,
    NEVER,
    Columns,
    Ints,
    Named,
    columns_of,
)
from pricing_engine.retention.grouped import Runs, runs_of
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import DRIVERS_OF, KINDS_OF, ArrKind, Cause


@dataclass(frozen=True)
class Ledger:
    """Movements by account, product line, contract, currency and day, and what each position has reached with them.

    Units: as `Columns`; `reached` likewise.
    """

    named: Named
    columns: Columns
    reached: Ints

    @cached_property
    def by_line(self) -> Runs:
        """The movements of each product line of each account."""
        return runs_of(self.columns.account, self.columns.line)

    @cached_property
    def by_account(self) -> Runs:
        """The movements of each account."""
        return runs_of(self.columns.account)

    def of_account(self, account_id: str) -> Ledger:
        """The movements of one account."""
        number = self.named.accounts.get(account_id, -1)
        places = slice(*np.searchsorted(self.columns.account, (number, number + 1)))
        return Ledger(self.named, self.columns.take(places), self.reached[places])


def ledger_of(entries: Iterable[Entry], ends: Mapping[str, date], *, named: Named | None = None) -> Ledger:
    """The ledger of entries in order of contract and time; `ends` are the first days without contracts that ended."""
    names = named or Named.nothing()
    columns = columns_of(entries, names)
    days = np.full(len(names.contracts), NEVER, np.int32)
    for contract, day in ends.items():
        if contract in names.contracts:
            days[names.contracts[contract]] = day.toordinal()
    return tell(columns, names, days)


def tell(stored: Columns, named: Named, ends: Ints) -> Ledger:
    """The ledger of movements, those of each contract in order of time and those of one day as they were booked.

    Shape: `ends` are the first days without contracts, by their numbers.
    """
    told = _as_customers(Columns.joined([stored, _lapses(stored, ends)]))
    # Stable: within a position the order of days, and within a day that of bookings, is kept.
    told = told.take(np.lexsort((told.currency, told.contract, told.line, told.account)))
    positions = runs_of(told.account, told.line, told.contract, told.currency)
    return Ledger(named, told, positions.running(told.amount))


def with_accounts_anew(ledger: Ledger, again: Ledger, accounts: Ints) -> Ledger:
    """The ledger with all that is told of some accounts replaced by what another says of them; the same names."""
    is_other = ~np.isin(ledger.columns.account, accounts)
    columns = Columns.joined([ledger.columns.take(is_other), again.columns])
    order = np.argsort(columns.account, kind="stable")
    reached = np.concatenate([ledger.reached[is_other], again.reached])
    return Ledger(ledger.named, columns.take(order), reached[order])


def _lapses(stored: Columns, ends: Ints) -> Columns:
    """The churn of contracts whose last term has ended: the ledger says so only once they come back (P25)."""
    ended = ends[stored.contract]
    counted = stored.take((ended < NEVER) & (stored.day <= ended))
    counted = counted.take(np.lexsort((counted.currency, counted.line, counted.contract, counted.account)))
    positions = runs_of(counted.account, counted.contract, counted.line, counted.currency)
    left = positions.sum(counted.amount)
    lost = counted.take(positions.starts)._replace(amount=-left)
    lost = _retold(lost._replace(day=ends[lost.contract].astype(np.int32)), np.ones(lost.size, bool), Cause.CHURN)
    # Nobody has booked it, so it is no part of what was signed.
    return lost._replace(quote=np.full(lost.size, None, object), booked=np.full(lost.size, NEVER)).take(left != 0)


def _swaps(columns: Columns) -> Columns:
    """The movements, with a product given up for its successor told by what the line gains or loses with it (N2).

    Within one product nothing is both bought and given up on a day, so where both happen one has replaced the other.
    """
    lost = columns.cause == CAUSE_NUMBERS[Cause.PARTIAL_CHURN]
    bought = columns.cause == CAUSE_NUMBERS[Cause.CROSS_SELL]
    if not (lost.any() and bought.any()):
        return columns
    columns = columns.take(np.lexsort((columns.day, columns.line, columns.contract, columns.account)))
    lost, bought = (columns.cause == CAUSE_NUMBERS[each] for each in (Cause.PARTIAL_CHURN, Cause.CROSS_SELL))
    days = runs_of(columns.account, columns.contract, columns.line, columns.day)
    is_swap = ((days.sum(lost.astype(np.int32)) > 0) & (days.sum(bought.astype(np.int32)) > 0))[days.of]
    moves = is_swap & (lost | bought)
    gains = days.sum(np.where(moves, columns.amount, 0))[days.of] > 0
    columns = _retold(columns, moves & gains, Cause.TIER_UPGRADE, kind=ArrKind.EXPANSION)
    return _retold(columns, moves & ~gains, Cause.PARTIAL_CHURN, kind=ArrKind.CONTRACTION)


def _as_customers(columns: Columns) -> Columns:
    """The movements by account and day, told as `retention.ledger.of_customers` has it."""
    columns = _swaps(columns)
    columns = columns.take(np.lexsort((columns.day, columns.account)))
    days = runs_of(columns.account, columns.day)
    accounts = runs_of(columns.account[days.starts])
    moved = days.sum(columns.amount)
    after = accounts.running(moved)
    was_there = accounts.running((after > 0).astype(np.int32)) - (after > 0) > 0
    before, after, was_there = (each[days.of] for each in (after - moved, after, was_there))
    had, has, more = before != 0, after != 0, columns.amount > 0
    columns, handed_over = _handovers(columns, days, moved)
    kind, is_open = columns.kind, ~handed_over
    for which, cause in (
        (~had & has & more & was_there, Cause.REACTIVATION),
        (~had & has & more, Cause.NEW_BUSINESS),
        (had & ~has & (columns.amount < 0), Cause.CHURN),
        ((kind == KIND_NUMBERS[ArrKind.NEW]) & had, Cause.CROSS_SELL),
        ((kind == KIND_NUMBERS[ArrKind.REACTIVATION]) & had, None),
        ((kind == KIND_NUMBERS[ArrKind.CHURN]) & has, Cause.PARTIAL_CHURN),
    ):
        columns = _retold(columns, is_open & which, cause)
        is_open &= ~which
    return columns


def _handovers(columns: Columns, days: Runs, moved: Ints) -> tuple[Columns, Ints]:
    """The movements, and which are of a day on which contracts took a history over: those are told by what it gains.

    So what was paid before and is under contract now is neither cross-sell nor churn.
    """
    is_handover = columns.cause == CAUSE_NUMBERS[Cause.HANDOVER]
    handed_over = (days.sum(is_handover.astype(np.int32)) > 0)[days.of]
    gains = (moved >= 0)[days.of]
    columns = _retold(columns, handed_over & gains, Cause.HANDOVER, kind=ArrKind.EXPANSION)
    return _retold(columns, handed_over & ~gains, Cause.HANDOVER, kind=ArrKind.CONTRACTION), handed_over


def _retold(columns: Columns, which: Ints, cause: Cause | None, *, kind: ArrKind | None = None) -> Columns:
    """Some movements as of another cause, with its driver, and of a kind or that of the cause.

    A cause of None: as before, and more of what was there.
    """
    if cause is None:
        return columns._replace(kind=np.where(which, KIND_NUMBERS[ArrKind.EXPANSION], columns.kind))
    by_sign = np.where(columns.amount > 0, KIND_NUMBERS[ArrKind.EXPANSION], KIND_NUMBERS[ArrKind.CONTRACTION])
    kind = kind or KINDS_OF.get(cause)
    kinds = by_sign if kind is None else KIND_NUMBERS[kind]
    return columns._replace(
        kind=np.where(which, kinds, columns.kind),
        driver=np.where(which, DRIVER_NUMBERS[DRIVERS_OF[cause]], columns.driver),
        cause=np.where(which, CAUSE_NUMBERS[cause], columns.cause),
    )
