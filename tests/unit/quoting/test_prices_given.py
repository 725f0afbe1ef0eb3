"""Prices given to charges and asked by ramps are for the term they were given in; the next is priced anew (P5, P27)."""

from dataclasses import replace
from datetime import date

import pytest

from pricing_engine.catalog.products import Bundle
from pricing_engine.quoting.refusals import PriceNotAllowed
from pricing_engine.quoting.request import Cancel, ChangeTier, Extend, RampStep, Reinstate, Renew, Set
from tests.contracts import MIDYEAR, PRICES, a_contract, a_rulebook_of_three, some_terms
from tests.rulebooks import D, a_ladder, a_product, a_rulebook, a_tier, add, ref, seats

END = date(2027, 1, 1)


def a_ramp_to_30():
    # 50 a user for half a year, then 30: 36,000 a year.
    return a_contract(a_rulebook_of_three(), add("crm", "100", ramp=(RampStep(6, {}, {"seats": D(30)}),)))


def nets(quote):
    return [(line.id, line.net_per_year) for line in quote.lines]


@pytest.mark.parametrize("change", [Renew(), Extend(12)])
def test_a_ramps_target_price_is_for_its_term_and_the_next_one_is_priced_anew(change):
    # 60,000 by list, and no more than 7% above what the ramp came to: 36,000 × 1.07.
    assert nets(a_ramp_to_30().quote(change, on=END)) == [("crm.seats", D("38520.00"))]


def test_a_contract_with_a_ramps_target_price_comes_back():
    book = a_ramp_to_30().book(Cancel(), on=date(2026, 9, 1))
    assert nets(book.quote(Reinstate(), on=date(2026, 9, 2))) == [("crm.seats", D("38520.00"))]


def test_a_target_price_asked_for_a_new_term_is_still_refused_where_it_was_given():
    with pytest.raises(PriceNotAllowed) as refused:
        a_ramp_to_30().quote(Renew(), Set("crm", {}, unit_prices={"seats": D(30)}), on=END)
    assert refused.value.pointer == "/changes/1/unit_prices/seats"


def test_a_price_given_on_request_is_asked_for_again_when_the_term_ends():
    book = a_contract(
        a_rulebook_of_three({**PRICES, "crm.seats": None}),
        add("crm", "100", unit_prices={"seats": D(40)}),
        role="deal_desk",
    )
    renewal = book.quote(Renew(), on=END)
    assert [finding.code for finding in renewal.findings] == ["price-on-request"]
    assert not renewal.is_complete
    again = book.quote(Renew(), Set("crm", {}, unit_prices={"seats": D(42)}), on=END, role="deal_desk")
    # 42 × 100 × 12 is 5% more than was agreed.
    assert nets(again) == [("crm.seats", D("50400.00"))]
    within = book.quote(add("crm", "10"))
    assert nets(within) == [("crm.seats", D("52800.00"))]


def test_a_price_given_on_request_may_be_given_for_a_new_term_that_ends_when_the_old_one_would_have():
    book = a_contract(
        a_rulebook_of_three({**PRICES, "crm.seats": None}),
        add("crm", "100", unit_prices={"seats": D(40)}),
        role="deal_desk",
        term_months=24,
    )
    again = book.quote(Renew(), Set("crm", {}, unit_prices={"seats": D(42)}), on=END, role="deal_desk")
    assert nets(again) == [("crm.seats", D("50400.00"))]


def test_a_bundle_asked_for_within_the_term_takes_what_has_a_ramps_price():
    duo = Bundle("duo", "Duo", (frozenset({"crm"}), frozenset({"analytics"})), ref("duo"), off_list=D("0.10"))
    crm = add("crm", "100", ramp=(RampStep(6, {}, {"seats": D(30)}),))
    plain = a_rulebook_of_three(discounts=[])
    rulebook = a_rulebook(list(plain.products.values()), PRICES, bundles=[duo], terms=[some_terms()])
    quote = a_contract(rulebook, crm).quote(add("analytics", "100"), bundles=("duo",), on=MIDYEAR)
    # The ramp's 30 is below 45, which the bundle leaves; Analytics is 24,000 less 10%.
    assert nets(quote) == [("crm.seats", D("36000.00")), ("analytics.seats", D("21600.00"))]


def test_another_tier_is_not_at_the_price_given_to_the_one_before():
    tiers = a_ladder(a_tier("std", seats("fee")), a_tier("big", seats("fee")))
    ladder = replace(tiers, platform=replace(tiers.platform, charges=()))
    prices = {"crm.seats": "50", "std.fee": None, "big.fee": "10"}
    rulebook = a_rulebook([a_product("crm")], prices, ladder=ladder, terms=[some_terms()])
    platform = add("platform", "100", unit_prices={"fee": D(4)})
    book = a_contract(rulebook, platform, add("crm", "80"), role="deal_desk", tier="std")
    assert nets(book.quote(ChangeTier("big")))[0] == ("big.fee", D("12000.00"))
