"""Read how a stored model was judged, and how it has done on deals that came since (S9)."""

from __future__ import annotations

from typing import NamedTuple

from pricing_engine.desk import Desk
from pricing_engine.scoring.artefact import Artefact, read_artefact
from pricing_engine.scoring.evaluation import SinceTraining
from pricing_engine.scoring.learning.since_training import since_training
from pricing_engine.storage import deals, scoring_models


class Evaluated(NamedTuple):
    """A model with its evaluation; `since` is how it has done on later deals (None: they are too few, or it has no
    chance to win).
    """

    artefact: Artefact
    since: SinceTraining | None


def evaluate_model(desk: Desk, *, hash: str) -> Evaluated:
    """The model whose hash begins so, as it was judged when it was trained and as later deals judge it.

    Raises: ModelNotFound; ArtefactUnreadable.
    """
    with desk.reading_still() as session:
        artefact = read_artefact(scoring_models.find(session, hash).content)
        if artefact.model.win is None:
            return Evaluated(artefact, None)
        later = [each for each in deals.all_deals(session) if each.created > artefact.trained.on]
    return Evaluated(artefact, since_training(artefact, later))
