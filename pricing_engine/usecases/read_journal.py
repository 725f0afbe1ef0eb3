"""Read the journal, and verify that nobody has changed it."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.storage import journal, journal_chain
from pricing_engine.storage.journal import Entry
from pricing_engine.storage.journal_chain import Verified
from pricing_engine.usecases.progress import Progress, unseen


def read_journal(desk: Desk, *, after: int, limit: int) -> tuple[Entry, ...]:
    """Up to `limit` entries after a number, oldest first. An entry never comes before one that was read.

    Raises: JournalDamaged where one of them cannot be read.
    """
    with desk.reading() as session:
        return tuple(journal.after(session, after, limit=limit))


def verify_journal(desk: Desk, *, on_progress: Progress = unseen) -> Verified:
    """Whether the chain is whole."""
    with desk.reading() as session:
        return journal_chain.recompute(session, on_entries=lambda done, whole: on_progress("entries", done, whole))
