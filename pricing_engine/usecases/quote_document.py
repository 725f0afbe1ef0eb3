"""The customer's document of a stored quote: what it is made from is read first, then it is made without a database."""

from __future__ import annotations

from datetime import UTC
from typing import NamedTuple

from babel import Locale

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.document.assemble import assemble_document, check_possible
from pricing_engine.document.view import Kept
from pricing_engine.quoting.held import Held
from pricing_engine.rendering.media import Form, render
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.storage import quotes
from pricing_engine.storage.presented_bookings import presented_contract
from pricing_engine.usecases.quote_ask import held_by
from pricing_engine.usecases.records import StoredQuote


class DocumentBasis(NamedTuple):
    """A stored quote, the rulebook it is pinned to, and the contract it changes in the version it was priced from.

    `presented` is the contract it will make, of a quote that was presented.
    """

    stored: StoredQuote
    rulebook: Rulebook
    held: Held | None
    presented: Contract | None


def read_document_basis(desk: Desk, *, quote_id: str) -> DocumentBasis:
    """What the document of a quote is made from.

    Raises: QuoteNotFound; DocumentNotPossible for a quote that is refused or lacks a price.
    """
    with desk.reading() as session:
        stored = quotes.load(session, quote_id)
        check_possible(stored.quote)
        rulebook = desk.rulebook(session, stored.quote.rulebook)
        held = held_by(desk, session, stored.quote.request)
        return DocumentBasis(stored, rulebook, held, presented_contract(session, quote_id))


def make_document(basis: DocumentBasis, *, locale: Locale, form: Form) -> bytes:
    """The document as a file: the same bytes for the same quote, every time.

    Raises: DocumentUnavailable; DocumentNotPossible for letters that no font of the PDF has.
    """
    stored = basis.stored
    document = assemble_document(
        stored.quote,
        rulebook=basis.rulebook,
        held=basis.held,
        presented=basis.presented,
        kept=Kept(stored.version, stored.created_at.astimezone(UTC).date(), stored.valid_until),
        locale=locale,
    )
    return render(document, form)
