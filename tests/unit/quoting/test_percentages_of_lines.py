"""Percentages of other lines: exact over any period, and without a price while one of the lines has none."""

from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Band, Flat, Graduated, Percentage
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle, ProductType, Selector, Timing
from pricing_engine.policies.approvals import ApprovalMatrix, ApprovalRow, Hit, Range
from pricing_engine.policies.discretion import Discretion, DiscretionLimit
from pricing_engine.pricing.waterfall import StepKind
from pricing_engine.quoting.request import AmountOff, DiscountRequest, PercentOff, RampStep
from tests.rulebooks import a_product, a_rulebook, add, quote, ref, seats
from tests.unit.quoting.reading import FREELY, codes, line, total

D = Decimal
MODULES = Selector(types=frozenset({ProductType.MODULE}))
TWENTY = Percentage(Graduated((Band(None, D("0.20")),)))
CRM = a_product("crm", seats(months=12))
PRICES = {"crm.seats": "600.00", "support.fee": TWENTY}
BOTH = (add("crm", "1"), add("support"))


BOSS = ApprovalMatrix(
    "m", ("discretionary",), ("boss",), Hit.FIRST, (ApprovalRow((Range(None, None),), "boss", ref("a")),)
)


def at_most(share: str) -> Discretion:
    """A rep may give this share of any line, and of the quote."""
    return Discretion((DiscretionLimit("d1", "rep", D(share), D(share), Selector(), ref("d1")),), frozenset())


def support(months: int = 1):
    return a_product("support", seats("fee", metric=None, months=months, of_lines=MODULES), type_=ProductType.SERVICE)


def test_ten_percent_off_a_monthly_percentage_of_a_yearly_price_is_exactly_ten_percent():
    # 20% of 0.01 ÷ 12 a month has no last decimal; a year of it is 0.002, and 10% off is 10%.
    for price in ("0.01", "33.33", "7.77", "1234.567891"):
        rulebook = a_rulebook(
            [CRM, support()], {"crm.seats": price, "support.fee": TWENTY}, discretion=at_most("0.10"), approvals=BOSS
        )
        priced = quote(rulebook, add("crm", "7"), add("support"), discounts=(DiscountRequest(PercentOff(D("0.10"))),))
        (segment,) = line(priced, "support.fee").segments
        assert (segment.list, segment.net) == (D(price) * 7 * D("0.20"), D(price) * 7 * D("0.20") * D("0.9"))
        assert (codes(priced), priced.approval_levels) == ([], ())


def test_a_percentage_asked_off_the_quote_comes_off_a_percentage_of_its_lines_once():
    # 8% off 600.00 and off 120.00 is 8% off 720.00; support is still 20% of what CRM comes to.
    asked = (DiscountRequest(PercentOff(D("0.08"))),)
    priced = quote(a_rulebook([CRM, support()], PRICES, discretion=FREELY), *BOTH, discounts=asked)
    assert [(each.list_per_year, each.net_per_year) for each in priced.lines] == [
        (D("600.00"), D("552.00")),
        (D("120.00"), D("110.40")),
    ]


def test_what_is_asked_off_a_line_takes_a_percentage_of_it_down_in_a_step_that_limits_count():
    # 10% off 600.00 is 540.00, and support 108.00 instead of 120.00: 72.00 of 720.00, 10% of the quote.
    asked = (DiscountRequest(PercentOff(D("0.10")), "crm"),)
    rulebook = a_rulebook([CRM, support()], PRICES, discretion=at_most("0.05"), approvals=BOSS)
    priced = quote(rulebook, *BOTH, discounts=asked)
    (segment,) = line(priced, "support.fee").segments
    assert (segment.list, segment.net) == (D("120.00"), D("108.00"))
    assert [(step.kind, step.rule.id) for step in segment.steps[1:]] == [(StepKind.DISCRETIONARY, "share-of-lines")]
    beyond = [(each.line, each.facts["asked"]) for each in priced.findings if each.code == "discretion-exceeded"]
    assert beyond == [("crm.seats", D("0.1")), ("support.fee", D("0.1")), (None, D("0.1"))]


def test_a_percentage_asked_off_the_quote_comes_off_a_minimum_too():
    price = Price(TWENTY, minimum=D("50.00"))
    asked = (DiscountRequest(PercentOff(D("0.08"))),)
    rulebook = a_rulebook([CRM, support()], {**PRICES, "support.fee": price}, discretion=FREELY)
    assert line(quote(rulebook, *BOTH, discounts=asked), "support.fee").net_per_year == D("552.00")  # 600.00 less 8%


