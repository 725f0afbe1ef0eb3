"""Write what a quote will book, when it is presented: from then on that is what the customer is offered."""

from __future__ import annotations

from decimal import Decimal

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.value import arr_on, tcv_of
from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.movements import movements_of
from pricing_engine.quoting.quote import Quote, QuoteState
from pricing_engine.storage import presented_bookings, quotes
from pricing_engine.storage.movements import write_movements
from pricing_engine.storage.presented_bookings import PresentedBooking, PresentedRow
from pricing_engine.storage.quotes import StoredQuote
from pricing_engine.storage.session import Session
from pricing_engine.storage.written_contract import write_contract
from pricing_engine.usecases.quote_ask import held_by
from pricing_engine.usecases.quote_life import about_quote


class NotAsQuoted(DomainError):
    """The contract would not come to what the quote says."""

    code = "not-as-quoted"


def write_booking(desk: Desk, session: Session, stored: StoredQuote) -> PresentedRow:
    """What the quote will book, as it is to be kept.

    Of a quote that a customer has already the ARR must be the same, of one that is yet to be presented the TCV too.
    Raises: QuoteAltered; NotBookable; NotAsQuoted.
    """
    quote = stored.quote
    quotes.load_row(session, quote.id).check_unaltered()
    pinned = quote.request.contract
    rulebook = desk.rulebook(session, quote.rulebook)
    held = held_by(desk, session, quote.request)
    contract_id = desk.new_id("con") if held is None else held.contract.id
    contract = book_contract(quote.request, rulebook=rulebook, contract_id=contract_id, held=held)
    _refuse_other(quote, contract)
    booking = PresentedBooking(
        QuoteType.NEW if quote.change is None else quote.change.type,
        write_contract(contract),
        write_movements(contract, movements_of(quote.change, held.contract if held else None, contract)),
        pinned is None,
        quote.rulebook,
        quote.approval_levels,
        about_quote(stored),
    )
    return presented_bookings.write(booking, content_hash=stored.content_hash)


def _refuse_other(quote: Quote, contract: Contract) -> None:
    """Refuses a contract that is not what the quote says, as when the engine has come to price it otherwise."""
    assert quote.totals is not None  # it can be offered
    arr, booked_arr = quote.totals.arr, arr_on(contract, contract.effective)
    if arr != booked_arr:
        raise _not_as_quoted(quote, f"{arr} a year", booked_arr)
    tcv, booked_tcv = quote.totals.tcv if quote.change is None else quote.change.tcv_after, tcv_of(contract)
    if tcv != booked_tcv and quote.state is not QuoteState.PRESENTED:
        raise _not_as_quoted(quote, f"{tcv} over its term", booked_tcv)


def _not_as_quoted(quote: Quote, shown: str, booked: Decimal) -> NotAsQuoted:
    return NotAsQuoted(
        f"quote {quote.id} says {shown}, and its contract would come to {booked}",
        fix="revise the quote: the next version is priced as it will be booked",
        quote_id=quote.id,
    )
