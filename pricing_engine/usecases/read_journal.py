"""Read the journal, and verify that nobody has changed it, nor what it says of quotes."""

from __future__ import annotations

from dataclasses import replace

from pricing_engine.desk import Desk
from pricing_engine.money import exact_arithmetic
from pricing_engine.storage import journal, journal_chain, quote_histories
from pricing_engine.storage.journal import Entry
from pricing_engine.storage.journal_chain import Verified
from pricing_engine.storage.session import Session
from pricing_engine.usecases.booked_and_entries import first_misbooked
from pricing_engine.usecases.progress import Progress, unseen
from pricing_engine.usecases.steps_and_entries import first_difference


def read_journal(desk: Desk, *, after: int, limit: int) -> tuple[Entry, ...]:
    """Up to `limit` entries after a number, oldest first. An entry never comes before one that was read.

    Raises: JournalDamaged where one of them cannot be read.
    """
    with desk.reading() as session:
        return tuple(journal.after(session, after, limit=limit))


def verify_journal(desk: Desk, *, on_progress: Progress = unseen) -> Verified:
    """Whether the chain is whole, and each quote's steps, state, content and booking are what the log says.

    All of it is of one moment, so that what is done meanwhile is no break; little of it is held at a time.
    """
    with exact_arithmetic(), desk.reading_still() as session:
        chain = journal_chain.recompute(session, on_entries=lambda done, whole: on_progress("entries", done, whole))
        return chain if chain.broken is not None else _compared(session, chain, on_progress)


def _compared(session: Session, chain: Verified, on_progress: Progress) -> Verified:
    quotes = steps = bookings = 0
    whole = quote_histories.count(session)
    for history in quote_histories.every(session):
        broken = first_difference(history) or first_misbooked(history)
        if broken is not None:
            return replace(chain, broken=broken, quotes=quotes, steps=steps, bookings=bookings)
        quotes, steps, bookings = quotes + 1, steps + len(history.steps or ()), bookings + len(history.booked or ())
        on_progress("quotes", quotes, whole)
    return replace(chain, quotes=quotes, steps=steps, bookings=bookings)
