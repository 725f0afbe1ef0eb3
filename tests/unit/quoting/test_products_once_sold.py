"""What was owed once, and is not sold any more, stands in the way of no other change."""

from datetime import date

import pytest

from pricing_engine.catalog.products import Charge, ProductType, Timing
from pricing_engine.quoting.changes.refusals import ProductGone
from pricing_engine.quoting.request import Cancel, Reinstate, Remove, Renew, Set
from tests.contracts import a_contract, some_terms
from tests.rulebooks import D, a_product, a_rulebook, add

FEBRUARY, MARCH, END = date(2026, 2, 1), date(2026, 3, 1), date(2027, 1, 1)
ONBOARDING = a_product("onboarding", Charge("fee", Timing.ONE_TIME, metric="users"), type_=ProductType.SERVICE)


def rulebook_of(*more, hash):
    prices = {"crm.seats": "50", **({"onboarding.fee": "60"} if more else {})}
    return a_rulebook([a_product("crm"), *more], prices, terms=[some_terms()], hash=hash * 64)


def once_onboarded():
    """CRM of one version; onboarding, owed once, of the next; the third does not sell it any more."""
    book = a_contract(rulebook_of(hash="0"), add("crm", "100")).under(rulebook_of(ONBOARDING, hash="1"))
    return book.book(add("onboarding", "100"), on=FEBRUARY).under(rulebook_of(hash="2"))


def test_other_products_change_and_it_stays_on_the_contract():
    grown = once_onboarded().book(add("crm", "10"), on=MARCH)
    assert [each.product for each in grown.contract.products] == ["crm", "onboarding"]
    # 10 × 50 × 12 × 306/365 = 5,030.136…
    assert once_onboarded().change(add("crm", "10"), on=MARCH).due_now == D("5030.14")


def test_it_is_given_up_by_name():
    without = once_onboarded().book(Remove("onboarding"), on=MARCH)
    assert [each.product for each in without.contract.products] == ["crm"]


def test_more_of_it_is_refused_as_it_has_no_price():
    for change in (add("onboarding", "10"), Set("onboarding", {"users": D(120)})):
        with pytest.raises(ProductGone, match="onboarding"):
            once_onboarded().quote(change, on=MARCH)


def test_a_new_term_has_nothing_of_it():
    for on, changes in ((END, (Renew(),)), (date(2026, 7, 1), (Renew(),))):
        renewed = once_onboarded().book(*changes, on=on).contract
        assert [each.product for each in renewed.products] == ["crm"]
    back = once_onboarded().book(Cancel(), on=MARCH).book(Reinstate(), on=date(2026, 4, 1)).contract
    assert [(line.id, line.stretches[0].net) for line in back.lines] == [("crm.seats", D(60000))]
    with pytest.raises(ProductGone, match="onboarding"):
        once_onboarded().quote(Renew(), Set("onboarding", {"users": D(120)}), on=END)
