"""Books whose truth is known, to try forecasts on: customers that leave, shrink and grow at rates that a world sets.

`make simulate` tries every world on SIMULATE_BOOKS of them (200) and prints what decision record 44 reports; the suite
tries a few.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from pricing_engine.money import Currency
from pricing_engine.periods import add_months
from pricing_engine.retention.backtest import last_rate
from pricing_engine.retention.forecast import Band, band_of, outcomes_of
from pricing_engine.retention.hazards import hazards_of
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import Cause, moved
from pricing_engine.retention.panel import Floats, Moves, Panel, Term, coming_terms, panel_of

USD: Final = Currency("USD", 2)
FIRST: Final = date(2020, 1, 31)
SEGMENTS: Final = {"calm": 0.5, "usual": 1.0, "restless": 1.7}
"""How much more often customers leave, by segment."""


@dataclass(frozen=True)
class World:
    """Yearly rates, and what they do: `varies` is the standard deviation of their logarithm between years.

    `common`: a year that is bad is bad in all three. `drift`: growth is so much more frequent at the end than at first.
    `adds`: growth is in amounts, not in shares. `terms`: customers leave only when a term of one or three years ends.
    """

    months: int = 36
    customers: int = 400
    churn: float = 0.12
    contraction: float = 0.10
    expansion: float = 0.40
    varies: float = 0.25
    common: bool = False
    drift: float = 0.0
    adds: bool = False
    terms: bool = False


WORLDS: Final = {
    "usual": World(),
    "no two years differ": World(varies=0),
    "years differ by 40%": World(varies=0.4),
    "bad years are bad in all": World(common=True),
    "24 months of history": World(months=24),
    "60 months of history": World(months=60),
    "60 customers": World(customers=60),
    "3,000 customers": World(customers=3_000),
    "growth in amounts": World(adds=True),
    "terms of 1 and 3 years": World(months=60, terms=True),
    "growth 2.5 times as frequent at the end": World(drift=1.5),
}


@dataclass(frozen=True)
class Book:
    """A ledger of `months` and the window after them, and the terms that were agreed."""

    entries: list[Entry]
    terms: list[Term]
    names: dict[str, str]
    months: int

    def without_terms(self) -> Book:
        """The same, with nothing known of when terms end."""
        return replace(self, terms=[])

    def panel(self, *, months: int) -> Panel:
        until = add_months(FIRST, months)
        return panel_of(moves_of(self.entries, self.names), self.terms, until=until, currency=USD)


def moves_of(entries: Sequence[Entry], names: Mapping[str, str]) -> Moves:
    """Entries in columns, with the segment of each account that `names` say."""
    accounts, segments = sorted(names, reverse=True), sorted({*names.values()})
    return Moves(
        accounts,
        np.array([accounts.index(each.account) for each in entries], np.int64),
        np.array([each.day.toordinal() for each in entries], np.int64),
        np.array([int(each.amount * USD.units) for each in entries], np.int64),
        segments,
        np.array([segments.index(names[account]) for account in accounts], np.int64),
    )


def book_of(world: World, *, seed: int, window: int = 12) -> Book:
    """A book of the world; a third of its customers is there from the first month."""
    draw, months = np.random.default_rng(seed), world.months + window
    leaves, shrinks, grows = _years(draw, world, months)
    entries, terms, names = list[Entry](), list[Term](), {}
    for number in range(world.customers):
        name = f"customer-{number}"
        names[name] = list(SEGMENTS)[draw.integers(len(SEGMENTS))]
        begun = max(0, int(draw.integers(-world.months // 2, world.months)))
        length = 36 if world.terms and draw.random() < 0.5 else 12
        start = begun - (int(draw.integers(length)) if not begun else 0)
        arr = round(float(np.exp(draw.normal(10, 1.2))), 2)
        entries.append(_entry(name, FIRST if not begun else _day(begun), Cause.NEW_BUSINESS, arr))
        chance = world.churn * SEGMENTS[names[name]]
        for month in range(begun + 1, months + 1):
            ends = world.terms and (month - start) % length == 0
            if world.terms and (ends or month == begun + 1):
                end = month if ends else start + length
                terms.append(Term(name, _day(end + (length if ends else 0)), _day(month)))
            odds = (chance * length / 12 if ends else 0) if world.terms else chance / 12
            if draw.random() < odds * leaves[month - 1]:
                entries.append(_entry(name, _day(month), Cause.CHURN, -arr))
                break
            after = arr
            if draw.random() < world.expansion / 12 * grows[month - 1] * (1 + world.drift * month / months):
                after += float(np.exp(draw.normal(9, 0.8)) if world.adds else arr * np.exp(draw.normal(-1.6, 0.8)))
            if draw.random() < world.contraction / 12 * shrinks[month - 1]:
                after *= 1 - draw.beta(2, 4)
            after = round(after, 2)
            if after != arr:
                cause = Cause.VOLUME if after > arr else Cause.PARTIAL_CHURN
                entries.append(_entry(name, _day(month), cause, after - arr))
                arr = after
    return Book(entries, terms, names, world.months)


def _day(month: int) -> date:
    """The first day of the month that ends so many after the first."""
    return add_months(FIRST, month).replace(day=1)


def _entry(name: str, day: date, cause: Cause, amount: float) -> Entry:
    told = moved(day, "", "core", cause, Decimal(str(round(amount, 2))))
    return Entry(name, name, "core", None, day, told.kind, told.driver, told.cause, "USD", told.amount)


def _years(draw: np.random.Generator, world: World, months: int) -> list[Floats]:
    """By how much more each of the three happens in each month: years begin anywhere in the book."""
    found = []
    for _ in range(3):
        year = np.exp(draw.normal(-(world.varies**2) / 2, world.varies, months // 12 + 2))
        found.append(year[(np.arange(months) + draw.integers(12)) // 12])
    if world.common:
        found[1:] = [found[0], 1 / found[0]]
    return found


@dataclass(frozen=True)
class Truth:
    """A forecast, what came, and what the segments' rates of the year before said."""

    band: Band
    came: float
    last: float


