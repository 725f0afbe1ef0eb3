"""What a request is for: told by the request alone, as the quote of it says, and also while a line has no price."""

from datetime import date

import pytest

from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.request import (
    Cancel,
    ContractRef,
    Extend,
    Reinstate,
    Remove,
    Renew,
    Set,
    TrueUp,
)
from tests.contracts import MIDYEAR, PRICES, START, a_rulebook_of_three, crm_and_analytics
from tests.rulebooks import D, ask

END = date(2027, 1, 1)
HELD = ContractRef("ctr_test", 1)
MORE = Set("crm", {"users": D(120)})


@pytest.mark.parametrize(
    ("changes", "on", "type_"),
    [
        ((MORE,), MIDYEAR, QuoteType.AMENDMENT),
        ((Remove("analytics"),), MIDYEAR, QuoteType.AMENDMENT),
        ((TrueUp("crm", {"users": D(110)}, START),), MIDYEAR, QuoteType.AMENDMENT),
        ((Renew(), MORE), END, QuoteType.RENEWAL),
        ((MORE, Extend(6)), END, QuoteType.RENEWAL),
        ((Cancel(),), MIDYEAR, QuoteType.CANCELLATION),
        ((Reinstate(),), END, QuoteType.REINSTATEMENT),
    ],
)
def test_a_request_is_for_what_its_quote_says(changes, on, type_):
    quote = crm_and_analytics().quote(*changes, on=on, contract=HELD)
    assert (quote.request.type, quote.change.type) == (type_, type_)


def test_a_renewal_without_all_prices_is_one():
    without_price = a_rulebook_of_three({**PRICES, "crm.seats": None}, discounts=[], hash="1" * 64)
    quote = crm_and_analytics(discounts=[]).under(without_price).quote(Renew(), on=END, contract=HELD)
    assert (quote.is_complete, quote.change, quote.request.type) == (False, None, QuoteType.RENEWAL)


@pytest.mark.parametrize("contract", [None, ContractRef("new", 0)])
def test_what_changes_no_contract_is_new(contract):
    assert ask(MORE, contract=contract).type is QuoteType.NEW
