"""How often customers leave, take less and take more, and by how much: learnt from the months of a ledger (N12)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from pricing_engine.retention.columns import Ints
from pricing_engine.retention.movements import ArrKind
from pricing_engine.retention.panel import TERM_STATES, Floats, Panel

HALF_LIFE: Final = 12
"""So many months ago a month counts half."""

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
"""Where bands of what a customer has begin. Units: the reporting currency, a year."""

PRIOR_VARIATION: Final = 1 / 25
PRIOR_YEARS: Final = 2
"""Rates are held to differ by a fifth from year to year (its square), which counts as much as two years of history."""

KINDS: Final = (ArrKind.CHURN, ArrKind.CONTRACTION, ArrKind.EXPANSION)

_LEAST_SIZES: Final = 10
_IN_PROPORTION: Final = 19 / 20
"""From this elasticity on growth is held to be in proportion."""


class Hazard(NamedTuple):
    """How often one kind happens to a customer that has something: a monthly `rate`, times a factor for what it has,
    for what is known of its terms and for its segment.

    `events` are those seen. `variation` is the variance of what the rate of the coming window is over this one.
    """

    rate: float
    by_size: Floats
    by_term: Floats
    by_segment: Floats
    events: int
    variation: float

    def of(self, size: Ints, terms: Ints, segment: Ints) -> Floats:
        """Expected events of each customer and month."""
        return self.rate * self.by_size[size] * self.by_term[terms] * self.by_segment[segment]


class Steps(NamedTuple):
    """What was seen of how much a movement changes; `upto` is the weight of each and those before it, 1 in all."""

    steps: Floats
    upto: Floats


class Hazards(NamedTuple):
    """The hazards of a book. Growth is in steps of ARR to the `power`, which do not depend on how much there was: at 1
    of amounts, at 0 of the logarithm, so of shares; losses of a part are steps of the logarithm."""

    by_kind: Mapping[ArrKind, Hazard]
    power: float
    growth: Steps
    losses: Steps


def size_of(arr: Floats) -> Ints:
    """The band each amount is in."""
    return np.digitize(arr, SIZES).astype(np.int64)


def hazards_of(panel: Panel, *, months: int) -> Hazards:
    """The hazards of the months of a panel, to be used for a window of so many months that follows it."""
    before, after = panel.arr[:, :-1], panel.arr[:, 1:]
    there = before > 0
    seen = {
        ArrKind.CHURN: there & (after <= 0),
        ArrKind.CONTRACTION: there & (after > 0) & (after < before),
        ArrKind.EXPANSION: there & (after > before),
    }
    weights = np.exp2(-np.arange(panel.months)[::-1] / HALF_LIFE)
    cells = _Cells(panel, weights, there)
    by_kind = {kind: _hazard(cells.counted(seen[kind]), cells, months) for kind in KINDS}
    (less, less_weighs), (more, more_weighs) = (
        (seen[kind], np.broadcast_to(weights, before.shape)[seen[kind]])
        for kind in (ArrKind.CONTRACTION, ArrKind.EXPANSION)
    )
    power = _power(before[more], after[more], more_weighs)
    growth = raised(after[more], power) - raised(before[more], power)
    return Hazards(by_kind, power, _steps(growth, more_weighs), _steps(np.log(after[less] / before[less]), less_weighs))


class _Cells:
    """Months of customers, counted by what their hazard may depend on.

    Shape: counts are by month, size, what is known of terms, and segment.
    """

    def __init__(self, panel: Panel, weights: Floats, there: Ints) -> None:
        self.shape = (panel.months, len(SIZES) + 1, TERM_STATES, len(panel.segments))
        parts = np.arange(panel.months), size_of(panel.arr[:, :-1]), panel.due, panel.segment[:, None]
        self.keys = np.ravel_multi_index(np.broadcast_arrays(*parts), self.shape)
        self.weights = weights[:, None, None, None]
        self.there = self.counted(there)

    def counted(self, some: Ints) -> Ints:
        """How many of some of them are in each cell."""
        return np.bincount(self.keys[some], minlength=math.prod(self.shape)).reshape(self.shape)


def _hazard(seen: Ints, cells: _Cells, months: int) -> Hazard:
    weights = cells.weights
    # Half an event more, so that what has not happened yet is not held to be impossible.
    events = (weights * seen).sum() + 1 / 2
    rate = events / (weights * cells.there).sum()
    expected, factors = rate * cells.there, list[Floats]()
    for axis in (1, 2, 3):
        others = tuple([other for other in range(4) if other != axis])
        factors.append(shrunk((weights * seen).sum(axis=others), (weights * expected).sum(axis=others)))
        expected = expected * np.expand_dims(factors[-1], others)
    by_month = variation(seen.sum(axis=(1, 2, 3)), expected.sum(axis=(1, 2, 3)), months=months)
    # The rate is known no better than from so many months and events.
    known = weights.sum() ** 2 / (weights**2).sum()
    by_size, by_term, by_segment = factors
    return Hazard(rate, by_size, by_term, by_segment, int(seen.sum()), by_month * (1 + months / known) + 1 / events)


def shrunk(observed: Floats, expected: Floats) -> Floats:
    """How much more often than expected it happens in each group, drawn to 1 the more, the less the group has seen.

    The factors of groups are held to be drawn from a Gamma distribution about 1, whose variance is by how much the
    groups differ beyond chance (by moments; at the least nothing, and then all are 1).
    Source: Bühlmann and Straub's credibility; the Gamma–Poisson posterior mean.
    """
    squares = (expected**2).sum()
    between = max(0, (((observed - expected) ** 2) - expected).sum() / squares) if squares else 0
    shrunk: Floats = 1 + between * (observed - expected) / (1 + between * expected)
    return shrunk


def variation(observed: Ints, expected: Floats, *, months: int) -> float:
    """The variance between windows of so many months of observed over expected events, beyond chance.

    Windows of one history overlap, so it is made of the months' covariances; the mean is of the same months, which
    hides some of it. Short histories know little, so that they are weighed with what is usual (`PRIOR_VARIATION`).
    """
    excess, count = observed - expected, len(observed)
    total = (expected**2).sum()
    years = max(0, count / months - 1)
    if not total or not years:
        return PRIOR_VARIATION
    chance = expected.sum()
    covariances = [(excess**2).sum() - chance, *((excess[lag:] * excess[:-lag]).sum() for lag in range(1, months))]
    sums = months * covariances[0] + 2 * sum((months - lag) * each for lag, each in enumerate(covariances) if lag)
    between = max(0, sums / total / months**2) * count / (count - months)
    weighed: float = (PRIOR_YEARS * PRIOR_VARIATION + years * between) / (PRIOR_YEARS + years)
    return weighed


def raised(arr: Floats, power: float) -> Floats:
    """Amounts on the scale on which growth is in steps."""
    return arr**power / power if power else np.log(arr)


def lowered(steps: Floats, power: float) -> Floats:
    """What is `raised` so."""
    return (steps * power) ** (1 / power) if power else np.exp(steps)


def _power(before: Floats, after: Floats, weights: Floats) -> float:
    """1 less the elasticity of growth: how it goes with what there was, between not at all and in proportion."""
    sizes, growth = np.log(before), np.log(after - before)
    if len(before) < _LEAST_SIZES or not sizes.std():
        return 0
    middle = np.average(sizes, weights=weights)
    slope = (weights * (sizes - middle) * growth).sum() / (weights * (sizes - middle) ** 2).sum()
    power: float = 1 - slope if slope < _IN_PROPORTION else 0
    return min(1, power)


def _steps(steps: Floats, weights: Floats) -> Steps:
    return Steps(steps, weights.cumsum() / weights.sum()) if len(steps) else Steps(np.zeros(1), np.ones(1))
