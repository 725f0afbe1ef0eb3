"""From a quote to the contract it makes: the state that is in force once the customer has agreed."""

from __future__ import annotations

from pricing_engine.contracts.contract import Contract
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook


def book_contract(request: QuoteRequest, *, rulebook: Rulebook, contract_id: str, held: Held | None = None) -> Contract:
    """The contract that the quote of this request makes: a first version, or the next one of the contract held.

    Raises: what `assemble_quote` raises; NotBookable for a quote that is refused or lacks a price.
    """
    raise NotImplementedError
