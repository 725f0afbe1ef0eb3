"""Intervals of shares and of how well something sorts, that count what one account says as one voice (S5, S9)."""

from __future__ import annotations

from decimal import Decimal
from statistics import NormalDist
from typing import Any, Final, NamedTuple

import numpy as np

from pricing_engine.scoring.learning.columns import Flags, Numbers, Whole

USUAL: Final = 1.959964
"""Standard errors on either side that hold 95 of 100."""


class Range(NamedTuple):
    """A figure with its bounds."""

    value: float
    low: float
    high: float


def corrected(*, looks: int, alarm: float) -> float:
    """How many standard errors each of so many looks may be off so that all together raise a false `alarm` as rarely.

    Source: Bonferroni.
    """
    return NormalDist().inv_cdf(1 - alarm / (2 * max(looks, 1)))


def voices(accounts: Whole, where: Flags) -> float:
    """How many accounts of equal weight say as much as these deals: Kish's effective size, an account taken as one.

    Source: Kish, Survey Sampling (1965).
    """
    sizes = np.bincount(accounts[where]).astype(np.float64)
    return float(sizes.sum() ** 2 / max(np.square(sizes).sum(), 1.0))


def share(part: float, whole: float, *, errors: float = USUAL) -> Range:
    """A share with Wilson's interval. Source: Wilson (1927)."""
    if whole <= 0:
        return Range(0.0, 0.0, 1.0)
    rate, z2 = part / whole, errors**2
    center, spread = rate + z2 / (2 * whole), errors * np.sqrt(rate * (1 - rate) / whole + z2 / (4 * whole**2))
    low, high = (center - spread) / (1 + z2 / whole), (center + spread) / (1 + z2 / whole)
    return Range(rate, max(float(low), 0.0), min(float(high), 1.0))


def clustered_share(accounts: Whole, is_so: Flags) -> Range:
    """The share of deals that something is so of, as wide as deals of an account are more alike than others.

    Source: Rao and Scott, A simple method for the analysis of clustered binary data (1992).
    """
    count, part = len(is_so), int(is_so.sum())
    rate = part / count
    numbered = np.unique(accounts, return_inverse=True)[1]
    off = np.bincount(numbered, weights=is_so - rate)
    usual = count * rate * (1 - rate)
    says = count / max(float(np.square(off).sum()) / usual, 1.0) if usual else float(count)
    return share(rate * says, says)


def difference(one: Range, other: Range) -> Range:
    """By how much one share is above the other. Source: Newcombe (1998), method 10."""
    apart = one.value - other.value
    low = apart - np.hypot(one.value - one.low, other.high - other.value)
    high = apart + np.hypot(one.high - one.value, other.value - other.low)
    return Range(apart, float(low), float(high))


def nearest_to_none(found: Range) -> float:
    """How far an interval stays away from 0, on either side; 0 where it holds it."""
    return max(found.low, -found.high, 0.0)


def sorting(scores: Numbers, is_won: Flags, weights: Numbers | None = None) -> float:
    """The share of pairs of a won and a lost deal that the scores put in order (AUC); equal scores count half."""
    weigh = np.ones(len(scores)) if weights is None else weights
    _, place = np.unique(scores, return_inverse=True)
    return sorting_of_places(place, is_won, weigh)


def sorting_of_places(place: Any, is_won: Flags, weights: Numbers) -> float:
    """The same of scores that are numbered in rising order from 0 on."""
    won = np.bincount(place, weights=weights * is_won)
    lost = np.bincount(place, weights=weights * ~is_won, minlength=len(won))
    pairs = won.sum() * lost.sum()
    below = np.cumsum(lost) - lost / 2
    return float((won * below).sum() / pairs) if pairs else 0.5


def sorting_range(area: float, won: float, lost: float, *, errors: float) -> Range:
    """Its interval for so many won and lost. Source: Hanley and McNeil (1982)."""
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + max(won - 1, 0) * (q1 - area**2) + max(lost - 1, 0) * (q2 - area**2)
    # Of a perfect order the formula says that there is no error at all: one pair in so many may still be wrong.
    error = np.sqrt(max(spread, 0.0) / max(won * lost, 1.0)) + 1 / (2 * max(min(won, lost), 1.0))
    return Range(area, float(max(area - errors * error, 0.0)), float(min(area + errors * error, 1.0)))


def decimal(number: Any, places: int = 4) -> Decimal:
    """A figure as it is shown: rounded, and without a sign on nothing."""
    return Decimal(f"{number:.{places}f}") + 0
