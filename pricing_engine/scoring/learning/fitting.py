"""Fits the chance to win: a logit with L2, calibrated on later deals, and gradient boosting as its challenger (S5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np

from pricing_engine.scoring.learning.columns import UNKNOWN, WON, Columns, Flags, NumberColumn, Numbers
from pricing_engine.scoring.learning.features import Plan, design, model_of, plan_features
from pricing_engine.scoring.learning.library import learning_module
from pricing_engine.scoring.learning.measures import chances_of, log_losses
from pricing_engine.scoring.win_model import WinModel

STRENGTHS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Of the fit, as scikit-learn's C: the smaller, the nearer to the base rate."""

EARLIER: Final = 0.75
LEAST_OF_EITHER: Final = 15
_HALVES: Final = 2
_ITERATIONS: Final = 1_000
_CHALLENGER: Final = {"max_iter": 100, "max_leaf_nodes": 15, "min_samples_leaf": 50, "random_state": 0}


class Calibration(NamedTuple):
    """What log-odds are multiplied by, and what is added to them."""

    slope: float = 1.0
    shift: float = 0.0


class Logit(NamedTuple):
    """A fitted logit over the features that were planned."""

    plans: tuple[Plan, ...]
    intercept: float
    coefficients: Numbers
    calibration: Calibration

    def odds(self, columns: Columns) -> Numbers:
        """The log-odds of deals before calibration."""
        odds: Numbers = design(self.plans, columns) @ self.coefficients + self.intercept
        return odds

    def chances(self, columns: Columns) -> Numbers:
        """The chances of deals."""
        return chances_of(self.odds(columns) * self.calibration.slope + self.calibration.shift)

    def model(self) -> WinModel:
        """The same as quotes use it."""
        found = model_of(self.plans, self.intercept, self.coefficients)
        return replace(found, slope=self.calibration.slope, shift=self.calibration.shift)


def choose_strength(columns: Columns) -> float:
    """The strength that foretells later deals of other accounts best, for decided deals.

    Each half of the accounts is foretold, from when a quarter of all deals was still to close, by the other half.
    """
    earlier = is_earlier(columns)
    is_won = columns.outcome == WON
    losses = np.zeros(len(STRENGTHS))
    for half in range(_HALVES):
        own = columns.accounts % _HALVES == half
        train, later = columns.taken(earlier & ~own), columns.taken(~earlier & own)
        if not (has_both(is_won[earlier & ~own]) and len(later.outcome)):
            continue
        if not (plans := plan_features(train)):
            continue
        before, after = design(plans, train), design(plans, later)
        for at, strength in enumerate(STRENGTHS):
            intercept, coefficients = _fit(before, is_won[earlier & ~own], strength)
            losses[at] += log_losses(chances_of(after @ coefficients + intercept), is_won[~earlier & own]).sum()
    return STRENGTHS[int(np.argmin(losses))]


def fit_logit(columns: Columns, *, strength: float) -> Logit | None:
    """The logit of decided deals: fitted on those that closed first, calibrated on those that closed then.

    None where no fact tells deals apart.
    Source: Platt, Probabilistic outputs for support vector machines (1999).
    """
    earlier = is_earlier(columns)
    is_won = columns.outcome == WON
    train, later = columns.taken(earlier), columns.taken(~earlier)
    plans = plan_features(train)
    if not plans or not has_both(is_won[earlier]):
        return None
    intercept, coefficients = _fit(design(plans, train), is_won[earlier], strength)
    raw = Logit(plans, intercept, coefficients, Calibration())
    return raw._replace(calibration=calibrate(raw.odds(later), is_won[~earlier]))


def calibrate(odds: Numbers, is_won: Flags) -> Calibration:
    """Slope and shift that make the chances of these deals true, with a prior of N(0, 1) on the slope.

    Where odds say little the prior draws the slope to 0, which is the base rate; it is never below.
    """
    if not has_both(is_won):
        return Calibration()
    intercept, (slope,) = _fit(odds[:, None], is_won, 1.0)
    if slope > 0:
        return Calibration(float(slope), intercept)
    rate = is_won.mean()
    return Calibration(0.0, float(np.log(rate / (1 - rate))))


def challenger_chances(train: Columns, test: Columns) -> Numbers:
    """What gradient boosting says of the test deals, fitted and calibrated on the same deals as the logit."""
    earlier = is_earlier(train)
    is_won = train.outcome == WON
    plans = plan_features(train.taken(earlier))
    is_word, table = _table(plans, train)
    library = learning_module("sklearn.ensemble")
    boosting = library.HistGradientBoostingClassifier(categorical_features=is_word, early_stopping=False, **_CHALLENGER)
    boosting.fit(table[earlier], is_won[earlier])
    slope, shift = calibrate(boosting.decision_function(table[~earlier]), is_won[~earlier])
    return chances_of(boosting.decision_function(_table(plans, test)[1]) * slope + shift)


def _table(plans: Sequence[Plan], columns: Columns) -> tuple[list[bool], Numbers]:
    """Numbers as they are, and words by number, those that are rare as one; NaN where it is not known."""
    by_fact = {each.fact: each for each in columns.facts}
    found, is_word = [], []
    for plan in plans:
        column: Any = by_fact[plan.fact]
        is_word.append(not isinstance(column, NumberColumn))
        if isinstance(column, NumberColumn):
            found.append(column.values)
        else:
            places = {word: place for place, word in enumerate(getattr(plan, "words", ()), 1)}
            numbers = np.array([*(places.get(word, 0) for word in column.words), np.nan])
            found.append(numbers[column.codes])
    return is_word, np.column_stack(found)


def _fit(matrix: Any, is_won: Flags, strength: float) -> tuple[float, Numbers]:
    library = learning_module("sklearn.linear_model")
    fit = library.LogisticRegression(C=strength, max_iter=_ITERATIONS).fit(matrix, is_won)
    return float(fit.intercept_[0]), fit.coef_[0]


def is_earlier(columns: Columns) -> Flags:
    """Which of the decided deals closed before the last quarter of them did."""
    day = np.quantile(columns.closed, EARLIER, method="lower") if len(columns.closed) else UNKNOWN
    earlier: Flags = columns.closed < day
    return earlier


def has_both(is_won: Flags) -> bool:
    """Whether there is enough of either outcome to fit anything."""
    return bool(min(is_won.sum(), (~is_won).sum()) >= LEAST_OF_EITHER)
