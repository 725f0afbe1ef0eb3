"""How the chance to win depends on the price, known only from prices drawn by lot or instrumented (S6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import exp, log
from typing import Final, NamedTuple

from pricing_engine.money import ONE
from pricing_engine.scoring.guidance import CurvePoint

_ERRORS: Final = 1.959964
"""A gain counts by as many standard errors less."""
_HUNDREDTH: Final = Decimal("0.01")
_SEARCHED: Final = Decimal("0.01")
_SHOWN: Final = Decimal("0.02")


class Method(StrEnum):
    """What shows that the price moved the outcome, and not the buyer the price."""

    DRAWN = "drawn"
    INSTRUMENT = "instrument"


@dataclass(frozen=True, slots=True)
class PriceResponse:
    """By how much a discount changes the log-odds, with its standard error, inside the range that was observed.

    `base_rate` is the share of its deals that were won, at their `mean` discount; `instrument` is the fact that moved
    prices, where one was declared. `reach` is how far around its own target each price was tried, where lots lay around
    targets that differ; None: all of the range was tried on all.
    Units: `effect` and `error` per 1.00 of list; `low`, `high`, `mean` and `reach` are shares off list.
    """

    effect: float
    error: float
    low: Decimal
    high: Decimal
    mean: Decimal
    base_rate: float
    deals: int
    accounts: int
    method: Method
    instrument: str | None = None
    reach: Decimal | None = None


class Stakes(NamedTuple):
    """What a deal is about: list × (1 − discount) − `cost` where it is won, and `lost` where it is not.

    Units: one currency, over one time. For the contribution to NRR of a renewal the cost is the ARR before, which a
    renewal only keeps, and lost is the same below 0.
    """

    list: Decimal
    cost: Decimal
    lost: Decimal


class Start(NamedTuple):
    """Where a search begins: the target there is, and the chance to win at a discount (`at`) that is known."""

    target: Decimal
    chance: Decimal
    at: Decimal


class Best(NamedTuple):
    """The discount to aim for, which may be the target there was, and what it gains over that.

    `gain` is what to expect; `surely` is its lower bound. Units: as the stakes.
    """

    discount: Decimal
    gain: Decimal
    surely: Decimal
    curve: tuple[CurvePoint, ...]


def best_discount(response: PriceResponse, stakes: Stakes, start: Start, *, most: Decimal | None) -> Best | None:
    """The discount whose lower bound of the gain is highest, or the target as it is where none is above 0.

    None where the target is not one that can be looked at: only discounts in the range that was observed and up to
    `most` are. The bound is that of the response's error (by the delta method); the chance at the start is taken as it
    is. The curve shows every second point searched.
    Rounds: amounts to hundredths, half up.
    Source: S7.
    """
    low, high = response.low, response.high if most is None else min(response.high, most)
    if not stakes.list > 0 or not low <= start.target <= high or not low <= start.at <= response.high:
        return None
    if response.reach is not None:
        low, high = max(low, start.target - response.reach), min(high, start.target + response.reach)
    value = _value_of(response, stakes, start)
    now, now_moved = value(float(start.target))
    chosen, gain, surely = start.target, 0.0, 0.0
    for discount in _steps(low, high, _SEARCHED):
        then, then_moved = value(float(discount))
        bound = then - now - _ERRORS * response.error * abs(then_moved - now_moved)
        if bound > surely:
            chosen, gain, surely = discount, then - now, bound
    points = sorted({*_steps(low, high, _SHOWN), start.target, chosen})
    curve = tuple([_point(response, each, start, stakes) for each in points])
    return Best(chosen, _amount(stakes.list * Decimal(gain)), _amount(stakes.list * Decimal(surely)), curve)


def sure_gain(response: PriceResponse, stakes: Stakes, start: Start, discount: Decimal) -> float:
    """The lower bound of what a discount gains over the target there is, as a share of list.

    Of the best, too: lines that cannot be moved so far leave a deal short of it.
    """
    value = _value_of(response, stakes, start)
    (now, now_moved), (then, then_moved) = value(float(start.target)), value(float(discount))
    return then - now - _ERRORS * response.error * abs(then_moved - now_moved)


def _value_of(response: PriceResponse, stakes: Stakes, start: Start) -> Callable[[float], tuple[float, float]]:
    """What to expect at a discount as a share of list, and how it moves with the response's effect."""
    worth, lost = float((stakes.list - stakes.cost) / stakes.list), float(stakes.lost / stakes.list)
    odds, effect, at = log_odds_of(start.chance), response.effect, float(start.at)

    def value(discount: float) -> tuple[float, float]:
        apart, away = worth - discount - lost, discount - at
        chance = 1 / (1 + exp(-odds - effect * away))
        return chance * apart + lost, chance * (1 - chance) * away * apart

    return value


def log_odds_of(chance: Decimal) -> float:
    """The log-odds of a chance; one of 0 or 1 is taken as a little more or less."""
    share = min(max(float(chance), 1e-4), 1 - 1e-4)
    return log(share / (1 - share))


def _steps(low: Decimal, high: Decimal, step: Decimal) -> Iterator[Decimal]:
    """Every whole step between the ends, and the ends."""
    yield low
    at = (low // step + 1) * step
    while at < high:
        yield at
        at += step
    if high > low:
        yield high


def _point(response: PriceResponse, discount: Decimal, start: Start, stakes: Stakes) -> CurvePoint:
    odds = log_odds_of(start.chance) + response.effect * float(discount - start.at)
    chance = Decimal(round(10_000 / (1 + exp(-odds)))).scaleb(-4)
    won = stakes.list * (ONE - discount) - stakes.cost
    return CurvePoint(discount, chance, _amount(chance * won + (ONE - chance) * stakes.lost))


def _amount(number: Decimal) -> Decimal:
    return number.quantize(_HUNDREDTH, ROUND_HALF_UP)
