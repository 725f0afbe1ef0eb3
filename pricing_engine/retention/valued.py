"""The ledger in one currency, at the rates of a day (N3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from pricing_engine.money import EXACT, Currency
from pricing_engine.retention.columns import CAUSES, DECIMALS, DRIVERS, KINDS, NEVER, Columns, Ints, unbounded
from pricing_engine.retention.grouped import runs_of, sums_in
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.told import Ledger

_MOST = 2**62


@dataclass(frozen=True)
class ValuedLedger:
    """A ledger with what each movement comes to in one currency, and nothing after the day `until`, an ordinal.

    Units: whole minor units of it.

    Each is by how much more the position it leads to comes to, so bridges close; and nothing left is nothing: of
    movements converted one by one a cent may stay, and with it a customer who has left.
    """

    ledger: Ledger
    currency: Currency
    until: int
    amounts: Ints

    def money(self, units: int) -> Decimal:
        """An amount of the currency."""
        return Decimal(int(units)).scaleb(-self.currency.digits, EXACT)

    def up_to(self, day: date) -> Ints:
        """The amounts of the movements up to a day, and nothing for later ones."""
        return np.where(self.ledger.columns.day <= day.toordinal(), self.amounts, 0)

    @property
    def has_begun(self) -> Ints:
        """Which product lines of accounts have moved up to the last day."""
        lines = self.ledger.by_line
        begun = np.zeros(len(lines), bool)
        begun[lines.of[self.ledger.columns.day <= self.until]] = True
        return begun

    def at_opening(self, known: Ints, opening: date) -> Ints:
        """The place of the movement that says how each product line of an account was sold at the opening; -1: none.

        It is the last up to that day of which something is `known`, and of what begins later the first.
        """
        columns, lines, last = self.ledger.columns, self.ledger.by_line, opening.toordinal()
        places = np.flatnonzero(known & (columns.day <= self.until))
        day, of = columns.day[places].astype(np.int64), lines.of[places]
        # Days that count most come last: those up to the opening in their order, before them later ones in reverse.
        rank = np.where(day <= last, day, -day) * len(self.amounts) + places
        best = np.full(len(lines), np.iinfo(np.int64).min, np.int64)
        np.maximum.at(best, of, rank)
        return np.where(best == np.iinfo(np.int64).min, -1, best % max(len(self.amounts), 1))

    @cached_property
    def in_time(self) -> Ints:
        """The places of the movements up to the last day, by account and day."""
        columns = self.ledger.columns
        order = np.lexsort((columns.day, columns.account))
        return order[columns.day[order] <= self.until]

    @cached_property
    def began(self) -> Ints:
        """The first day on which each account has something, by its number; NEVER for those that have not."""
        account, day = (column[self.in_time] for column in (self.ledger.columns.account, self.ledger.columns.day))
        days = runs_of(account, day)
        there = days.starts[days.sum(self.amounts[self.in_time]) != 0]
        began = np.full(len(self.ledger.named.accounts), NEVER, np.int32)
        began[account[there][::-1]] = day[there][::-1]  # so that the first day is the last that is written
        return began

    def native_totals(self) -> dict[str, Decimal]:
        """What all movements up to the last day come to in each currency. Units: major units of it."""
        return _totals(self.ledger, self.ledger.columns.day <= self.until)

    def entries(self, places: Iterable[int], *, told: Columns | None = None) -> list[Entry]:
        """The movements at some places, as they are `told` or else by the ledger."""
        named, columns = self.ledger.named, told or self.ledger.columns
        return [
            Entry(
                named.accounts.names[columns.account[place]],
                named.contracts.names[columns.contract[place]],
                named.lines.names[columns.line[place]],
                columns.quote[place],
                date.fromordinal(int(columns.day[place])),
                KINDS[columns.kind[place]],
                DRIVERS[columns.driver[place]],
                CAUSES[columns.cause[place]],
                named.currencies.names[columns.currency[place]],
                self.money(self.amounts[place]),
            )
            for place in places
        ]


def signed_for_later(ledger: Ledger, *, after: date) -> dict[str, Decimal]:
    """What movements after a day come to that were booked by its end, in each currency. Units: major units of it.

    It is what was agreed by then and not in force: a later sale or renewal is no part of what a past day had signed.
    Source: N18.
    """
    day = after.toordinal()
    return _totals(ledger, (ledger.columns.day > day) & (ledger.columns.booked <= day))


def _totals(ledger: Ledger, which: Ints) -> dict[str, Decimal]:
    names = ledger.named.currencies.names
    sums = sums_in(ledger.columns.currency[which], ledger.columns.amount[which], len(names))
    totals = zip(names, sums.tolist(), strict=True)
    return {name: Decimal(total).scaleb(-DECIMALS, EXACT) for name, total in totals if total}


def valued(ledger: Ledger, currency: Currency, rate: Callable[[str], Decimal], *, until: date) -> ValuedLedger:
    """The ledger in a currency; `rate` gives what one unit of another is worth in it.

    Rounds: half up to its minor unit, each position.
    """
    amounts, last = np.zeros(ledger.columns.size, np.int64), until.toordinal()
    is_in = ledger.columns.day <= last
    for number, code in enumerate(ledger.named.currencies.names):
        places = np.flatnonzero(is_in & (ledger.columns.currency == number))
        if len(places):
            reached = ledger.reached[places]
            before = reached - ledger.columns.amount[places]
            ratio = in_units(rate(code), currency)
            found = times(reached, ratio) - times(before, ratio)
            if found.dtype == object:
                amounts = amounts.astype(object)
            amounts[places] = found
    return ValuedLedger(ledger, currency, last, unbounded(amounts))


def in_units(rate: Decimal, currency: Currency) -> Fraction:
    """What a ten-thousandth of a currency with a rate is, in minor units of the other."""
    return Fraction(rate) * currency.units / 10**DECIMALS


def times(amounts: Ints, ratio: Fraction) -> Ints:
    """The amounts times a ratio.

    Rounds: half up, away from 0.
    """
    doubled, divisor = 2 * ratio.numerator, 2 * ratio.denominator
    largest = max(abs(int(amounts.max())), abs(int(amounts.min()))) if len(amounts) else 0
    if largest * doubled + divisor >= _MOST:
        amounts = amounts.astype(object)  # Python's own numbers have no end
    rounded: Ints = np.sign(amounts) * ((abs(amounts) * doubled + ratio.denominator) // divisor)
    return rounded
