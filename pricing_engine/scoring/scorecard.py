"""How good a deal is for us: named factors, each with a weight of 100 points and its part of the score (S1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any, Final, NamedTuple, cast

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.expressions import Expression
from pricing_engine.money import ONE, ZERO

_TENTH: Final = Decimal("0.1")
_NO_POINTS: Final = Decimal("0.0")


@dataclass(frozen=True, slots=True)
class Factor:
    """What a deal is judged by: `value` gives 0 to 1, of `weight` points.

    One that `is_discreet` goes by what not everybody may see, such as margin.
    """

    id: str
    weight: Decimal
    value: Expression
    rule: RuleRef
    is_discreet: bool = False


@dataclass(frozen=True, slots=True)
class ScoreBand:
    """What scores from `start` points on are called."""

    start: Decimal
    name: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Factors whose weights sum to 100, and bands from the highest down, the last from 0."""

    id: str
    factors: tuple[Factor, ...]
    bands: tuple[ScoreBand, ...]
    rule: RuleRef


class FactorScore(NamedTuple):
    """A factor's part: `points` of `weight`. `missing` is the name it asks for that is not known (then 0 points)."""

    id: str
    weight: Decimal
    points: Decimal
    missing: str | None = None
    is_discreet: bool = False


# As `make_step` in `pricing/waterfall.py`: every quote has a handful.
make_factor_score = cast("Callable[[tuple[object, ...]], FactorScore]", partial(tuple.__new__, FactorScore))
"""A factor's part from a tuple of all its fields."""


class Score(NamedTuple):
    """The points of a deal, 0 to 100: the sum of its factors' parts."""

    scorecard: str
    points: Decimal
    band: str
    factors: tuple[FactorScore, ...]


def score_by(scorecard: Scorecard, facts: Mapping[str, Any]) -> Score:
    """The score of a deal with these facts, which are by name of the vocabulary.

    Rounds: each part once, half up, to a tenth of a point; the score is their sum.
    Source: S1.
    """
    factors = tuple([_scored(factor, facts) for factor in scorecard.factors])
    points = sum([each.points for each in factors], ZERO)
    band = next(each.name for each in scorecard.bands if points >= each.start)
    return Score(scorecard.id, points, band, factors)


def _scored(factor: Factor, facts: Mapping[str, Any]) -> FactorScore:
    value, missing = ZERO, None
    try:
        value = factor.value.evaluate(facts)
    except KeyError as unknown:  # a score judges what is known, and never refuses a quote
        missing = str(unknown.args[0])
    points = points_of(factor.weight, value)
    return make_factor_score((factor.id, factor.weight, points, missing, factor.is_discreet))


def points_of(weight: Decimal, value: Decimal) -> Decimal:
    """The points that a factor's value comes to.

    Rounds: half up, to a tenth.
    """
    if value <= ZERO:
        return _NO_POINTS
    return (weight if value >= ONE else weight * value).quantize(_TENTH, ROUND_HALF_UP)
