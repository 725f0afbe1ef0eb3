"""The accounts that an event hit, and the like accounts that it did not hit, each as it was before and after (N13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.periods import add_months
from pricing_engine.retention.behaviour_history import History, Moves, Terms
from pricing_engine.retention.cohorts import CohortSpan
from pricing_engine.retention.price_events import Direction, PriceEvent
from pricing_engine.retention.rates import Window, share


class Design(NamedTuple):
    """Which events: those on days of a window, with so many `months` before and after each, over by the last day."""

    event: PriceEvent
    direction: Direction
    window: Window
    months: int
    until: date


class LeftOut(StrEnum):
    """Why an account that was hit is not compared."""

    NOT_OVER = "not_over"
    NOT_THERE_BEFORE = "not_there_before"
    HIT_BEFORE = "hit_before"
    NOTHING_LIKE = "nothing_like"


class Stratum(NamedTuple):
    """What hit and like accounts share, all of it known on the day."""

    quarter: date
    is_renewal: bool
    ends_ahead: bool
    size: str
    market: str


class Case(NamedTuple):
    """An account and a day on which it was hit, or might have been: before it, and from it on.

    `changed` is by how much the event moved its price; that and all moves are shares of what it had before each span
    of months, at most 1. Units: `arr`, what it had before the day, is the ledger's.
    """

    account: str
    day: date
    stratum: Stratum
    arr: Decimal
    changed: Decimal
    before: Moves
    after: Moves
    has_left: bool
    is_hit_later: bool


@dataclass(frozen=True, slots=True)
class Book:
    """The accounts of a comparison. `size` names a band of what an account had, `markets` are by account."""

    histories: Mapping[str, History]
    terms: Terms
    size: Callable[[Decimal], str]
    markets: Mapping[str, str]


_ALL: Final = Decimal(1)
_DAY: Final = timedelta(days=1)


class Hits(NamedTuple):
    """The cases hit, how many are left out and why, and the day that stands for those hit within terms, by quarter.

    The day is the median of theirs, on which others are looked at.
    """

    cases: Sequence[Case]
    left_out: Counter[LeftOut]
    days: Mapping[date, date]


def hit_cases(book: Book, design: Design) -> Hits:
    """The accounts that the event hit. Shape: those of an account stand together, in order of time."""
    found: list[Case] = []
    out: Counter[LeftOut] = Counter()
    days: dict[date, list[date]] = {}
    for account, history in book.histories.items():
        hits = _days_hit(history, design)
        for day in hits:
            if not design.window.has(day):
                continue
            stratum = _stratum(book, account, day, hits, design)
            if isinstance(stratum, LeftOut):
                out[stratum] += 1
                continue
            found.append(_case(history, account, day, stratum, hits, design))
            if not stratum.is_renewal:
                days.setdefault(stratum.quarter, []).append(day)
    return Hits(found, out, {quarter: sorted(each)[len(each) // 2] for quarter, each in days.items()})


def like_cases(book: Book, hit: Hits, design: Design) -> Iterator[Case]:
    """Who might have been hit as some were: accounts of the same strata whose price did not change on their day.

    Beside renewals stand renewals, each on its own day; beside what happened within terms stand all that had something,
    on the day that stands for the quarter. Who is hit later stays in, since leaving out whoever lasted long enough to
    be hit would leave those that did not. Shape: as of those hit.
    """
    strata = {each.stratum for each in hit.cases}
    quarters = {each.quarter for each in strata if each.is_renewal}
    within_terms = set(hit.days.values())
    for account, history in book.histories.items():
        hits = _days_hit(history, design)
        renewals = book.terms.renewals.get(account, frozenset())
        renewed = {day for day in renewals if design.window.has(day) and CohortSpan.QUARTER.start_of(day) in quarters}
        for day in sorted(renewed | (within_terms - renewals)):
            if history.prices.get(day):
                continue
            stratum = _stratum(book, account, day, hits, design)
            if isinstance(stratum, Stratum) and stratum in strata:
                yield _case(history, account, day, stratum, hits, design)


def _days_hit(history: History, design: Design) -> list[date]:
    """The days on which the event hit an account, in order."""
    cause, is_rise = design.event.cause, design.direction is Direction.RISE
    moved = {day: prices[cause] for day, prices in history.prices.items() if cause in prices}
    return sorted([day for day, amount in moved.items() if (amount > 0) is is_rise])


def _stratum(book: Book, account: str, day: date, hits: Sequence[date], design: Design) -> Stratum | LeftOut:
    """What an account shares with others on a day, or why it is not compared."""
    history = book.histories[account]
    first, last = _span(day, design)
    if last > design.until:
        return LeftOut.NOT_OVER
    had = history.arr_on(first)
    if not had or history.left_within(first, day):
        return LeftOut.NOT_THERE_BEFORE
    if any(first < hit < day for hit in hits):
        return LeftOut.HIT_BEFORE
    return Stratum(
        CohortSpan.QUARTER.start_of(day),
        book.terms.renews(account, day),
        book.terms.end_within(account, day, last),
        book.size(had),
        book.markets[account],
    )


def _span(day: date, design: Design) -> tuple[date, date]:
    """The days on which the months before begin, and those after end."""
    return add_months(day, -design.months), add_months(day, design.months)


def _case(history: History, account: str, day: date, stratum: Stratum, hits: Sequence[date], design: Design) -> Case:
    first, last = _span(day, design)
    eve = day - _DAY
    had, has = history.arr_on(first), history.arr_on(eve)
    # Who renews decides on that day what to keep. What else an amendment changes on its day is why the price changed.
    after = eve if stratum.is_renewal else day
    return Case(
        *(account, day, stratum, has),
        _part(history.prices.get(day, {}).get(design.event.cause, ZERO), has),
        _shares(history.moves(first, eve), had),
        _shares(history.moves(after, last), has),
        history.left_within(day, last),
        any(day < hit <= last for hit in hits),
    )


def _shares(moves: Moves, of: Decimal) -> Moves:
    return Moves(_part(moves.contraction, of), _part(moves.expansion, of))


def _part(amount: Decimal, of: Decimal) -> Decimal:
    """A share of what an account had, at most all of it: one that grew tenfold would outweigh hundreds."""
    return min(share(amount, of) or ZERO, _ALL)


def left_at_end_of_term(book: Book, window: Window) -> int:
    """How many accounts had nothing left when a term of theirs ended in a window.

    Whether they had been told of another price, the ledger does not say: who does not renew is not hit.
    """
    return sum(
        any(
            window.has(day) and not arr and book.terms.end_on(account, day)
            for day, arr in zip(history.days, history.arr, strict=True)
        )
        for account, history in book.histories.items()
    )
