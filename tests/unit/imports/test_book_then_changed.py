"""An imported contract is changed like any other: what stays keeps its price, what was granted holds while it may."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pricing_engine.contracts.contract import Contract
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Change, ContractRef, QuoteRequest, Remove, Set
from tests.unit.imports.books import ACCOUNT, a_contract, a_row, rulebook

D = Decimal


def changed(contract: Contract, change: Change) -> Quote:
    """The quote of a change in the middle of 2026."""
    rules = rulebook()
    account = ACCOUNT._replace(attributes={"segment": "smb", "prepaid": False})
    request = QuoteRequest(
        account=account,
        as_of=date(2026, 6, 1),
        effective_date=date(2026, 7, 1),
        term_months=12,
        currency="USD",
        role="rep",
        changes=(change,),
        contract=ContractRef(contract.id, contract.version),
    )
    return assemble_quote(request, rulebook=rules, quote_id="quo_1", held=Held(contract, {rules.hash: rules}))


def test_what_was_bought_keeps_its_price_and_growth_is_at_list() -> None:
    # Ten users at the contracted 40.00, five more at list 50.00: 4,800.00 and 3,000.00 a year.
    quote = changed(a_contract(a_row()), Set("crm", {"users": D(15)}))
    assert [(line.id, line.quantity, line.net_per_year) for line in quote.lines] == [
        ("crm.seats", D(10), D("4800.00")),
        ("crm.seats~2", D(5), D("3000.00")),
    ]


def test_an_agreed_net_price_holds_for_what_is_kept() -> None:
    quote = changed(a_contract(a_row(list="50.00")), Set("crm", {"users": D(8)}))
    (line,) = quote.lines
    assert (line.list_per_year, line.net_per_year) == (D("4800.00"), D("3840.00"))


def test_a_policy_that_was_granted_goes_with_the_product_it_was_granted_for() -> None:
    # multi-product is 10% of two products: CRM 450.00 and Analytics 180.00 a month. Of one product it is nothing.
    contract = a_contract(
        a_row(policies="multi-product", net="450.00"),
        a_row(product="analytics", policies="multi-product", net="180.00"),
    )
    kept = changed(contract, Set("analytics", {"users": D(5)}))
    assert [line.net_per_year for line in kept.lines] == [D("5400.00"), D("1080.00")]
    alone = changed(contract, Remove("analytics"))
    assert [line.net_per_year for line in alone.lines] == [D("6000.00")]
