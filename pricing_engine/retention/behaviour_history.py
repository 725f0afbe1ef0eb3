"""What every account did day by day, and when its terms begin and end: what behaviour is compared by (N13)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, Cause, Driver


class Moves(NamedTuple):
    """What an account gave up of what it had, and bought more; changes of price are in neither. Neither is negative."""

    contraction: Decimal
    expansion: Decimal


@dataclass(frozen=True, slots=True)
class History:
    """An account's days on which something moved, in order, with its ARR at the end of each and what moved until then.

    `prices` is by how much each cause moved prices, by day. Units: the ledger's.
    """

    days: Sequence[date]
    arr: Sequence[Decimal]
    given_up: Sequence[Decimal]
    added: Sequence[Decimal]
    prices: Mapping[date, Mapping[Cause, Decimal]]

    def arr_on(self, day: date) -> Decimal:
        """ARR at the end of a day."""
        return _until(self.arr, bisect_right(self.days, day))

    def left_within(self, after: date, until: date) -> bool:
        """Whether it had nothing at the end of a day on which something moved, after a day and until one."""
        first, last = bisect_right(self.days, after), bisect_right(self.days, until)
        return not all(self.arr[first:last])

    def moves(self, after: date, until: date) -> Moves:
        """What moved after a day and until one."""
        first, last = bisect_right(self.days, after), bisect_right(self.days, until)
        given_up, added = (_until(sums, last) - _until(sums, first) for sums in (self.given_up, self.added))
        return Moves(max(-given_up, ZERO), max(added, ZERO))


def _until(sums: Sequence[Decimal], place: int) -> Decimal:
    return sums[place - 1] if place else ZERO


def histories_of(entries: Iterable[Entry]) -> dict[str, History]:
    """The history of each account."""
    by_account: dict[str, dict[date, list[Entry]]] = {}
    for each in entries:
        by_account.setdefault(each.account, {}).setdefault(each.day, []).append(each)
    return {account: _history(days) for account, days in by_account.items()}


def _history(moved: Mapping[date, Sequence[Entry]]) -> History:
    days = sorted(moved)
    return History(
        days,
        list(accumulate([sum([each.amount for each in moved[day]], ZERO) for day in days])),
        list(accumulate([_of_kind(moved[day], ArrKind.CONTRACTION) for day in days])),
        list(accumulate([_of_kind(moved[day], ArrKind.EXPANSION) for day in days])),
        {day: prices for day in days if (prices := _prices(moved[day]))},
    )


def _of_kind(entries: Iterable[Entry], kind: ArrKind) -> Decimal:
    return sum([each.amount for each in entries if each.kind is kind and each.driver is not Driver.PRICING], ZERO)


def _prices(entries: Iterable[Entry]) -> dict[Cause, Decimal]:
    """By how much each cause moved prices; what was planned and is taken back has moved nothing."""
    sums: dict[Cause, Decimal] = {}
    for each in entries:
        if each.driver is Driver.PRICING:
            sums[each.cause] = sums.get(each.cause, ZERO) + each.amount
    return {cause: amount for cause, amount in sums.items() if amount}


class Term(NamedTuple):
    """A booking of an account's contract: from when it is in force, the first day after its term, whether it renews it
    or cancels it."""

    account: str
    contract: str
    start: date
    end: date
    is_renewal: bool
    is_cancellation: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The bookings of each account in the order in which they take force, and the days on which it renewed."""

    booked: Mapping[str, Sequence[Term]]
    renewals: Mapping[str, frozenset[date]]

    def renews(self, account: str, day: date) -> bool:
        """Whether it renewed a contract from a day on."""
        return day in self.renewals.get(account, ())

    def end_within(self, account: str, after: date, until: date) -> bool:
        """Whether a term that is in force on a day, as known then, ends after it and until another."""
        known = {each.contract: each for each in self.booked.get(account, ()) if each.start <= after}
        return any(after < each.end <= until and not each.is_cancellation for each in known.values())

    def end_on(self, account: str, day: date) -> bool:
        """Whether a term ends so that a day is the first without it."""
        return any(each.end == day for each in self.booked.get(account, ()))


def terms_of(booked: Iterable[Term]) -> Terms:
    """The terms by account. Shape: the bookings of a contract in their order."""
    by_account: dict[str, list[Term]] = {}
    for each in booked:
        by_account.setdefault(each.account, []).append(each)
    for terms in by_account.values():
        terms.sort(key=lambda each: each.start)
    renewals = {
        account: frozenset([each.start for each in terms if each.is_renewal]) for account, terms in by_account.items()
    }
    return Terms(by_account, renewals)
