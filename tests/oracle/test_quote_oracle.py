"""The engine and a slow oracle, written from the design's text, agree on every amount, invoice and finding."""

from decimal import Decimal

from hypothesis import given, note

from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.quote import Quote
from tests.laws.any_sale import AnySale, sales
from tests.oracle.finding_oracle import FindingOracle
from tests.oracle.quote_oracle import Amounts, Bill, QuoteOracle


@given(sales())
def test_the_engine_agrees_with_the_oracle_to_the_cent(sale: AnySale) -> None:
    quote = assemble_quote(sale.request, rulebook=sale.rulebook, quote_id="quo_oracle")
    oracle = QuoteOracle(sale.request, sale.rulebook)
    note(str(sale.request))
    assert amounts_of(quote) == oracle.amounts
    assert totals_of(quote) == oracle.totals
    assert bills_of(quote) == (oracle.bills if oracle.totals is not None else [])
    findings = FindingOracle(oracle)
    assert (quote.tier.tier if quote.tier else None) == (oracle.sale.tier.id if oracle.sale.tier else None)
    assert sorted(codes_of(quote), key=str) == sorted(findings.findings(), key=str)
    assert quote.approval_levels == (findings.levels() if oracle.totals is not None else ())


def amounts_of(quote: Quote) -> dict[str, Amounts | None]:
    """The amounts of each line, as the oracle gives them."""
    return {
        line.id: Amounts(line.list_per_year, line.net_per_year, line.list_term, line.net_term)
        if line.is_priced
        else None
        for line in quote.lines
    }


def totals_of(quote: Quote) -> dict[str, Decimal] | None:
    """The totals by name, as the oracle gives them."""
    totals = quote.totals
    return None if totals is None else totals._asdict()


def bills_of(quote: Quote) -> list[Bill]:
    """The invoices, as the oracle gives them; each total is the sum of its lines."""
    for invoice in quote.invoices:
        assert invoice.total == sum(line.amount for line in invoice.lines)
    return [
        Bill(each.day, each.start, each.end, {line.line: line.amount for line in each.lines}) for each in quote.invoices
    ]


def codes_of(quote: Quote) -> list[tuple[str, str | None]]:
    """Every finding's code and line."""
    return [(finding.code, finding.line) for finding in quote.findings]
