"""What a rep may take off: exact at the limit over any term, in every segment, and routed by what was asked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Flat
from pricing_engine.catalog.products import ProductType, Selector, Timing
from pricing_engine.expressions import Kind, Name
from pricing_engine.periods import ProrationMethod
from pricing_engine.policies.approvals import ApprovalMatrix, ApprovalRow, Hit, Range
from pricing_engine.policies.discretion import Discretion, DiscretionLimit
from pricing_engine.quoting.facts import FactMissing
from pricing_engine.quoting.request import AmountOff, DiscountRequest, PercentOff, RampStep, TargetPrice
from pricing_engine.rulebook.rulebook import ExchangeRates, Rulebook, VocabularyName
from tests.rulebooks import JPY, VOCABULARY, a_book, a_policy, a_product, a_rulebook, add, quote, ref, seats
from tests.unit.quoting.reading import FREELY, codes, finding, line, total

D = Decimal
ANY = Range(None, None)
TEN = Discretion((DiscretionLimit("d1", "rep", D("0.10"), D("0.10"), Selector(), ref("d1")),), frozenset())
PRODUCTS = [a_product("crm"), a_product("analytics", family="insight")]
PRICES = {"crm.seats": "33.33", "analytics.seats": "0.070000000001"}
EVERYONE = ApprovalMatrix(
    "m", ("discretionary",), ("manager",), Hit.HIGHEST, (ApprovalRow((ANY,), "manager", ref("a")),)
)


def ten_percent(*, product: str | None = None) -> tuple[DiscountRequest, ...]:
    return (DiscountRequest(PercentOff(D("0.10")), product),)


def routed_by(column: str, *rows: tuple[Range, str], hit: Hit = Hit.HIGHEST) -> ApprovalMatrix:
    levels = ("manager", "director", "deal_desk")
    return ApprovalMatrix("m", (column,), levels, hit, tuple(ApprovalRow((cell,), to, ref(to)) for cell, to in rows))


def test_a_share_a_hair_beyond_the_limit_is_written_so_that_it_shows():
    asked = (DiscountRequest(PercentOff(D("0.10004"))),)
    rulebook = a_rulebook(PRODUCTS, PRICES, discretion=TEN, approvals=EVERYONE)
    said = [each.what for each in quote(rulebook, add("crm", "7"), discounts=asked).findings]
    assert said[-1] == "10.004% off the quote is beyond the 10.00% a rep may give"


@pytest.mark.parametrize("method", list(ProrationMethod))
@pytest.mark.parametrize("billing", ["yearly_in_advance", "quarterly_in_arrears", "up_front"])
@pytest.mark.parametrize("term_months", [1, 7, 17, 37])
def test_ten_percent_asked_is_exactly_ten_percent_over_any_term(method, billing, term_months):
    # 17 months from 29 Feb 2024 leave a stub of 5 months on a year of 365 days: nothing of that may show in the share.
    rulebook = a_rulebook(
        PRODUCTS,
        PRICES,
        discounts=[a_policy("third", "0.333333")],
        discretion=TEN,
        approvals=EVERYONE,
        proration=method,
    )
    ramped = add("crm", "7", ramp=(RampStep(5, {"users": D(11)}),)) if term_months > 5 else add("crm", "7")
    priced = quote(
        rulebook,
        ramped,
        add("analytics", "3"),
        discounts=ten_percent(),
        term_months=term_months,
        billing=billing,
        effective_date=date(2024, 2, 29),
    )
    assert priced.approval_levels == ()
    assert "discretion-exceeded" not in codes(priced)


def test_a_hair_more_than_the_limit_is_beyond_it():
    rulebook = a_rulebook(PRODUCTS, PRICES, discretion=TEN, approvals=EVERYONE)
    asked = (DiscountRequest(PercentOff(D("0.100000000001"))),)
    priced = quote(rulebook, add("crm", "7"), discounts=asked, term_months=17)
    assert [(found.code, found.line) for found in priced.findings] == [
        ("discretion-exceeded", "crm.seats"),
        ("discretion-exceeded", None),
    ]
    assert priced.approval_levels == ("manager",)


def test_the_segment_in_which_most_is_taken_off_is_the_one_that_counts():
    # A target of 45.00 on 50.00 is 10%; from month 12 a ramp asks 44.99, which is 10.02% of that line.
    rulebook = a_rulebook(PRODUCTS, {"crm.seats": "50.00"}, discretion=TEN, approvals=EVERYONE)
    steps = (RampStep(12, unit_prices={"seats": D("44.99")}),)
    asked = (DiscountRequest(TargetPrice(D("45.00")), "crm"),)
    priced = quote(rulebook, add("crm", "10", ramp=steps), discounts=asked, term_months=24)
    assert [(found.code, found.line) for found in priced.findings] == [
        ("discretion-exceeded", "crm.seats"),
        ("discretion-exceeded", None),
    ]


def test_a_ramp_to_a_price_of_nothing_needs_approval_like_any_other_discount():
    rulebook = a_rulebook(PRODUCTS, PRICES, discretion=TEN, approvals=EVERYONE)
    priced = quote(rulebook, add("crm", "10", ramp=(RampStep(6, unit_prices={"seats": D(0)}),)))
    assert line(priced, "crm.seats").segments[-1].net == 0
    assert priced.approval_levels == ("manager",)


def test_the_same_discount_twice_is_nineteen_percent_and_not_twenty():
    # 1 − 0.9 × 0.9.
    rulebook = a_rulebook(PRODUCTS, PRICES, discretion=TEN, approvals=EVERYONE)
    priced = quote(rulebook, add("crm", "10"), discounts=ten_percent() * 2)
    assert finding_of_quote(priced).facts["asked"] == D("0.19")


def finding_of_quote(priced):
    return next(each for each in priced.findings if each.code == "discretion-exceeded" and each.line is None)


def test_a_limit_on_products_that_were_not_discounted_does_not_bind_the_quote():
    none_off_insight = DiscretionLimit(
        "insight", "rep", D(0), D(0), Selector(families=frozenset({"insight"})), ref("insight")
    )
    rulebook = a_rulebook(
        PRODUCTS, PRICES, discretion=replace(TEN, limits=(*TEN.limits, none_off_insight)), approvals=EVERYONE
    )
    crm_only = quote(rulebook, add("crm", "10"), add("analytics", "10"), discounts=ten_percent(product="crm"))
    assert crm_only.approval_levels == ()
    both = quote(rulebook, add("crm", "10"), add("analytics", "10"), discounts=ten_percent())
    assert [found.line for found in both.findings] == ["analytics.seats", None]


def test_a_role_without_a_limit_may_give_nothing():
    rulebook = a_rulebook(PRODUCTS, PRICES, discretion=TEN, approvals=EVERYONE)
    priced = quote(rulebook, add("crm", "1"), discounts=(DiscountRequest(PercentOff(D("0.0001"))),), role="manager")
    assert priced.approval_levels == ("manager",)


def with_discount_column(rulebook: Rulebook) -> Rulebook:
    name = VocabularyName(Name("discount", Kind.RATIO), "quote.discount")
    return replace(rulebook, vocabulary={**VOCABULARY, "discount": name})


def test_all_discounts_are_measured_before_cents_are_rounded():
    # 1 user at 1.06 once: 10% off is 0.954 → 0.95, which is 10.38% of 1.06; asked was 10%, and 10% is routed.
    matrix = routed_by("discount", (Range(None, D("0.1001")), "manager"), (Range(D("0.1001"), None), "deal_desk"))
    product = a_product("setup", seats("fee", metric=None, months=None, timing=Timing.ONE_TIME))
    nothing = Discretion((), frozenset())
    rulebook = a_rulebook([product], {"setup.fee": Flat(D("1.06"))}, discretion=nothing, approvals=matrix)
    priced = quote(with_discount_column(rulebook), add("setup"), discounts=ten_percent())
    assert total(priced).net == D("0.95")
    assert priced.approval_levels == ("manager",)


@pytest.mark.parametrize(
    ("percent", "level"),
    [("0.1999", "manager"), ("0.20", "director"), ("0.2999", "director"), ("0.30", "deal_desk"), ("1", "deal_desk")],
)
def test_ranges_of_the_matrix_hold_their_lower_bound_and_not_their_upper(percent, level):
    rows = (
        (Range(D(0), D("0.20")), "manager"),
        (Range(D("0.20"), D("0.30")), "director"),
        (Range(D("0.30"), None), "deal_desk"),
    )
    rulebook = a_rulebook(PRODUCTS, PRICES, discretion=TEN, approvals=routed_by("discretionary", *rows))
    asked = (DiscountRequest(PercentOff(D(percent))),)
    assert quote(rulebook, add("crm", "3"), discounts=asked, term_months=13).approval_levels == (level,)


def test_the_highest_or_the_first_of_several_rows_decides():
    rows = ((Range(D(0), None), "manager"), (Range(D("0.15"), None), "deal_desk"))
    asked = (DiscountRequest(PercentOff(D("0.20"))),)
    levels = [
        quote(
            a_rulebook(PRODUCTS, PRICES, discretion=TEN, approvals=routed_by("discretionary", *rows, hit=hit)),
            add("crm", "3"),
            discounts=asked,
        ).approval_levels
        for hit in (Hit.HIGHEST, Hit.FIRST)
    ]
    assert levels == [("deal_desk",), ("manager",)]


@pytest.mark.parametrize(("day", "level"), [(date(2026, 5, 31), "manager"), (date(2026, 6, 1), "director")])
def test_amounts_are_converted_at_the_rate_in_force_on_the_effective_date(day, level):
    # 1,000,000 JPY a year less 20% is 800,000: 5,600 USD at 0.0070 and 6,400 USD at 0.0080 from 1 June.
    rows = ((Range(None, D(6000)), "manager"), (Range(D(6000), None), "director"))
    products = [a_product("crm", seats(months=12))]
    books = [a_book({"crm.seats": "1000000"}, currency=JPY)]
    rulebook = a_rulebook(products, books, discretion=TEN, approvals=routed_by("acv", *rows))
    dated = ExchangeRates("USD", (date(2020, 1, 1), date(2026, 6, 1)), ({"JPY": D("0.0070")}, {"JPY": D("0.0080")}))
    asked = (DiscountRequest(PercentOff(D("0.20"))),)
    priced = quote(replace(rulebook, rates=dated), add("crm", "1"), discounts=asked, currency="JPY", effective_date=day)
    assert priced.approval_levels == (level,)


def test_a_target_price_does_not_touch_a_committed_amount_which_has_no_units():
    # The committed 60.00 a month stays 720.00 a year; seats come down from 50.00 to 40.00.
    product = a_product(
        "api", seats(), seats("calls", metric="api_calls", timing=Timing.USAGE), type_=ProductType.MODULE
    )
    rulebook = a_rulebook([product], {"api.seats": "50.00", "api.calls": "0.001"}, discretion=FREELY)
    asked = (DiscountRequest(TargetPrice(D("40.00")), "api"),)
    priced = quote(rulebook, add("api", "1", commitments={"calls": D("60.00")}), discounts=asked)
    assert [each.net_per_year for each in priced.lines] == [D("480.00"), D("720.00")]
    only_calls = (DiscountRequest(TargetPrice(D("0.0005")), "api", "calls"),)
    priced = quote(rulebook, add("api", "1", commitments={"calls": D("60.00")}), discounts=only_calls)
    assert finding(priced, "discount-without-effect").rule.id == "/discounts/0"


def test_one_hundred_percent_off_ends_at_exactly_nothing_whatever_came_before():
    policies = [a_policy("third", "0.333333"), a_policy("more", "0.07", group="promotions")]
    rulebook = a_rulebook(PRODUCTS, PRICES, discounts=policies, discretion=FREELY)
    asked = (DiscountRequest(AmountOff(D("0.01"))), DiscountRequest(PercentOff(D(1))))
    priced = quote(rulebook, add("crm", "7"), add("analytics", "3"), discounts=asked, term_months=17)
    assert [each.net_term for each in priced.lines] == [0, 0]
    assert total(priced).net == 0


def test_a_matrix_that_goes_by_what_nobody_said_names_it():
    rows = ((Range(None, D(100)), "manager"), (Range(D(100), None), "director"))
    rulebook = a_rulebook(PRODUCTS, PRICES, discretion=TEN, approvals=routed_by("age_of_account", *rows))
    with pytest.raises(FactMissing, match="goes by age_of_account"):
        quote(rulebook, add("crm", "1"), discounts=ten_percent() * 2)
    assert quote(rulebook, add("crm", "1"), discounts=ten_percent()).approval_levels == ()  # nobody need agree
