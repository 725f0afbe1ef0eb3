"""The ledger in one currency: every movement of recurring revenue, and the terms that ended without anybody acting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.retention.movements import ArrKind, Cause, Driver, moved


class Entry(NamedTuple):
    """A movement of one contract's product line from `day` on; `quote` is the one that moved it, if any did.

    A product line is a product; the tiers of a ladder are one, that of its platform (N2). Units: those of the ledger.
    """

    account: str
    contract: str
    product_line: str
    quote: str | None
    day: date
    kind: ArrKind
    driver: Driver | None
    cause: Cause
    currency: str
    amount: Decimal


def with_lapses(entries: Iterable[Entry], ends: Mapping[str, date]) -> Iterator[Entry]:
    """The entries, and the churn of contracts whose last term has ended: the ledger says so only once they come back.

    Shape: `ends` are the first days without those contracts, by id.
    Source: N4, P25.
    """
    left: dict[tuple[str, str, str, str], Decimal] = {}
    for each in entries:
        yield each
        ended = ends.get(each.contract)
        if ended is not None and each.day <= ended:
            key = each.account, each.contract, each.product_line, each.currency
            left[key] = left.get(key, ZERO) + each.amount
    for (account, contract, product_line, currency), amount in left.items():
        if amount:
            lapse = moved(ends[contract], "", product_line, Cause.CHURN, -amount)
            yield Entry(
                *(account, contract, product_line, None, lapse.day, lapse.kind, lapse.driver, lapse.cause),
                *(currency, lapse.amount),
            )


def converted(entries: Iterable[Entry], convert: Callable[[str, Decimal], Decimal]) -> Iterator[Entry]:
    """The entries in one currency, each by how much more the position it leads to comes to, so bridges close (N3).

    So positions are what they convert to, and nothing left is nothing: of entries rounded one by one a cent may stay,
    and with it a customer who has left. Shape: the entries of each contract in order of time.
    """
    reached: dict[tuple[str, str, str], Decimal] = {}
    for each in entries:
        key = each.contract, each.product_line, each.currency
        before = reached.get(key, ZERO)
        reached[key] = after = before + each.amount
        yield each._replace(amount=convert(each.currency, after) - convert(each.currency, before))


def of_customers(entries: Iterable[Entry]) -> list[Entry]:
    """The entries by customer and day, told as the customer's: contracts side by side are one customer's (N4).

    A further contract of a customer is cross-sell, one of several given up is partial churn, one of several that comes
    back is won back, and whoever had left and buys anew has come back (N7). Who had nothing is new with whatever makes
    it something, such as a trial that is bought; who has nothing left is lost, whatever took it.
    """
    by_account: dict[str, dict[date, list[Entry]]] = {}
    for each in entries:
        by_account.setdefault(each.account, {}).setdefault(each.day, []).append(each)
    told: list[Entry] = []
    for days in by_account.values():
        before, was_there = ZERO, False
        for day in sorted(days):
            after = before + sum([each.amount for each in days[day]], ZERO)
            told += [_told(each, before, after, was_there=was_there) for each in days[day]]
            before, was_there = after, was_there or after > 0
    return told


def returned_as_new(entries: Iterable[Entry], left: Mapping[str, date]) -> Iterator[Entry]:
    """The entries, with what brought customers back after the day on which they left for long told as new (N7)."""
    for each in entries:
        day = left.get(each.account)
        is_back = day is not None and each.day > day and each.kind is ArrKind.REACTIVATION
        yield _as(each, Cause.NEW_BUSINESS) if is_back else each


def _told(each: Entry, before: Decimal, after: Decimal, *, was_there: bool) -> Entry:
    if not before and after and each.amount > 0:
        return _as(each, Cause.REACTIVATION if was_there else Cause.NEW_BUSINESS)
    if before and not after and each.amount < 0:
        return _as(each, Cause.CHURN)
    if each.kind is ArrKind.NEW and before:
        return _as(each, Cause.CROSS_SELL)
    if each.kind is ArrKind.REACTIVATION and before:
        return each._replace(kind=ArrKind.EXPANSION)
    if each.kind is ArrKind.CHURN and after:
        return _as(each, Cause.PARTIAL_CHURN)
    return each


def _as(each: Entry, cause: Cause) -> Entry:
    told = moved(each.day, "", each.product_line, cause, each.amount)
    return each._replace(kind=told.kind, driver=told.driver, cause=told.cause)
