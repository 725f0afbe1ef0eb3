"""Read a quote, and what was done with it."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.usecases.quote_life import Life, read_life


def read_quote(desk: Desk, *, quote_id: str) -> Life:
    """The quote as it is kept, its steps, and who has yet to agree.

    Raises: QuoteNotFound.
    """
    with desk.reading() as session:
        return read_life(session, quote_id)
