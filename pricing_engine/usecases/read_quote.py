"""Read one stored quote."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.storage import quotes
from pricing_engine.usecases.records import StoredQuote


def read_quote(desk: Desk, *, quote_id: str) -> StoredQuote:
    """The quote as it was stored.

    Raises: QuoteNotFound.
    """
    with desk.reading() as session:
        return quotes.load(session, quote_id)
