"""The worked figures of the design, and quotes of bundles, percentages, ramps and usage, worked out in comments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Band, Flat, Graduated, Package, Percentage, Volume
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle, ProductType, Selector, Timing
from pricing_engine.money import ZERO
from pricing_engine.policies.discounts import Schedule
from pricing_engine.quoting.refusals import (
    BundleIncomplete,
    PriceNotAllowed,
    RoleMayNotPrice,
)
from pricing_engine.quoting.request import RampStep
from tests.rulebooks import (
    a_policy,
    a_product,
    a_rulebook,
    add,
    quote,
    ref,
    seats,
)
from tests.unit.quoting.reading import codes, line, total

D = Decimal

MULTI_PRODUCT = a_policy(
    "multi-product", Schedule("product_count", ((D(2), D("0.10")), (D(3), D("0.15")))), stacks_with_bundles=False
)
TWO = [a_product("crm"), a_product("analytics")]
TWO_PRICES = {"crm.seats": "50.00", "analytics.seats": "20.00"}


def test_two_products_get_ten_percent_as_in_the_worked_example_of_the_design() -> None:
    # CRM 100 × 50.00 × 12 = 60,000 → 54,000; Analytics 100 × 20.00 × 12 = 24,000 → 21,600; ARR 75,600.
    priced = quote(a_rulebook(TWO, TWO_PRICES, discounts=[MULTI_PRODUCT]), add("crm", "100"), add("analytics", "100"))
    assert line(priced, "crm.seats").net_per_year == D("54000.00")
    assert line(priced, "analytics.seats").net_per_year == D("21600.00")
    assert total(priced).arr == D("75600.00")
    assert total(priced).mrr == D("6300.00")
    assert total(priced).discount == D("8400.00")


def test_the_waterfall_adds_up_to_the_last_decimal() -> None:
    priced = quote(a_rulebook(TWO, TWO_PRICES, discounts=[MULTI_PRODUCT]), add("crm", "7"), add("analytics", "3"))
    for each in priced.lines:
        for segment in each.segments:
            assert sum((step.amount for step in segment.steps), ZERO) == segment.net - segment.list
            for before, after in zip(segment.steps, segment.steps[1:], strict=False):
                assert before.after == after.before
        assert each.closing[-1].after == each.net_term


def test_eleven_users_cost_less_than_nine_and_the_quote_says_so() -> None:
    # Volume bands [≤10: 20.00][open: 15.00]: 9 → 180.00, 11 → 165.00, so 11 saves 15.00.
    model = Volume((Band(D(10), D("20.00")), Band(None, D("15.00"))))
    priced = quote(a_rulebook([a_product("crm")], {"crm.seats": model}), add("crm", "9"))
    finding = next(finding for finding in priced.findings if finding.code == "cheaper-above")
    assert (finding.facts["quantity"], finding.facts["saving"]) == (D(11), D("15.00"))
    assert "cheaper-above" not in codes(quote(a_rulebook([a_product("crm")], {"crm.seats": model}), add("crm", "8")))


def test_a_ramp_that_comes_to_cost_more_than_more_would_says_so() -> None:
    model = Volume((Band(D(10), D("20.00")), Band(None, D("15.00"))))
    ramped = add("crm", "5", ramp=(RampStep(6, {"users": D(9)}),))
    priced = quote(a_rulebook([a_product("crm")], {"crm.seats": model}), ramped)
    (finding,) = [finding for finding in priced.findings if finding.code == "cheaper-above"]
    assert finding.facts == {"quantity": D(11), "saving": D("15.00"), "from": date(2026, 7, 1)}


def test_an_eighteen_month_yearly_plan_measures_its_stub_on_the_whole_second_year() -> None:
    # Year one 600.00; 2027-01-01 → 2027-07-01 is 181 of 365 days: 600 × 181/365 = 297.534… → 897.53.
    priced = quote(a_rulebook(TWO, TWO_PRICES), add("crm", "1"), term_months=18)
    assert line(priced, "crm.seats").net_term == D("897.53")
    assert [invoice.total for invoice in priced.invoices] == [D("600.00"), D("297.53")]
    assert total(priced).acv == D("598.35")  # 897.53 × 12/18 = 598.3533


def test_monthly_invoices_of_a_year_are_equal_parts_and_sum_to_the_contract() -> None:
    # 1 user at 8.33⅓ is not sold; 10.01 × 12 = 120.12 in twelve parts of 10.01.
    priced = quote(a_rulebook(TWO, {**TWO_PRICES, "crm.seats": "10.01"}), add("crm", "1"), billing="monthly_in_advance")
    assert [invoice.total for invoice in priced.invoices] == [D("10.01")] * 12
    assert priced.invoices[1].day == date(2026, 2, 1)


def test_arrears_are_invoiced_at_the_end_of_each_period_and_one_time_fees_on_the_first_day() -> None:
    setup = a_product(
        "setup", seats("fee", metric=None, months=None, timing=Timing.ONE_TIME), type_=ProductType.SERVICE
    )
    rulebook = a_rulebook([*TWO, setup], {**TWO_PRICES, "setup.fee": Flat(D("500.00"))})
    priced = quote(rulebook, add("crm", "1"), add("setup"), billing="quarterly_in_arrears")
    assert [(str(invoice.day), invoice.total) for invoice in priced.invoices] == [
        ("2026-01-01", D("500.00")),
        ("2026-04-01", D("150.00")),
        ("2026-07-01", D("150.00")),
        ("2026-10-01", D("150.00")),
        ("2027-01-01", D("150.00")),
    ]
    assert total(priced).one_time == D("500.00")
    assert total(priced).arr == D("600.00")


def test_a_bundle_comes_off_list_and_its_lines_get_no_policy_unless_it_stacks() -> None:
    # 84,000 − 18% = 68,880; multi-product does not stack with bundles.
    bundle = Bundle("suite", "Suite", (frozenset({"crm"}), frozenset({"analytics", "other"})), ref("suite"), D("0.18"))
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[MULTI_PRODUCT], bundles=[bundle])
    priced = quote(rulebook, add("crm", "100"), add("analytics", "100"), bundles=("suite",))
    assert total(priced).arr == D("68880.00")
    with pytest.raises(BundleIncomplete, match="analytics or other"):
        quote(rulebook, add("crm", "100"), bundles=("suite",))


def test_a_fixed_bundle_price_is_shared_over_its_lines_by_list() -> None:
    # 5,000.00 a month → 60,000 a year over 60,000 : 24,000 = 42,857.14 : 17,142.86.
    bundle = Bundle(
        "suite", "Suite", (frozenset({"crm"}), frozenset({"analytics"})), ref("suite"), None, "suite.price", 1
    )
    rulebook = a_rulebook(TWO, {**TWO_PRICES, "suite.price": Flat(D(5000))}, bundles=[bundle])
    priced = quote(rulebook, add("crm", "100"), add("analytics", "100"), bundles=("suite",))
    assert [each.net_per_year for each in priced.lines] == [D("42857.14"), D("17142.86")]


def test_support_is_a_percentage_of_the_net_of_other_lines() -> None:
    # 20% of the net 75,600 = 15,120, although list is 84,000.
    support = a_product(
        "support",
        seats("fee", metric=None, of_lines=Selector(types=frozenset({ProductType.MODULE}))),
        type_=ProductType.SERVICE,
    )
    model = Percentage(Graduated((Band(None, D("0.20")),)))
    policy = a_policy("multi", MULTI_PRODUCT.size, applies_to=Selector(types=frozenset({ProductType.MODULE})))
    rulebook = a_rulebook([support, *TWO], {**TWO_PRICES, "support.fee": model}, discounts=[policy])
    priced = quote(rulebook, add("support"), add("crm", "100"), add("analytics", "100"))
    assert line(priced, "support.fee").net_per_year == D("15120.00")
    assert [each.id for each in priced.lines] == ["support.fee", "crm.seats", "analytics.seats"]


def test_a_ramp_prices_each_stretch_and_arr_is_the_first() -> None:
    # 10 users the first year, 20 the second, at 50.00: 6,000 + 12,000.
    rulebook = a_rulebook(TWO, TWO_PRICES)
    steps = (RampStep(12, {"users": D(20)}),)
    priced = quote(rulebook, add("crm", "10", ramp=steps), term_months=24)
    crm = line(priced, "crm.seats")
    assert [segment.quantity for segment in crm.segments] == [D(10), D(20)]
    assert (crm.net_per_year, crm.net_term) == (D("6000.00"), D("18000.00"))
    assert [invoice.total for invoice in priced.invoices] == [D("6000.00"), D("12000.00")]


def test_a_price_on_request_leaves_the_quote_without_a_total_until_someone_allowed_gives_one() -> None:
    rulebook = a_rulebook([*TWO, a_product("region", seats("fee", metric=None))], {**TWO_PRICES, "region.fee": None})
    priced = quote(rulebook, add("crm", "1"), add("region"))
    assert priced.totals is None
    assert priced.invoices == ()
    assert (codes(priced), priced.is_refused) == (["price-on-request"], True)
    given = add("region", unit_prices={"fee": D("2000.00")})
    assert total(quote(rulebook, add("crm", "1"), given, role="deal_desk")).arr == D("24600.00")
    with pytest.raises(RoleMayNotPrice):
        quote(rulebook, given)
    with pytest.raises(PriceNotAllowed):
        quote(rulebook, add("crm", "1", unit_prices={"seats": D(1)}), role="deal_desk")


def test_a_committed_quantity_counts_and_usage_above_it_is_only_estimated() -> None:
    # 100,000 calls committed at 7.50 per 10,000 = 75.00 a month; 20,000 more at 0.001 = 20.00.
    api = a_product("api", seats("calls", metric="api_calls", timing=Timing.USAGE))
    price = Price(Package(D(10000), D("7.50")), overage_unit_price=D("0.001"))
    rulebook = a_rulebook([api], {"api.calls": price})
    priced = quote(rulebook, add("api", quantities={"api_calls": "100000"}), usage={"api_calls": D(120000)})
    calls = line(priced, "api.calls")
    assert (calls.net_per_year, calls.usage_estimate) == (D("900.00"), D("20.00"))
    assert total(quote(rulebook, add("api"))).arr == D("0.00")
    committed = add("api", commitments={"calls": D("60.00")})
    assert total(quote(rulebook, committed)).arr == D("720.00")
