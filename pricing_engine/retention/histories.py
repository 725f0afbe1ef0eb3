"""Imported histories: what a month of revenue moves against the one before it, and where contracts take over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from pricing_engine.money import ZERO, Currency, allocate, exact_arithmetic, round_money
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, ArrMovement, Cause, moved, moved_at_midpoint

ALL_PRODUCTS: Final = "(all products)"
"""The product line of a history whose table does not tell products apart; no product has such an id."""

_MONTHS: Final = Decimal(12)
_BEGINS: Final = (Cause.NEW_BUSINESS, Cause.REACTIVATION)


class LineMonth(NamedTuple):
    """What a customer paid for a product line in the month that begins on a day, and for how many units if known.

    Units: its currency, a month.
    """

    month: date
    mrr: Decimal
    quantity: Decimal | None = None

    def per_year(self, currency: Currency) -> Decimal:
        """The recurring revenue of a year at this. Rounds: half up to the currency's minor unit."""
        return round_money(self.mrr * _MONTHS, currency)


class Takeover(NamedTuple):
    """The first day on which contracts of a customer are worth something, and what they come to on it by product.

    `booked` is the day on which they were agreed.
    """

    day: date
    booked: date
    lines: Mapping[str, Decimal]


def history_id(account: str) -> str:
    """What stands for the contract in the ledger of a history; the id of a contract has no colon."""
    return f"history:{account}"


def movements_of_line(product: str, months: Iterable[LineMonth], *, currency: Currency) -> Iterator[ArrMovement]:
    """What each month of a product line moves against the one before it, on its first day.

    Where both quantities are known it is volume and price (N5); where only money is, it is not said to be either. What
    is new, back or lost to the customer is told when the ledger is read. Shape: months that follow each other.
    """
    before: LineMonth | None = None
    was_there = False
    for each in months:
        was, now = ZERO if before is None else before.per_year(currency), each.per_year(currency)
        if was and now:
            yield from _changed(product, before or each, each, now - was, currency)
        elif now:
            cause = Cause.REACTIVATION if was_there else Cause.NEW_BUSINESS
            yield moved(each.month, product, product, cause, now)
        elif was:
            yield moved(each.month, product, product, Cause.CHURN, -was)
        before, was_there = each, was_there or now > 0


def _changed(
    product: str, before: LineMonth, each: LineMonth, difference: Decimal, currency: Currency
) -> Iterator[ArrMovement]:
    if before.quantity and each.quantity:
        nets = before.mrr * _MONTHS, each.mrr * _MONTHS
        quantities = before.quantity, each.quantity
        yield from moved_at_midpoint(each.month, product, product, quantities, nets, currency=currency)
    elif difference:
        yield moved(each.month, product, product, Cause.PRICE_OR_VOLUME, difference)


def swaps_told(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, with a product that ended as its successor began told as contracts tell a swap (N2).

    What the line they are both of gains or loses with it is told when the ledger is read. Shape: product lines are
    those of the rules; entries of an account and day together.
    """
    for _, of_day in groupby(entries, lambda each: (each.account, each.day)):
        found = list(of_day)
        lost = {each.product_line for each in found if each.cause is Cause.CHURN}
        begun = {each.product_line for each in found if each.cause in _BEGINS}
        for each in found:
            if each.cause is Cause.CHURN and each.product_line in begun:
                yield _as(each, Cause.PARTIAL_CHURN)
            elif each.cause in _BEGINS and each.product_line in lost:
                yield _as(each, Cause.CROSS_SELL)
            else:
                yield each


def _as(each: Entry, cause: Cause) -> Entry:
    told = moved(each.day, "", each.product_line, cause, each.amount)
    return each._replace(kind=told.kind, driver=told.driver, cause=told.cause)


def taken_over(entries: Iterable[Entry], begun: Mapping[str, Takeover]) -> Iterator[Entry]:
    """The entries of histories up to the day on which contracts take over, and what ends them on it.

    A history that does not tell products apart is told in the proportions of the contracts that take it over: else all
    of it would be a product lost, and all of them products won. Shape: entries of one account together, in order of
    time; `begun` is by account.
    """
    for account, found in groupby(entries, lambda each: each.account):
        if (takeover := begun.get(account)) is None:
            yield from found
        else:
            with exact_arithmetic():  # what quantities move by themselves may have more digits than any revenue
                ended = list(_ended([each for each in found if each.day < takeover.day], takeover))
            yield from ended


def with_history_taken_over(entries: Sequence[Entry], sold: Sequence[Entry]) -> Sequence[Entry]:
    """The entries, with the history of an account ended on the first day of what is sold to it, unless it is over.

    Shape: `sold` are of one account.
    """
    day = min((each.day for each in sold), default=None)
    lines: dict[str, Decimal] = {}
    for each in sold:
        if each.day == day:
            lines[each.product_line] = lines.get(each.product_line, ZERO) + each.amount
    if day is None or min(lines.values()) < 0:  # less of a contract that is there, which has taken it over before
        return entries
    own = history_id(sold[0].account)
    history = taken_over(
        [each for each in entries if each.contract == own], {sold[0].account: Takeover(day, day, lines)}
    )
    return [*[each for each in entries if each.contract != own], *history]


def _ended(entries: Sequence[Entry], takeover: Takeover) -> Iterator[Entry]:
    left: dict[str, tuple[Entry, Decimal]] = {}
    for each in _by_product(entries, takeover.lines):
        yield each
        _, amount = left.get(each.product_line, (each, ZERO))
        left[each.product_line] = each, amount + each.amount
    for each, amount in left.values():
        if amount:
            yield _handed_over(each._replace(day=takeover.day, amount=-amount), ArrKind.CONTRACTION)


def _by_product(entries: Iterable[Entry], lines: Mapping[str, Decimal]) -> Iterator[Entry]:
    """What is of all products told apart in proportions; positions are split, so that nothing left is nothing of each.

    Rounds: largest remainder, in the last digit the amounts have.
    """
    total, parts = ZERO, (ZERO,) * len(lines)
    weights = [max(each, ZERO) for each in lines.values()]  # a ledger that somebody damaged may have less than nothing
    for each in entries:
        if each.product_line != ALL_PRODUCTS:
            yield each
            continue
        total += each.amount
        after = allocate(total, weights, Decimal((0, (1,), int(each.amount.as_tuple().exponent))))
        for product, was, now in zip(lines, parts, after, strict=True):
            if now != was:
                yield each._replace(product_line=product, amount=now - was)
        parts = after


def _handed_over(each: Entry, kind: ArrKind) -> Entry:
    return _as(each, Cause.HANDOVER)._replace(kind=kind)
