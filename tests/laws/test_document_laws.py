"""Laws of the customer's document over random sales and changes: there is one, and its sums are the quote's."""

import pytest
from hypothesis import given

from pricing_engine.document.amounts import Amounts
from pricing_engine.document.assemble import DocumentNotPossible
from pricing_engine.document.figures import Figures
from pricing_engine.document.locales import locale_named
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.quote import Quote
from pricing_engine.rendering.html import render_html
from tests.documents import document_of, part, rows, texts
from tests.laws.any_contract_change import AnyChanges, a_quarter, any_changes
from tests.laws.any_sale import AnySale, sales


def figures(quote: Quote) -> Figures:
    """How amounts of the quote are written."""
    return Figures(Amounts(quote.currency, locale_named("en-US")))


@a_quarter
@given(sales())
def test_a_sale_that_is_complete_and_not_refused_has_a_document_that_sums_to_it(sale: AnySale) -> None:
    quote = assemble_quote(sale.request, rulebook=sale.rulebook, quote_id="quo_law")
    if quote.totals is None or quote.is_refused:
        with pytest.raises(DocumentNotPossible):
            document_of(quote, sale.rulebook)
        return
    document, money = document_of(quote, sale.rulebook), figures(quote).money
    assert money(quote.totals.tcv) in {row[-1] for row in rows(part(document, "From list price to total"))}
    assert rows(part(document, "Invoices"))[-1][-1] == money(quote.totals.tcv)
    assert rows(part(document, "What you buy"))[-1][-1] == money(quote.totals.arr)
    assert render_html(document)


@a_quarter
@given(any_changes())
def test_a_change_has_a_document_whose_redline_sums_to_what_is_due(any_: AnyChanges) -> None:
    for moved in any_.play():
        change = moved.quote.change
        assert change is not None
        if moved.quote.is_refused:
            continue
        document = document_of(moved.quote, moved.before.rulebook, held=moved.before.held)
        assert rows(part(document, "What changes"))[-1][-1] == figures(moved.quote).signed(change.due_now)
        if change.items:
            assert rows(part(document, "What is due now"))[-1][-1] == figures(moved.quote).money(change.due_now)
        assert not [text for text in texts(document) if ".yaml" in text or "because of" in text]
        assert render_html(document)
