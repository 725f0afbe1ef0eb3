"""How well chances did: log-loss, Brier score, order and calibration, with intervals drawn anew by account (S9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from pricing_engine.scoring.evaluation import Interval
from pricing_engine.scoring.learning.columns import Flags, Numbers, Whole
from pricing_engine.scoring.learning.intervals import Range, decimal, sorting_of_places

DRAWS: Final = 400
_SURE: Final = 1e-12
_STEPS: Final = 12
_RIDGE: Final = 1e-6


def chances_of(odds: Any) -> Numbers:
    """The chances of log-odds."""
    found: Numbers = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
    return found


def odds_of(said: Numbers) -> Numbers:
    """The log-odds of chances."""
    sure = np.clip(said, _SURE, 1 - _SURE)
    found: Numbers = np.log(sure) - np.log1p(-sure)
    return found


def log_losses(said: Numbers, is_won: Flags) -> Numbers:
    """By how much each deal surprises, in nats."""
    found: Numbers = -np.log(np.clip(np.where(is_won, said, 1 - said), _SURE, 1))
    return found


def briers(said: Numbers, is_won: Flags) -> Numbers:
    """The square of how far each chance was off."""
    return np.square(said - is_won)


def calibration_slope(said: Numbers, is_won: Flags, weights: Numbers) -> float:
    """How much steeper the truth is than what was said: 1 is right, below 1 it boasted, above it was too careful.

    The coefficient of a logit on the log-odds, by Newton's steps. Source: Cox (1958).
    """
    matrix = np.column_stack([np.ones(len(said)), odds_of(said)])
    found = np.array([0.0, 1.0])
    for _ in range(_STEPS):
        told = chances_of(matrix @ found)
        gradient = matrix.T @ (weights * (is_won - told))
        curvature = (matrix * (weights * told * (1 - told))[:, None]).T @ matrix
        found = found + np.clip(np.linalg.solve(curvature + np.eye(2) * _RIDGE, gradient), -2.0, 2.0)
    return float(found[1])


class Draws:
    """Draws accounts anew, with all their deals, always the same ones for the same deals.

    Source: Efron (1979); Field and Welsh, Bootstrapping clustered data (2007).
    """

    def __init__(self, accounts: Whole) -> None:
        self._of_deal = np.unique(accounts, return_inverse=True)[1]
        generator = np.random.default_rng(20_260_101)
        count = int(self._of_deal.max()) + 1
        self._weights = [np.bincount(generator.integers(0, count, count), minlength=count) for _ in range(DRAWS)]

    def of(self, figure: Callable[[Numbers], float]) -> Range:
        """A figure of weighted deals, with the middle 95 of 100 of what it is in draws."""
        drawn = [figure(weights[self._of_deal].astype(np.float64)) for weights in self._weights]
        low, high = np.quantile(drawn, [0.025, 0.975])
        return Range(figure(np.ones(len(self._of_deal))), float(low), float(high))

    def mean(self, values: Numbers) -> Range:
        """Of the mean of a value."""
        return self.of(lambda weights: float((weights * values).sum() / weights.sum()))

    def sorting(self, said: Numbers, is_won: Flags) -> Range:
        """Of the share of pairs that chances put in order."""
        place = np.unique(said, return_inverse=True)[1]
        return self.of(lambda weights: sorting_of_places(place, is_won, weights))

    def slope(self, said: Numbers, is_won: Flags) -> Range:
        """Of the calibration slope."""
        return self.of(lambda weights: calibration_slope(said, is_won, weights))


def shown(found: Range) -> Interval:
    """A figure and its bounds as they are shown."""
    return Interval(decimal(found.value), decimal(found.low), decimal(found.high))
