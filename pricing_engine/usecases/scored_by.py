"""The model a quote is scored by: the one that is live when it is priced, and from then on the one it is pinned to."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.scoring import RULES_ALONE, ScoredBy
from pricing_engine.storage.session import Session
from pricing_engine.usecases.live_model import live_model


def scored_by_live(desk: Desk, session: Session) -> ScoredBy:
    """What quotes of this moment are scored by."""
    model = live_model(desk, session)
    return RULES_ALONE if model is None else ScoredBy(model)


def scored_by_pinned(desk: Desk, session: Session, quote: Quote) -> ScoredBy | None:
    """What a quote was scored by; None for one that was not.

    Raises: ModelNotFound, which only a database that lost a row can.
    """
    if quote.scored is None:
        return None
    if quote.scored.model is None:
        return RULES_ALONE
    return ScoredBy(desk.models.get(session, quote.scored.model, quote.scored.parts))
