"""Judges the chance to win out of time, beside the base rate that was known at the cut, and says whether to use it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from pricing_engine.scoring.evaluation import Interval, Measures, Verdict, WinEvaluation
from pricing_engine.scoring.learning.columns import WON, Columns, Flags, Numbers
from pricing_engine.scoring.learning.fitting import challenger_chances, fit_logit, is_earlier
from pricing_engine.scoring.learning.intervals import decimal, sorting
from pricing_engine.scoring.learning.measures import Draws, briers, log_losses, shown
from pricing_engine.scoring.learning.reliability import drifts, reliability_tables
from pricing_engine.scoring.learning.split import Parts, described, folds
from pricing_engine.scoring.model import Part
from pricing_engine.scoring.peers import Dimension

RIGHT_SLOPES: Final = (decimal(0.8, 1), decimal(1.25, 2))
BASE_RATE: Final = "base rate"
LOGIT: Final = "logit"
CHALLENGER: Final = "gradient boosting"


class Foretold(NamedTuple):
    """The chances of the test deals: by the logit and the challenger."""

    logit: Numbers
    challenger: Numbers


def evaluate_win(
    columns: Columns, parts: Parts, *, strength: float, segments: Sequence[Dimension], by_discount: bool
) -> WinEvaluation | None:
    """What the logit is worth on deals created since the cut; None where no fact tells deals apart.

    Source: S9.
    """
    foretold = _foretell(columns, parts, strength)
    if foretold is None:
        return None
    test = columns.taken(parts.test)
    is_won = test.outcome == WON
    draws = Draws(test.accounts)
    said = foretold.logit
    logit, challenger = (log_losses(each, is_won) for each in foretold)
    bases = _base_rates(columns.taken(parts.train), len(is_won))
    rate = min(bases, key=lambda each: draws.mean(log_losses(each, is_won) - logit).low)
    base = log_losses(rate, is_won)
    return WinEvaluation(
        described(columns, parts),
        (
            measures(BASE_RATE, rate, is_won),
            measures(LOGIT, said, is_won),
            measures(CHALLENGER, foretold.challenger, is_won),
        ),
        shown(draws.mean(base - logit)),
        shown(draws.mean(briers(rate, is_won) - briers(said, is_won))),
        shown(draws.sorting(said, is_won)),
        shown(draws.slope(said, is_won)),
        shown(draws.mean(logit - challenger)),
        reliability_tables(test, said, is_won, segments=segments, by_discount=by_discount),
        drifts(columns.taken(parts.train), test),
    )


def _foretell(columns: Columns, parts: Parts, strength: float) -> Foretold | None:
    is_won = columns.outcome == WON
    logit, challenger = np.zeros(len(is_won)), np.zeros(len(is_won))
    for train, test in folds(columns, parts):
        seen, unseen = columns.taken(train), columns.taken(test)
        fit = fit_logit(seen, strength=strength)
        if fit is None:
            return None
        logit[test] = fit.chances(unseen)
        challenger[test] = challenger_chances(seen, unseen)
    return Foretold(logit[parts.test], challenger[parts.test])


def _base_rates(train: Columns, count: int) -> list[Numbers]:
    """The share won of the training deals, and of the last quarter of them, which calibrates the logit, too.

    Held against the first alone a model would be used for having seen that fewer deals are won of late.
    """
    was_won, later = train.outcome == WON, ~is_earlier(train)
    return [np.full(count, was_won[each].mean()) for each in (later | ~later, later)]


def measures(name: str, said: Numbers, is_won: Flags) -> Measures:
    """The measures of chances."""
    return Measures(
        name,
        decimal(log_losses(said, is_won).mean()),
        decimal(briers(said, is_won).mean()),
        decimal(sorting(said, is_won)),
    )


def win_verdict(found: WinEvaluation) -> Verdict:
    """Usable only where it surely beats the base rate, in log-loss and Brier score, and its calibration is sane."""
    split, base, logit = found.split, found.measures[0], found.measures[1]
    against = (
        f"on {split.test:,} deals created from {split.cut} on, its log-loss is {logit.log_loss} where that of the base"
        f" rate is {base.log_loss}: a gain of {_interval(found.log_loss_gain)}, and in Brier score one of"
        f" {_interval(found.brier_gain)}"
    )
    if not (_surely_above_none(found.log_loss_gain) and _surely_above_none(found.brier_gain)):
        return Verdict(
            Part.WIN,
            False,
            "it does not surely beat the base rate out of time, which says of every deal that it is won as often as"
            " deals were before the cut (all, or the last quarter of them to close, whichever it gains less over):"
            f" {against}",
        )
    slope = f"the calibration slope is {_interval(found.slope)}, where 1 is right"
    low, high = RIGHT_SLOPES
    if found.slope.low is None or found.slope.high is None or found.slope.low > high or found.slope.high < low:
        return Verdict(Part.WIN, False, f"it sorts deals, but its chances are not to be believed: {slope}; {against}")
    return Verdict(Part.WIN, True, f"it beats the base rate out of time: {against}; {slope}")


def _surely_above_none(gain: Interval) -> bool:
    return gain.low is not None and gain.low > 0


def _interval(found: Interval) -> str:
    return f"{found.value} ({found.low} to {found.high})"
