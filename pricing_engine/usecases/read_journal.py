"""Read the journal, and verify that nobody has changed it."""

from __future__ import annotations

from typing import NamedTuple

from pricing_engine.desk import Desk
from pricing_engine.storage import journal
from pricing_engine.storage.journal import Broken, Entry


class Verified(NamedTuple):
    """How many entries are as they were written, one after the other, and the first that is not (None: all are)."""

    entries: int
    broken: Broken | None


def read_journal(desk: Desk, *, after: int, limit: int) -> tuple[Entry, ...]:
    """Up to `limit` entries after a number, oldest first. An entry never comes before one that was read."""
    with desk.reading() as session:
        return tuple(journal.after(session, after, limit=limit))


def verify_journal(desk: Desk) -> Verified:
    """Whether the chain is whole."""
    with desk.reading() as session:
        return Verified(*journal.first_broken(session))
