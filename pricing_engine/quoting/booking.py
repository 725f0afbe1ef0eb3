"""From a quote to the contract it makes: the state that is in force once the customer has agreed."""

from __future__ import annotations

from pricing_engine.contracts.contract import Contract
from pricing_engine.money import exact_arithmetic
from pricing_engine.quoting.assemble import price_sale
from pricing_engine.quoting.changes.book_change import book_change
from pricing_engine.quoting.changes.book_sale import book_sale
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook


def book_contract(request: QuoteRequest, *, rulebook: Rulebook, contract_id: str, held: Held | None = None) -> Contract:
    """The contract that the quote of this request makes: a first version, or the next one of the contract held.

    Raises: what `assemble_quote` raises; NotBookable for a quote that lacks a price.
    """
    with exact_arithmetic():
        if held is not None:
            return book_change(request, rulebook=rulebook, held=held)
        return book_sale(price_sale(request, rulebook), contract_id)
