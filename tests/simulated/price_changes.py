"""Books in which prices change and customers answer with known probabilities, as ledger entries and terms.

Every account has terms of a year. In each half of one it has one fate: it leaves, gives a part up, buys more, or none.
Halves meet where prices may change (at renewals, or in the middle of terms), so that the six months before and after
such a day are one half each, and what a comparison should find is known to the digit: see `World.truth`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Final, NamedTuple

from pricing_engine.periods import add_months
from pricing_engine.retention.behaviour import Outcome
from pricing_engine.retention.behaviour_history import Term
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import Cause, moved

BEGIN: Final = date(2022, 1, 1)
END: Final = date(2026, 12, 31)
_MARKETS: Final = ("DE", "US")
_SMALL, _LARGE = Decimal(4_000), Decimal(40_000)
_NOTHING, _CENT = Decimal(0), Decimal("0.01")
_GIVEN_UP: Final = {Decimal("0.1"): 5, Decimal("0.2"): 3, Decimal("0.4"): 2}
_ADDED: Final = {Decimal("0.1"): 6, Decimal("0.4"): 3, Decimal("1.5"): 1}
"""Parts of what an account has, by how many times in ten."""


class Chances(NamedTuple):
    """How likely each fate is in half a year."""

    churn: float = 0.05
    contraction: float = 0.08
    expansion: float = 0.12

    def more(self, by: Chances) -> Chances:
        """With what something adds to each."""
        return Chances(*(one + added for one, added in zip(self, by, strict=True)))


USUAL: Final = Chances()
NONE: Final = Chances(0, 0, 0)


@dataclass(frozen=True, slots=True)
class World:
    """How accounts behave: `effect` is what a hit adds to chances in the half after, `differed` what those that will be
    hit have more of in the half before and after. Large accounts are hit more often, and leave less often.

    `leave_when_told` of those that would be hit at a renewal leave then instead. `is_mid_term`: promotions end in the
    middle of terms; else prices rise at renewals. `is_worsening`: each year more are hit, and more leave anyway.
    """

    accounts: int = 240
    usual: Chances = USUAL
    effect: Chances = NONE
    differed: Chances = NONE
    hit_small: float = 0.35
    hit_large: float = 0.6
    lost_at_renewal: float = 0.06
    leave_when_told: float = 0.0
    is_mid_term: bool = False
    is_worsening: bool = False

    def hit(self, day: date, *, is_large: bool) -> float:
        """How likely an account is hit on a day on which it may be."""
        return (self.hit_large if is_large else self.hit_small) * self._worse(day)

    def usual_on(self, day: date, usual: Chances) -> Chances:
        """The chances of an account in the half that begins on a day."""
        return usual._replace(churn=usual.churn * self._worse(day) ** 2)

    def _worse(self, day: date) -> float:
        return 0.4 + 0.3 * (day.year - BEGIN.year) if self.is_worsening else 1.0

    @property
    def truth(self) -> dict[Outcome, float]:
        """What the event does to the mean account: the change of chances times the mean part that counts, at most 1."""
        given_up, added = (
            float(sum(min(part, Decimal(1)) * times for part, times in parts.items()) / 10)
            for parts in (_GIVEN_UP, _ADDED)
        )
        return {
            Outcome.CHURN: self.effect.churn,
            Outcome.CONTRACTION: self.effect.contraction * given_up,
            Outcome.EXPANSION: self.effect.expansion * added,
        }


class SimulatedBook(NamedTuple):
    """What a use case would read of the world."""

    entries: list[Entry]
    terms: list[Term]
    markets: dict[str, str]


def simulate(world: World, seed: int) -> SimulatedBook:
    """The book of a world; equal seeds give equal books."""
    chance = Random(seed)
    book = SimulatedBook([], [], {})
    for number in range(world.accounts):
        account = f"acc_{number}"
        book.markets[account] = chance.choice(_MARKETS)
        _live(world, account, chance, book)
    return book


def _live(world: World, account: str, chance: Random, book: SimulatedBook) -> None:
    """An account from its first day until it leaves or the world ends, half a year after the other."""
    is_large = chance.random() < 0.4
    usual = _usual(world, chance, is_large=is_large)
    day = BEGIN + timedelta(days=chance.randrange(365))
    arr, rise = _cents((_LARGE if is_large else _SMALL) * chance.randint(50, 240) / 100), _NOTHING
    book.entries.append(_entry(account, day, Cause.NEW_BUSINESS, arr))
    for half in count():
        begins_term, was_hit = half % 2 == 0, bool(rise)
        will_be_hit = chance.random() < world.hit(day, is_large=is_large) and begins_term == world.is_mid_term
        chances = world.usual_on(day, usual)
        chances = chances.more(world.differed) if was_hit or will_be_hit else chances
        chances = chances.more(world.effect) if was_hit else chances
        if begins_term:
            book.terms.append(Term(account, f"con_{account}", day, add_months(day, 12), half > 0))
        if moved_by := _fate(arr, rise, chances, chance):
            on = day + timedelta(days=chance.randint(1, 178))
            book.entries.append(_entry(account, on, *moved_by))
            arr += moved_by[1]
        arr, rise, day = arr + rise, _NOTHING, add_months(day, 6)
        if arr and not begins_term and chance.random() < world.lost_at_renewal + world.leave_when_told * will_be_hit:
            book.entries.append(_entry(account, day, Cause.CHURN, -arr))
            return
        if not arr or day > END:
            return
        if will_be_hit:
            rise = _cents(arr / 20)
            cause = Cause.PROMOTION_END if world.is_mid_term else Cause.UPLIFT
            book.entries.append(_entry(account, day, cause, rise))


def _usual(world: World, chance: Random, *, is_large: bool) -> Chances:
    """The chances of an account: what it does in one half is a sign of what it does in the next."""
    churn, contraction, expansion = world.usual
    eagerness = chance.choice((0.4, 1.6))
    return Chances(churn * (0.5 if is_large else 1.0), contraction * eagerness, expansion * eagerness)


def _fate(arr: Decimal, rise: Decimal, chances: Chances, chance: Random) -> tuple[Cause, Decimal] | None:
    """What an account moves in half a year, as a part of what it had before its price rose, or all of it."""
    drawn = chance.random()
    if drawn < chances.churn:
        return Cause.CHURN, -arr - rise
    if drawn < chances.churn + chances.contraction:
        return Cause.PARTIAL_CHURN, -_cents(arr * _drawn(_GIVEN_UP, chance))
    if drawn < sum(chances):
        return Cause.VOLUME, _cents(arr * _drawn(_ADDED, chance))
    return None


def _drawn(parts: Mapping[Decimal, int], chance: Random) -> Decimal:
    return chance.choices(list(parts), list(parts.values()))[0]


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT)


def _entry(account: str, day: date, cause: Cause, amount: Decimal) -> Entry:
    told = moved(day, "core", "core", cause, amount)
    return Entry(
        *(account, f"con_{account}", "core", None, day, told.kind, told.driver, told.cause), *("USD", told.amount)
    )