def tried(book: Book, *, window: int = 12, most: int = 400, seed: int = 1) -> Truth:
    """The forecast from the months of a book, and what its window brought."""
    panel = book.panel(months=book.months)
    ends = [add_months(FIRST, book.months + number) for number in range(1, window + 1)]
    coming = coming_terms(panel, on=panel.ends[-1], ends=ends)
    nothing = np.zeros(len(panel.accounts))
    outcomes = outcomes_of(panel, hazards_of(panel, months=window), coming, nothing, seed=seed, most=most)
    opening, closing = _held(book, book.months), _held(book, book.months + window)
    came = sum(arr for name, arr in closing.items() if opening.get(name)) / sum(opening.values())
    last = last_rate(panel, months=window)
    assert last is not None
    return Truth(band_of(outcomes.nrr), float(came), last)


def _held(book: Book, month: int) -> dict[str, Decimal]:
    held: dict[str, Decimal] = {}
    for each in book.entries:
        if each.day <= add_months(FIRST, month):
            held[each.account] = held.get(each.account, Decimal(0)) + each.amount
    return held


def report(worlds: dict[str, World], *, books: int) -> None:
    """Prints, for each world, how often the truth was between P10 and P90, and the mean errors in points of NRR."""
    print(f"{'world':42} inside  below P10  above P90  error  last year's  P90 - P10")
    for name, world in worlds.items():
        found = [tried(book_of(world, seed=seed)) for seed in range(books)]
        below = np.mean([each.came < each.band.p10 for each in found])
        above = np.mean([each.came > each.band.p90 for each in found])
        error = np.mean([abs(each.came - each.band.p50) for each in found]) * 100
        last = np.mean([abs(each.came - each.last) for each in found]) * 100
        width = np.mean([each.band.p90 - each.band.p10 for each in found]) * 100
        shares = f"{1 - below - above:6.0%}  {below:9.0%}  {above:9.0%}"
        print(f"{name:42} {shares}  {error:5.1f}  {last:11.1f}  {width:9.1f}", flush=True)


if __name__ == "__main__":
    report(WORLDS, books=int(os.environ.get("SIMULATE_BOOKS", "200")))
