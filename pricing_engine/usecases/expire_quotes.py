"""Expire the quotes whose last day is over."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.quoting.lifecycle import TRANSITIONS, Action, next_state
from pricing_engine.storage import quote_lists, quotes
from pricing_engine.usecases.quote_life import Actor, keep_step, read_life

_BY = Actor("pricing-engine", "admin")
_AT_ONCE = 100


def expire_quotes(desk: Desk) -> tuple[str, ...]:
    """The ids of the quotes that were presented, not answered in time, and are expired now; each in its transaction.

    A quote that somebody else takes further meanwhile is left to them.
    """
    expired: list[str] = []
    while True:
        with desk.reading() as session:
            due = quote_lists.overdue(session, today=desk.today(), limit=_AT_ONCE)
        done = [quote_id for quote_id in due if _expired(desk, quote_id)]
        expired += done
        if not done:
            return tuple(expired)


def _expired(desk: Desk, quote_id: str) -> bool:
    try:
        with desk.transaction() as session:
            life = read_life(session, quote_id)
            if Action.EXPIRE not in TRANSITIONS[life.quote.state]:
                return False
            after = quotes.move(session, life.stored, next_state(life.quote.state, Action.EXPIRE))
            keep_step(desk, session, life, Action.EXPIRE, after, _BY)
    except quotes.QuoteChangedMeanwhile:
        return False
    return True