@pytest.mark.parametrize(
    ("months", "net"),
    [(12, "199.90"), (1, "1298.80")],
)
def test_bands_flat_parts_and_minimums_are_of_the_charges_own_period(months, net):
    # Base 600.00 a year. Yearly: 99.90 + 20% of 500 = 199.90, the rest free.
    # Monthly: base 50.00, 99.90 + 10.00 = 109.90, but at most 108.2333… a month: 1,298.80 a year.
    model = Percentage(Graduated((Band(D(500), D("0.20"), D("99.90")), Band(None, D(0)))))
    most = None if months == 12 else D("1298.80") / 12
    price = Price(model, maximum=most)
    rulebook = a_rulebook([CRM, support(months)], {"crm.seats": "600.00", "support.fee": price})
    assert line(quote(rulebook, add("crm", "1"), add("support")), "support.fee").net_per_year == D(net)


def test_support_below_its_minimum_costs_the_minimum_even_of_nothing():
    price = Price(TWENTY, minimum=D("5.00"))
    rulebook = a_rulebook([CRM, support()], {"crm.seats": "0", "support.fee": price})
    assert line(quote(rulebook, add("crm", "1"), add("support")), "support.fee").net_per_year == D("60.00")


def test_a_percentage_of_a_line_on_request_has_no_price_until_that_has():
    region = a_product("region", seats("fee", metric=None))
    rulebook = a_rulebook([region, support()], {"region.fee": None, "support.fee": TWENTY})
    priced = quote(rulebook, add("region"), add("support"))
    assert [(each.code, each.line) for each in priced.findings] == [
        ("price-on-request", "region.fee"),
        ("price-on-request", "support.fee"),
    ]
    assert [each.what for each in priced.findings] == [
        "region.fee is priced on request and has been given no price",
        "support.fee is a percentage of lines of which one has no price yet",
    ]
    assert priced.totals is None
    given = add("region", unit_prices={"fee": D("100.00")})
    assert total(quote(rulebook, given, add("support"), role="deal_desk")).arr == D("1440.00")


def test_a_line_on_request_inside_a_bundle_leaves_the_others_their_bundle_price():
    region = a_product("region", seats("fee", metric=None))
    bundle = Bundle("pair", "", (frozenset({"crm"}), frozenset({"region"})), ref("pair"), D("0.10"))
    rulebook = a_rulebook([CRM, region], {"crm.seats": "600.00", "region.fee": None}, bundles=[bundle])
    priced = quote(rulebook, add("crm", "1"), add("region"), bundles=("pair",))
    assert (line(priced, "crm.seats").net_per_year, priced.totals) == (D("540.00"), None)
    given = add("region", unit_prices={"fee": D("100.00")})
    priced = quote(rulebook, add("crm", "1"), given, bundles=("pair",), role="deal_desk")
    assert total(priced).arr == D("1620.00")  # 540.00 + 1,200.00 less 10%


def test_percentages_do_not_count_in_one_another():
    # Care is 10% of everything but support, support 20% of everything but care.
    care = a_product("care", seats("fee", metric=None, of_lines=Selector()))
    both = a_product("support", seats("fee", metric=None, of_lines=Selector()))
    prices = {"crm.seats": "600.00", "support.fee": TWENTY, "care.fee": Percentage(Graduated((Band(None, D("0.10")),)))}
    priced = quote(a_rulebook([CRM, care, both], prices), add("care"), add("support"), add("crm", "1"))
    assert [each.net_per_year for each in priced.lines] == [D("60.00"), D("120.00"), D("600.00")]


def test_a_one_time_percentage_is_of_the_first_years_price():
    # 15% of 600.00 once, whatever the term.
    onboarding = a_product(
        "onboarding", seats("fee", metric=None, months=None, timing=Timing.ONE_TIME, of_lines=MODULES)
    )
    model = Percentage(Graduated((Band(None, D("0.15")),)))
    rulebook = a_rulebook([CRM, onboarding], {"crm.seats": "600.00", "onboarding.fee": model})
    priced = quote(rulebook, add("crm", "1"), add("onboarding"), term_months=36)
    assert total(priced).one_time == D("90.00")


def test_a_fee_charged_once_is_not_refused_for_what_later_prices_would_make_of_it():
    # 100.00 off 6,000.00 a year and 200.00 once takes 3.23 off the fee. When seats ramp down to 60.00 a year, 76.92 of
    # 100.00 would fall on the fee, more than the cap of 20% — but the fee was sold on the first day.
    setup = a_product("setup", seats("fee", metric=None, months=None, timing=Timing.ONE_TIME))
    discretion = Discretion(
        (DiscretionLimit("d1", "rep", D(1), D(1), Selector(), ref("d1")),), frozenset(), D("0.20"), ref("cap")
    )
    prices = {"crm.seats": "600.00", "setup.fee": Flat(D("200.00"))}
    rulebook = a_rulebook([CRM, setup], prices, discretion=discretion)
    fewer = add("crm", "10", ramp=(RampStep(6, {"users": D("0.1")}),))
    priced = quote(rulebook, fewer, add("setup"), discounts=(DiscountRequest(AmountOff(D("100.00"))),))
    assert line(priced, "setup.fee").net_term == D("196.77")
    refused = [each.line for each in priced.findings if each.code == "discount-beyond-cap"]
    assert refused == ["crm.seats"]  # 23.08 off 60.00
