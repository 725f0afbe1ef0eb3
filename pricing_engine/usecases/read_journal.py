"""Read the journal, and verify that nobody has changed it."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.storage import journal
from pricing_engine.storage.journal import Entry, Verified


def read_journal(desk: Desk, *, after: int, limit: int) -> tuple[Entry, ...]:
    """Up to `limit` entries after a number, oldest first. An entry never comes before one that was read."""
    with desk.reading() as session:
        return tuple(journal.after(session, after, limit=limit))


def verify_journal(desk: Desk) -> Verified:
    """Whether the chain is whole."""
    with desk.reading() as session:
        return journal.verify(session)
