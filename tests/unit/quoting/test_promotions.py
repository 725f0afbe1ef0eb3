"""Promotions: when they end, what their lines cost until then and after, and what the finding says of it."""

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Flat
from pricing_engine.catalog.products import Timing
from pricing_engine.periods import ProrationMethod
from pricing_engine.policies.discounts import Base, DiscountGroup, Pick
from pricing_engine.quoting.request import RampStep
from tests.rulebooks import a_policy, a_product, a_rulebook, add, quote, ref, seats
from tests.unit.quoting.reading import codes, finding, line, total

D = Decimal
CRM = [a_product("crm")]
PRICES = {"crm.seats": "50.00"}
"""One user is 600.00 a year."""


def a_promotion(id_: str = "spring", percent: str = "0.10", **more):
    return a_policy(id_, percent, group="promotions", **more)


def spans(priced) -> list[tuple[str, str, Decimal]]:
    return [(str(each.start), str(each.end), each.net) for each in line(priced, "crm.seats").segments]


def said(priced) -> list[tuple[str, Decimal, Decimal]]:
    found = [each.facts for each in priced.findings if each.code == "promotion-ends"]
    return [(str(each["ends"]), each["until"], each["after"]) for each in found]


def test_a_promotion_that_ends_with_the_term_does_not_split_it_and_says_what_comes_after():
    priced = quote(a_rulebook(CRM, PRICES, discounts=[a_promotion(ends_on=date(2027, 1, 1))]), add("crm", "1"))
    assert spans(priced) == [("2026-01-01", "2027-01-01", D(540))]
    assert said(priced) == [("2027-01-01", D("540.00"), D("600.00"))]


def test_a_promotion_that_ends_a_day_before_the_term_leaves_one_day_at_full_price():
    # 540 × 364/365 + 600 × 1/365 = 538.5205… + 1.6438… = 540.1643…
    priced = quote(a_rulebook(CRM, PRICES, discounts=[a_promotion(ends_on=date(2026, 12, 31))]), add("crm", "1"))
    assert spans(priced) == [("2026-01-01", "2026-12-31", D(540)), ("2026-12-31", "2027-01-01", D(600))]
    assert total(priced).net == D("540.16")
    assert said(priced) == [("2026-12-31", D("540.00"), D("600.00"))]


def test_a_promotion_that_outlasts_the_term_does_not_end_on_the_quote():
    priced = quote(a_rulebook(CRM, PRICES, discounts=[a_promotion(months=13)]), add("crm", "1"))
    assert (spans(priced), codes(priced)) == ([("2026-01-01", "2027-01-01", D(540))], [])


@pytest.mark.parametrize(("ends", "net"), [(date(2026, 1, 1), D("600.00")), (date(2026, 1, 2), D("540.00"))])
def test_a_promotion_over_on_the_effective_date_is_not_granted(ends, net):
    priced = quote(a_rulebook(CRM, PRICES, discounts=[a_promotion(ends_on=ends)]), add("crm", "1"))
    assert total(priced).arr == net


def test_of_months_and_a_date_the_earlier_ends_the_promotion():
    both = a_promotion(months=6, ends_on=date(2026, 3, 1))
    priced = quote(a_rulebook(CRM, PRICES, discounts=[both]), add("crm", "1"))
    assert said(priced) == [("2026-03-01", D("540.00"), D("600.00"))]


def test_each_of_two_promotions_says_the_price_on_its_own_last_day():
    # 10% and 20% of 600.00 in one sum group: 420.00; from March without the 10% 480.00; from June 600.00.
    promotions = [a_promotion("ten", months=2), a_promotion("twenty", "0.20", months=5)]
    priced = quote(a_rulebook(CRM, PRICES, discounts=promotions), add("crm", "1"))
    assert [net for _, _, net in spans(priced)] == [D(420), D(480), D(600)]
    assert said(priced) == [("2026-03-01", D("420.00"), D("480.00")), ("2026-06-01", D("480.00"), D("600.00"))]


def test_a_promotion_that_comes_to_bear_when_a_better_one_ends_is_announced_too():
    # Best of 20% for 2 months and 10% for 5: 480.00, then 540.00, then 600.00.
    groups = [DiscountGroup("promotions", Pick.BEST, Base.COMPOUND)]
    promotions = [a_promotion("best", "0.20", months=2), a_promotion("next", months=5)]
    priced = quote(a_rulebook(CRM, PRICES, discounts=promotions, groups=groups), add("crm", "1"))
    assert said(priced) == [("2026-03-01", D("480.00"), D("540.00")), ("2026-06-01", D("540.00"), D("600.00"))]


def test_the_price_until_a_promotion_ends_counts_the_ramp_steps_before_it():
    # 1 user until April, then 2: on the last day of June 2 users at 540.00 each.
    ramped = add("crm", "1", ramp=(RampStep(3, {"users": D(2)}),))
    priced = quote(a_rulebook(CRM, PRICES, discounts=[a_promotion(months=6)]), ramped)
    assert said(priced) == [("2026-07-01", D("1080.00"), D("1200.00"))]


def test_a_one_time_fee_keeps_its_promotion_and_no_end_is_announced_for_it():
    setup = a_product("setup", seats("fee", metric=None, months=None, timing=Timing.ONE_TIME))
    anything = a_promotion(months=3, applies_to=type(a_promotion().applies_to)())
    rulebook = a_rulebook([setup], {"setup.fee": Flat(D("500.00"))}, discounts=[anything])
    priced = quote(rulebook, add("setup"))
    assert (total(priced).net, codes(priced)) == (D("450.00"), [])


def test_a_month_split_by_a_promotions_end_is_billed_once_under_every_method():
    # Free until 2026-01-16, then 600.00: of January 16/31 days are paid by days, 0 of the begun month by months.
    january = {
        ProrationMethod.DAYS: D("25.81"),  # 50 × 16/31 = 25.806…
        ProrationMethod.MONTHS: D("0"),
        ProrationMethod.MONTHS_DAYS: D("25.81"),
        ProrationMethod.THIRTY_360: D("25.00"),  # 50 × 15/30
    }
    free = a_promotion(percent="1", ends_on=date(2026, 1, 16))
    for method, amount in january.items():
        rulebook = a_rulebook(CRM, PRICES, discounts=[free], proration=method)
        priced = quote(rulebook, add("crm", "1"), billing="monthly_in_advance")
        assert total(priced).net == 550 + amount
        assert sum(each.total for each in priced.invoices if each.day == date(2026, 1, 1)) == amount


def test_a_promotion_of_several_lines_names_their_sum():
    products = [a_product("crm"), a_product("analytics")]
    rulebook = a_rulebook(products, {**PRICES, "analytics.seats": "20.00"}, discounts=[a_promotion(months=6)])
    priced = quote(rulebook, add("crm", "1"), add("analytics", "1"))
    assert said(priced) == [("2026-07-01", D("756.00"), D("840.00"))]
    assert finding(priced, "promotion-ends").rule == ref("spring")
