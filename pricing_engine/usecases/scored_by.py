"""The model a quote is scored by: the one that is live when it is priced, and from then on the one it is pinned to."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.scoring import ScoredBy
from pricing_engine.storage.session import Session
from pricing_engine.usecases.live_model import live_model


def scored_by_live(desk: Desk, session: Session) -> ScoredBy:
    """What quotes of this moment are scored by."""
    return ScoredBy(live_model(desk, session), session.tenant)


def scored_by_pinned(desk: Desk, session: Session, quote: Quote) -> ScoredBy | None:
    """What a quote was scored by; None for one that was not.

    Raises: ModelNotFound, which only a database that lost a row can.
    """
    scored = quote.scored
    if scored is None:
        return None
    model = None if scored.model is None else desk.models.get(session, scored.model, scored.parts)
    return ScoredBy(model, session.tenant)
