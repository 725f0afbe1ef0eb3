"""Quotes that have ended and are no deals yet (S11)."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import and_, func, literal, select, tuple_

from pricing_engine.quoting.lifecycle import Action
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.storage import tables
from pricing_engine.storage.column_types import UtcInstant
from pricing_engine.storage.deals import DealSource
from pricing_engine.storage.session import Session

ENDED: Final = (QuoteState.ACCEPTED, QuoteState.DECLINED, QuoteState.EXPIRED)
"""A revised quote ends in its last version: those before it are superseded, and one that was withdrawn was no offer."""

_QUOTE = tables.quote.c
_STEP = tables.quote_step.c
_ACCOUNT = tables.account.c
_DEAL = tables.scoring_deal.c


class EndedQuote(NamedTuple):
    """When a quote was made and ended, what was said then, and what its account is called elsewhere.

    `asked_at` is when its request became what it is: later than `created_at` where the draft was changed. `ended_at`
    None: its last step is not in the database any more.
    """

    id: str
    created_at: datetime
    asked_at: datetime
    ended_at: datetime | None
    comment: str | None
    external_id: str | None


def without_deal(session: Session, *, after: EndedQuote | None, limit: int) -> list[EndedQuote]:
    """Up to `limit` of them, those made first first."""
    step = and_(_STEP.tenant_id == _QUOTE.tenant_id, _STEP.quote_id == _QUOTE.id, _STEP.to_state == _QUOTE.state)
    account = and_(_ACCOUNT.tenant_id == _QUOTE.tenant_id, _ACCOUNT.id == _QUOTE.account_id)
    deal = and_(_DEAL.tenant_id == _QUOTE.tenant_id, _DEAL.source == DealSource.QUOTE.value, _DEAL.id == _QUOTE.id)
    changed = tables.quote_step.alias().c
    last_change = (
        select(func.max(changed.at))
        .where(
            changed.tenant_id == _QUOTE.tenant_id, changed.quote_id == _QUOTE.id, changed.action == Action.CHANGE.value
        )
        .scalar_subquery()
    )
    asked_at = func.coalesce(last_change, _QUOTE.created_at)
    query = (
        select(_QUOTE.id, _QUOTE.created_at, asked_at, _STEP.at, _STEP.comment, _ACCOUNT.external_id)
        .outerjoin(tables.quote_step, step)
        .join(tables.account, account)
        .outerjoin(tables.scoring_deal, deal)
        .where(_QUOTE.tenant_id == session.tenant, _DEAL.id.is_(None), _QUOTE.state.in_([each.value for each in ENDED]))
        .order_by(_QUOTE.created_at, _QUOTE.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(
            tuple_(_QUOTE.created_at, _QUOTE.id) > tuple_(literal(after.created_at, UtcInstant()), after.id)
        )
    return [EndedQuote(*row) for row in session.connection.execute(query)]
