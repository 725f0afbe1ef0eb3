"""How often customers leave, take less and take more, and by how much: learnt from the months of a ledger (N12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from pricing_engine.retention.movements import ArrKind
from pricing_engine.retention.panel import Floats, Ints, Panel

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
    """What was seen of how much a movement changes, each with its weight; weights sum to 1."""

    steps: Floats
    weights: Floats


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
    ages = np.arange(panel.months)[::-1]
    weights = np.broadcast_to(np.exp2(-ages / HALF_LIFE), before.shape)
    cells = _Cells(there, weights, size_of(before), panel)
    less, more = seen[ArrKind.CONTRACTION], seen[ArrKind.EXPANSION]
    power = _power(before[more], after[more], weights[more])
    return Hazards(
        {kind: _hazard(seen[kind], cells, months) for kind in KINDS},
        power,
        _steps(raised(after[more], power) - raised(before[more], power), weights[more]),
        _steps(np.log(after[less] / before[less]), weights[less]),
    )


class _Cells(NamedTuple):
    """The months of customers: who is there, how much each counts, and what its hazard may depend on."""

    there: np.typing.NDArray[np.bool_]
    weights: Floats
    size: Ints
    panel: Panel


def _hazard(seen: np.typing.NDArray[np.bool_], cells: _Cells, months: int) -> Hazard:
    there, weights, size, panel = cells
    segment = np.broadcast_to(panel.segment[:, None], seen.shape)
    # Half an event more, so that what has not happened yet is not held to be impossible.
    events = weights[seen].sum() + 1 / 2
    rate = events / weights[there].sum()
    expected = np.where(there, rate, 0)
    factors = []
    for keys, count in ((size, len(SIZES) + 1), (panel.terms, 3), (segment, len(panel.segments))):
        observed = sums_by(keys[seen], weights[seen], count)
        factor = shrunk(observed, sums_by(keys[there], (weights * expected)[there], count))
        expected = expected * factor[keys]
        factors.append(factor)
    by_month = variation(seen.sum(axis=0), expected.sum(axis=0), months=months)
    # The rate is known no better than from so many months and events.
    known = weights[0].sum() ** 2 / (weights[0] ** 2).sum()
    size_factor, term_factor, segment_factor = factors
    return Hazard(
        rate, size_factor, term_factor, segment_factor, int(seen.sum()), by_month * (1 + months / known) + 1 / events
    )


def sums_by(keys: Ints, amounts: Floats, count: int) -> Floats:
    """The sum of the amounts of each of so many keys."""
    sums: Floats = np.bincount(keys, amounts, count).astype(np.float64)
    return sums


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
    return Steps(steps, weights / weights.sum()) if len(steps) else Steps(np.zeros(1), np.ones(1))
