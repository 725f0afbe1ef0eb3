"""Which model quotes are scored with now: asked here, and nowhere else."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.scoring.model import Model
from pricing_engine.storage import scoring_models
from pricing_engine.storage.session import Session


def live_model(desk: Desk, session: Session) -> Model | None:
    """The live parts of the model that is live; None: rules alone speak.

    One short query, and nothing else once a process has read the model.
    Source: S10.
    """
    found = scoring_models.live(session)
    return None if found is None else desk.models.get(session, *found)
