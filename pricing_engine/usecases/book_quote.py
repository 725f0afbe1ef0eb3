"""Book a quote at once, for whoever has agreed outside of this service: it is presented and accepted."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.read_quote import read_quote
from pricing_engine.usecases.records import StoredContract
from pricing_engine.usecases.take_step import take_step

_ROLE = "admin"


def book_quote(desk: Desk, *, quote_id: str, by: str) -> StoredContract:
    """The contract as booked: a first version, or the next one of the contract that the quote changes.

    Raises: what presenting and accepting raise; a quote that could be presented and not accepted stays presented.
    """
    actor = Actor(by, _ROLE)
    state = read_quote(desk, quote_id=quote_id).quote.state
    if state in {QuoteState.DRAFT, QuoteState.APPROVED}:
        take_step(desk, quote_id=quote_id, action=Action.PRESENT, actor=actor)
    return accept_quote(desk, quote_id=quote_id, actor=actor).booked
