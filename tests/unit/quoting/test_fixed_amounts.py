"""Fixed amounts (a policy, a rep, a bundle) are given once, in whole minor units, and stop at what is left."""

from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Band, Flat, Graduated, Percentage
from pricing_engine.catalog.products import Bundle, ProductType, Selector, Timing
from pricing_engine.money import ZERO
from pricing_engine.policies.discounts import Amount
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import AmountOff, DiscountRequest, RampStep
from tests.rulebooks import JPY, a_book, a_policy, a_product, a_rulebook, add, quote, ref, seats
from tests.unit.quoting.reading import FREELY, line, total

D = Decimal
SUPPORT = a_product(
    "support",
    seats("fee", metric=None, of_lines=Selector(types=frozenset({ProductType.MODULE}))),
    type_=ProductType.SERVICE,
)
PRODUCTS = [a_product("crm"), a_product("analytics"), SUPPORT]
PRICES = {
    "crm.seats": "50.00",
    "analytics.seats": "20.00",
    "support.fee": Percentage(Graduated((Band(None, D("0.20")),))),
}


def nets(priced: Quote) -> list[Decimal]:
    return [each.net_per_year for each in priced.lines]


def test_an_amount_asked_off_the_quote_is_taken_off_it_once_percentages_of_its_lines_among_it():
    # CRM 600.00 and support, 20% of it, 120.00 are 720.00; less 100.00 they are 620.00, five sixths of it CRM's.
    asked = (DiscountRequest(AmountOff(D("100.00"))),)
    priced = quote(a_rulebook(PRODUCTS, PRICES, discretion=FREELY), add("crm", "1"), add("support"), discounts=asked)
    assert nets(priced) == [D("516.67"), D("103.33")]
    assert total(priced).list == D("720.00")


def test_an_amount_asked_off_support_alone_is_taken_off_support():
    asked = (DiscountRequest(AmountOff(D("100.00")), "support"),)
    priced = quote(a_rulebook(PRODUCTS, PRICES, discretion=FREELY), add("crm", "1"), add("support"), discounts=asked)
    assert nets(priced) == [D("600.00"), D("20.00")]


def test_a_policys_amount_is_not_given_again_to_a_percentage_of_its_lines():
    policy = a_policy("hundred", Amount(D("100.00")))
    priced = quote(a_rulebook(PRODUCTS, PRICES, discounts=[policy]), add("crm", "1"), add("support"))
    assert nets(priced) == [D("500.00"), D("100.00")]


def test_a_fixed_bundle_price_covers_a_percentage_sold_in_it():
    # 500.00 a month is 6,000.00 a year for CRM and support together.
    bundle = Bundle("cared-for", "", (frozenset({"crm"}), frozenset({"support"})), ref("b"), None, "cared-for.price", 1)
    rulebook = a_rulebook(PRODUCTS, {**PRICES, "cared-for.price": Flat(D("500.00"))}, bundles=[bundle])
    priced = quote(rulebook, add("crm", "20"), add("support"), bundles=("cared-for",))
    assert nets(priced) == [D("6000.00"), ZERO]
    assert line(priced, "support.fee").list_per_year == D("1200.00")


def test_a_fixed_bundle_price_finer_than_the_currency_is_rounded_before_it_is_shared():
    # 100.3 JPY a month is 1,203.6 a year → 1,204 over 600 : 240 = 860 : 344.
    bundle = Bundle("suite", "", (frozenset({"crm"}), frozenset({"analytics"})), ref("b"), None, "suite.price", 1)
    prices = {"crm.seats": "50", "analytics.seats": "20", "suite.price": Flat(D("100.3"))}
    rulebook = a_rulebook(PRODUCTS, [a_book(prices, currency=JPY)], bundles=[bundle])
    priced = quote(rulebook, add("crm", "1"), add("analytics", "1"), bundles=("suite",), currency="JPY")
    assert nets(priced) == [D(860), D(344)]


def test_a_fixed_bundle_price_is_shared_anew_when_a_line_ramps():
    # 6,000.00 a year over 600 : 240 is 4,285.71 : 1,714.29; over 1,200 : 240 it is 5,000 : 1,000.
    bundle = Bundle("suite", "", (frozenset({"crm"}), frozenset({"analytics"})), ref("b"), None, "suite.price", 1)
    rulebook = a_rulebook(PRODUCTS, {**PRICES, "suite.price": Flat(D("500.00"))}, bundles=[bundle])
    ramped = add("crm", "1", ramp=(RampStep(12, {"users": D(2)}),))
    priced = quote(rulebook, ramped, add("analytics", "1"), bundles=("suite",), term_months=24)
    assert [segment.net for segment in line(priced, "crm.seats").segments] == [D("4285.71"), D(5000)]
    assert [segment.net for segment in line(priced, "analytics.seats").segments] == [D("1714.29"), D(1000)]
    assert [invoice.total for invoice in priced.invoices] == [D("6000.00"), D("6000.00")]


def test_a_cent_is_never_taken_off_a_line_that_has_less_than_a_cent_left():
    # Three lines of 0.004 a year and 0.01 off: the first has 0.004 to give, so none ends below 0.
    products = [a_product(id_, seats(months=12)) for id_ in ("one", "two", "three")]
    rulebook = a_rulebook(products, {f"{id_}.seats": "0.004" for id_ in ("one", "two", "three")}, discretion=FREELY)
    asked = (DiscountRequest(AmountOff(D("0.01"))),)
    priced = quote(rulebook, *(add(id_, "1") for id_ in ("one", "two", "three")), discounts=asked)
    assert [each.segments[0].net for each in priced.lines] == [ZERO, D("0.004"), D("0.004")]


@pytest.mark.parametrize("size", ["720.00", "720.01", "999999999.00"])
def test_an_amount_of_more_than_everything_ends_at_exactly_nothing(size):
    asked = (DiscountRequest(AmountOff(D(size))),)
    priced = quote(a_rulebook(PRODUCTS, PRICES, discretion=FREELY), add("crm", "1"), add("support"), discounts=asked)
    assert (total(priced).net, priced.invoices) == (ZERO, ())
    assert [each.segments[0].net for each in priced.lines] == [ZERO, ZERO]


def test_one_amount_over_recurring_and_one_time_lines_is_shared_by_what_each_costs():
    # 100.00 over 600.00 a year and 200.00 once is 75.00 : 25.00.
    setup = a_product("setup", seats("fee", metric=None, months=None, timing=Timing.ONE_TIME))
    rulebook = a_rulebook([*PRODUCTS, setup], {**PRICES, "setup.fee": Flat(D("200.00"))}, discretion=FREELY)
    priced = quote(rulebook, add("crm", "1"), add("setup"), discounts=(DiscountRequest(AmountOff(D("100.00"))),))
    assert [each.net_term for each in priced.lines] == [D("525.00"), D("175.00")]


def test_the_same_discount_asked_twice_is_given_twice_each_off_what_is_left():
    # 600.00 less 100.00 twice is 400.00.
    asked = (DiscountRequest(AmountOff(D("100.00"))),) * 2
    assert nets(quote(a_rulebook(PRODUCTS, PRICES, discretion=FREELY), add("crm", "1"), discounts=asked)) == [
        D("400.00")
    ]
