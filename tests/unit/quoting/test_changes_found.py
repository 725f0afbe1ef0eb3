"""Changes to contracts that the random ones of tests/laws found to be wrong, made small."""

from datetime import date

import pytest

from pricing_engine.quoting.request import Remove, Set
from tests.contracts import MIDYEAR, PRICES, a_contract, a_rulebook_of_three, crm_and_analytics
from tests.rulebooks import D, a_policy, add

WELCOME = a_policy("welcome", "0.20", group="promotions", months=2)


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 7, 1)])
def test_a_contract_can_be_changed_on_the_day_its_promotion_ends_and_after(day):
    book = a_contract(a_rulebook_of_three(discounts=[WELCOME]), add("crm", "100"))
    quote = book.quote(Set("crm", {"users": D(100)}), on=day)
    assert [line.net_per_year for line in quote.lines] == [D("60000.00")]
    assert "promotion-ends" not in {finding.code for finding in quote.findings}


def test_a_contract_can_be_changed_after_the_only_layer_of_a_later_rulebook_has_ended():
    later = a_rulebook_of_three({"crm.seats": "55"}, hash="1" * 64)
    grown = a_contract(a_rulebook_of_three(), add("crm", "100")).under(later).book(Set("crm", {"users": D(110)}))
    assert [line.id for line in grown.contract.lines] == ["crm.seats", "crm.seats~2"]
    back = grown.book(Set("crm", {"users": D(100)}))
    assert later.hash not in back.contract.rulebooks
    assert back.change(Set("crm", {"users": D(100)})).items == ()


def test_a_product_given_up_on_the_day_it_began_can_be_taken_again_that_day():
    book = crm_and_analytics(discounts=[]).book(add("core", "10")).book(Remove("core"))
    again = book.change(add("core", "10"))
    # 10 × 10.00 × 12 = 1,200 a year, 184 of 365 days: 604.931…
    assert [(item.line, item.amount) for item in again.items] == [("core.seats", D("604.93"))]
    assert book.book(add("core", "10")).contract.lines[-1].stretches[0].start == MIDYEAR


def test_a_product_taken_again_when_it_has_no_list_price_any_more_is_a_quote_without_a_price():
    later = a_rulebook_of_three({**PRICES, "analytics.seats": None}, hash="1" * 64)
    quote = crm_and_analytics().book(Remove("analytics")).under(later).quote(add("analytics", "100"))
    assert (quote.totals, quote.change) == (None, None)
    assert "price-on-request" in {finding.code for finding in quote.findings}
