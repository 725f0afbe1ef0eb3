"""Logits of winning on the price, fitted by statsmodels, with errors that hold for deals of one account alike (S6)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pricing_engine.scoring.learning.library import learning_module
from pricing_engine.scoring.learning.measures import chances_of

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

STRONG: Final = 104.7
"""The F from which on an interval of 95% is one. Source: Lee, McCrary, Moreira and Porter (2022)."""
_LOGIT_IN_PROBITS: Final = (16 * 3**0.5 / (15 * np.pi)) ** 2
"""How much of a logit's slope is lost for each unit of spread left out. Source: Zeger, Liang and Albert (1988)."""


class Fit(NamedTuple):
    """By how much 1.00 of list changes the log-odds, and its standard error."""

    effect: float
    error: float


class NotFitted(NamedTuple):
    """Why there is no effect."""

    why: str


def with_lot(
    discounts: Numbers, won: Numbers, accounts: Whole, *, expected: Numbers | None, propensities: Numbers
) -> Fit | NotFitted:
    """The effect of a discount that was drawn by lot.

    With `expected` (what the lot of each gives on average) it is the difference to it that counts, which nothing that
    was known of a buyer has a part in; without, all were drawn from one lot, and the less likely weigh more.
    """
    one = np.ones(len(won))
    weights = one if expected is not None else 1 / propensities
    moved = discounts if expected is None else discounts - expected
    design = np.column_stack([one, moved] if expected is None or not np.ptp(expected) else [one, moved, expected])
    if not np.ptp(moved):
        return NotFitted("all prices drawn are the same")
    fitted = logit(won, design, weights)
    if isinstance(fitted, NotFitted):
        return fitted
    chance = chances_of(design @ fitted)
    bread = (design * (weights * chance * (1 - chance))[:, None]).T @ design
    variance = _variance(bread, design * (weights * (won - chance))[:, None], accounts)[1, 1]
    return Fit(float(fitted[1]), float(np.sqrt(variance)))


def with_instrument(
    discounts: Numbers, won: Numbers, accounts: Whole, *, instrument: Numbers, controls: Sequence[Numbers]
) -> Fit | NotFitted:
    """The effect of a discount that an instrument moved, by a control function: two stages, the residual included.

    Errors are those of both stages together. The effect is that on the average buyer, whom the chance is told of, and
    not that on one whose hardness is known, which is steeper.
    Source: Terza, Basu and Rathouz (2008); Newey and McFadden (1994), section 6; Wooldridge (2015).
    """
    one = np.ones(len(won))
    first = _independent(np.column_stack([one, instrument, *controls]))
    if first.shape[1] < 2 or not np.array_equal(first[:, 1], instrument):
        return NotFitted("the instrument does not vary")
    ols = learning_module("statsmodels.regression.linear_model").OLS(discounts, first).fit()
    left = np.asarray(ols.resid)
    moved = _variance(first.T @ first, first * left[:, None], accounts)[1, 1]
    strength = float(ols.params[1] ** 2 / moved) if moved else 0.0
    if strength < STRONG:
        return NotFitted(f"the instrument is weak: it moves discounts with an F of {strength:.1f}; it takes {STRONG}")
    second = np.column_stack([discounts, left, one, first[:, 2:]])
    fitted = logit(won, second, one)
    if isinstance(fitted, NotFitted):
        return fitted
    chance = chances_of(second @ fitted)
    slope = chance * (1 - chance)
    # Both stages as one system: how the second's equations move with the first's parameters, through the residual.
    cross = -(fitted[1] * (second * slope[:, None]).T @ first)
    width = first.shape[1]
    bread = np.block(
        [[first.T @ first, np.zeros((width, second.shape[1]))], [cross, (second * slope[:, None]).T @ second]]
    )
    scores = np.column_stack([first * left[:, None], second * (won - chance)[:, None]])
    spread = _variance(bread, scores, accounts)[width : width + 2, width : width + 2]
    return _on_average(fitted[0], fitted[1], spread, float(np.square(left).mean()))


def _on_average(effect: float, of_left: float, spread: Numbers, left: float) -> Fit:
    """The effect on the average buyer, from that on one whose hardness is known, with its error by the delta method.

    `spread` is the variance of both coefficients, and `left` that of the residual.
    """
    flatter = np.sqrt(1 + _LOGIT_IN_PROBITS * of_left**2 * left)
    slopes = np.array([1 / flatter, -effect * _LOGIT_IN_PROBITS * of_left * left / flatter**3])
    return Fit(float(effect / flatter), float(np.sqrt(slopes @ spread @ slopes)))


def logit(won: Numbers, design: Numbers, weights: Numbers | None = None) -> Any:
    """The coefficients; NotFitted where prices tell won from lost without an exception, or columns say the same."""
    model = learning_module("statsmodels.genmod.generalized_linear_model").GLM
    family = learning_module("statsmodels.genmod.families").Binomial()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = model(won, design, family=family, var_weights=weights).fit()
    if not fit.converged or np.abs(design @ fit.params).max() > 30:
        return NotFitted("won and lost deals are told apart without an exception, which no effect can be read from")
    return np.asarray(fit.params)


def _variance(bread: Numbers, scores: Numbers, accounts: Whole) -> Numbers:
    """The variance of what makes the sums of scores nothing, where those of an account go together.

    Source: Liang and Zeger (1986).
    """
    sums = np.column_stack([np.bincount(accounts, weights=each) for each in scores.T])
    inverse = np.linalg.inv(bread)
    number = len(np.unique(accounts))
    return np.asarray(inverse @ (sums.T @ sums) @ inverse.T * number / (number - 1))


def _independent(design: Numbers) -> Numbers:
    """The columns that the ones before them do not say already."""
    diagonal = np.abs(np.diag(np.linalg.qr(design)[1]))
    return design[:, diagonal > 1e-8 * np.sqrt(len(design))]
