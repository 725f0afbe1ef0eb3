"""How a model that is used has done on the deals that came after it: those judge it that nobody had seen (S9)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pricing_engine.scoring.artefact import Artefact
from pricing_engine.scoring.deal import Deal, Outcome
from pricing_engine.scoring.evaluation import SinceTraining
from pricing_engine.scoring.learning.measures import Draws, calibration_slope, chances_of, log_losses, shown
from pricing_engine.scoring.learning.split import LEAST_ACCOUNTS, LEAST_TESTED, LEAST_TESTED_OF_EITHER
from pricing_engine.scoring.learning.win_evaluation import BASE_RATE, LOGIT, measures
from pricing_engine.scoring.win_model import log_odds


def since_training(artefact: Artefact, deals: Sequence[Deal]) -> SinceTraining | None:
    """What deals created after the training say; None where too few are decided, or of too few accounts.

    The accounts of some of them may have trained the model: they are customers as they come.
    """
    model, trained = artefact.model.win, artefact.trained
    decided = [each for each in deals if each.is_decided]
    is_won = np.array([each.outcome is Outcome.WON for each in decided], dtype=np.bool_)
    if model is None or len(decided) < LEAST_TESTED or min(is_won.sum(), (~is_won).sum()) < LEAST_TESTED_OF_EITHER:
        return None
    if len({each.account for each in decided}) < LEAST_ACCOUNTS:
        return None
    odds = np.array([log_odds(model, each.facts) for each in decided])
    said = chances_of(model.slope * odds + model.shift)
    base = np.full(len(decided), trained.won / trained.decided)
    numbers: dict[str, int] = {}
    accounts = np.array([numbers.setdefault(each.account, len(numbers)) for each in decided], dtype=np.int64)
    draws = Draws(accounts)
    return SinceTraining(
        *(len(decided), len(numbers), int(is_won.sum())),
        (measures(BASE_RATE, base, is_won), measures(LOGIT, said, is_won)),
        shown(draws.mean(log_losses(base, is_won) - log_losses(said, is_won))),
        shown(draws.of(lambda weights: calibration_slope(said, is_won, weights))),
    )
