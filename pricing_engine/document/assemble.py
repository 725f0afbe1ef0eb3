"""The customer's document of a quote: every section in its order, or the refusal that names what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from babel import Locale

from pricing_engine.contracts.contract import Contract
from pricing_engine.document import wording
from pricing_engine.document.amounts import Amounts
from pricing_engine.document.due import due_section, first_invoice_section
from pricing_engine.document.figures import Figures, inert, paragraphs
from pricing_engine.document.heading import heading_facts
from pricing_engine.document.invoices import invoices_section
from pricing_engine.document.items import items_section
from pricing_engine.document.redline import redline_section
from pricing_engine.document.shape import Document, Paper, Section
from pricing_engine.document.sums import highlights, sums_section
from pricing_engine.document.terms_in_words import terms_section
from pricing_engine.document.usage_prices import usage_section
from pricing_engine.document.view import Kept, View
from pricing_engine.errors import DomainError
from pricing_engine.money import exact_arithmetic
from pricing_engine.policies.findings import Severity
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.quote import Quote
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.terms.terms import Terms

MOST_NAMED: Final = 10
"""So many lines without a price are named."""

LETTER_TERRITORIES: Final = frozenset(
    {"US", "CA", "MX", "PH", "CL", "CO", "CR", "DO", "GT", "NI", "PA", "PR", "SV", "VE"}
)
"""Where people print on letter paper; everybody else has A4."""


class DocumentNotPossible(DomainError):
    """The quote has no document: it is refused, or something in it has no price or cannot be written."""

    code = "document-not-possible"


def assemble_document(
    quote: Quote,
    *,
    rulebook: Rulebook,
    held: Held | None,
    kept: Kept,
    locale: Locale,
    presented: Contract | None = None,
) -> Document:
    """The document of a quote, with the terms of the contract that it would make, or that was `presented`.

    Shape: equal arguments give an equal document.
    Raises: DocumentNotPossible, naming what the quote is refused for or what lacks a price.
    """
    check_possible(quote)
    with exact_arithmetic():
        contract = presented or _would_make(quote, rulebook, held)
        view = _view(quote, contract, rulebook=rulebook, held=held, kept=kept, locale=locale)
        return _document(view)


def check_possible(quote: Quote) -> None:
    """Refuses a quote that is no offer anybody could accept.

    Raises: DocumentNotPossible, by codes alone where findings are named: the words of some are not for every role.
    """
    if quote.totals is None:
        lines = tuple(line.id for line in quote.lines if not line.is_priced)
        more = f" and {len(lines) - MOST_NAMED} more" if len(lines) > MOST_NAMED else ""
        raise DocumentNotPossible(
            f"quote {quote.id} has no price yet for {', '.join(lines[:MOST_NAMED])}{more}",
            fix="ask for another quote with their `unit_prices`, in a role that may price what is on request",
            quote_id=quote.id,
            lines=lines[:MOST_NAMED],
        )
    if quote.is_refused:
        codes = [finding.code for finding in quote.findings if finding.severity is Severity.REFUSAL]
        raise DocumentNotPossible(
            f"quote {quote.id} is refused: {', '.join(dict.fromkeys(codes))}",
            fix="mend what its findings name, and ask for another quote",
            quote_id=quote.id,
            findings=tuple(dict.fromkeys(codes)),
        )


def _would_make(quote: Quote, rulebook: Rulebook, held: Held | None) -> Contract:
    contract_id = held.contract.id if held is not None else ""
    return book_contract(quote.request, rulebook=rulebook, contract_id=contract_id, held=held)


def _view(
    quote: Quote, contract: Contract, *, rulebook: Rulebook, held: Held | None, kept: Kept, locale: Locale
) -> View:
    assert quote.totals is not None  # checked before
    terms, terms_rulebook = _terms(contract, {**(held.rulebooks if held else {}), rulebook.hash: rulebook})
    figures = Figures(Amounts(quote.currency, locale))
    return View(quote, quote.totals, kept, contract, terms, rulebook, terms_rulebook or rulebook, figures)


def _terms(contract: Contract, rulebooks: dict[str, Rulebook]) -> tuple[Terms | None, Rulebook | None]:
    """The terms the contract is under, and the rulebook version they are of."""
    pinned = contract.terms
    rulebook = None if pinned is None else rulebooks.get(pinned.rulebook)
    if pinned is None or rulebook is None:
        return None, None
    return next((terms for terms in rulebook.terms if terms.id == pinned.id), None), rulebook


def _document(view: View) -> Document:
    quote = view.quote
    title = wording.TITLES[view.type]
    mark, notice = wording.MARKS.get(quote.state.value, ("", ""))
    locale = view.figures.amounts.locale
    return Document(
        language=wording.LANGUAGE,
        paper=Paper.LETTER if locale.territory in LETTER_TERRITORIES else Paper.A4,
        file_name=quote.id,
        title=title,
        customer=inert(quote.request.account.name),
        facts=heading_facts(view),
        highlights=highlights(view),
        sections=tuple(_sections(view)),
        footer=wording.FOOTER.format(title=title, quote=inert(quote.id), version=view.kept.version),
        mark=mark,
        notice=notice,
        labels=dict(wording.LABELS),
    )


def _sections(view: View) -> Iterator[Section]:
    change = view.quote.change
    if change is not None:
        yield redline_section(view, change)
        if change.items or not view.is_new_term:
            yield due_section(view, change)
    found = [None if view.type is QuoteType.CANCELLATION else items_section(view), usage_section(view)]
    yield from (section for section in found if section is not None)
    yield sums_section(view)
    if view.is_new_term and (first := first_invoice_section(view)) is not None:
        yield first
    yield invoices_section(view)
    yield terms_section(view)
    if note := paragraphs(view.quote.request.note):
        yield Section(wording.NOTE, paragraphs=note)
