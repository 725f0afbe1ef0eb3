"""Terms that begin on a month's last day, last a month or ten years, and currencies without cents or with mills."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Flat
from pricing_engine.catalog.products import Timing
from pricing_engine.money import Currency
from pricing_engine.periods import ProrationMethod
from pricing_engine.quoting.refusals import RampOutOfTerm, TermOutOfRange
from pricing_engine.quoting.request import RampStep
from pricing_engine.rulebook.rulebook import ExchangeRates
from tests.rulebooks import JPY, USD, a_book, a_policy, a_product, a_rulebook, add, quote, seats
from tests.unit.quoting.reading import line, total

D = Decimal
CRM = [a_product("crm")]
KWD = Currency("KWD", 3)


def days(priced) -> list[str]:
    return [str(invoice.day) for invoice in priced.invoices]


def test_monthly_invoices_from_the_31st_come_on_each_months_last_day_and_back_on_the_31st():
    priced = quote(
        a_rulebook(CRM, {"crm.seats": "10.00"}),
        add("crm", "1"),
        billing="monthly_in_advance",
        effective_date=date(2026, 1, 31),
        term_months=4,
    )
    assert days(priced) == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    assert [invoice.total for invoice in priced.invoices] == [D("10.00")] * 4
    assert priced.term_end == date(2026, 5, 31)


def test_a_term_from_29_february_ends_on_the_28th_and_four_years_later_on_the_29th():
    rulebook = a_rulebook(CRM, {"crm.seats": "10.00"})
    ends = [
        quote(rulebook, add("crm", "1"), effective_date=date(2024, 2, 29), term_months=months).term_end
        for months in (12, 48)
    ]
    assert ends == [date(2025, 2, 28), date(2028, 2, 29)]
    priced = quote(rulebook, add("crm", "1"), effective_date=date(2024, 2, 29), term_months=48)
    assert [invoice.total for invoice in priced.invoices] == [D("120.00")] * 4


@pytest.mark.parametrize(
    ("method", "net"),
    [
        (ProrationMethod.DAYS, "50.96"),  # 31 days of a year of 365: 600 × 31/365 = 50.958…
        (ProrationMethod.MONTHS, "50.00"),
        (ProrationMethod.MONTHS_DAYS, "50.00"),
        (ProrationMethod.THIRTY_360, "50.00"),
    ],
)
def test_one_month_of_a_yearly_plan_is_a_stub_of_the_year(method, net):
    rulebook = a_rulebook(CRM, {"crm.seats": "50.00"}, proration=method)
    assert total(quote(rulebook, add("crm", "1"), term_months=1)).net == D(net)
    assert total(quote(rulebook, add("crm", "1"), term_months=1, billing="monthly_in_advance")).net == D("50.00")


def test_ten_years_are_ten_equal_invoices_and_longer_is_not_sold():
    rulebook = a_rulebook(CRM, {"crm.seats": "3.33"})
    priced = quote(rulebook, add("crm", "1"), term_months=120)
    assert [invoice.total for invoice in priced.invoices] == [D("39.96")] * 10
    monthly = quote(rulebook, add("crm", "1"), term_months=120, billing="monthly_in_advance")
    assert [invoice.total for invoice in monthly.invoices] == [D("3.33")] * 120
    for months in (0, 121):
        with pytest.raises(TermOutOfRange):
            quote(rulebook, add("crm", "1"), term_months=months)


@pytest.mark.parametrize(
    ("currency", "price", "net"),
    [
        (JPY, "0.5", "1"),
        (JPY, "1.4999999999", "1"),
        (JPY, "2.5", "3"),
        (KWD, "0.0005", "0.001"),
        (KWD, "0.00049", "0.000"),
        (KWD, "1.2345", "1.235"),
        (USD, "0.005", "0.01"),
        (USD, "0.004999999999", "0.00"),
    ],
)
def test_an_exact_half_of_the_minor_unit_goes_up(currency, price, net):
    product = a_product("crm", seats(months=12))
    rulebook = a_rulebook([product], [a_book({"crm.seats": price}, currency=currency)])
    rulebook = replace(
        rulebook,
        currencies={currency.code: currency},
        rates=ExchangeRates("USD", (date(2020, 1, 1),), ({"JPY": D("0.007"), "KWD": D("3.25")},)),
    )
    priced = quote(rulebook, add("crm", "1"), currency=currency.code)
    assert (str(total(priced).net), str(total(priced).arr)) == (net, net)


def test_half_a_cent_of_a_stub_is_a_half_whatever_fraction_it_came_from():
    # Free until 73 days are left: 0.025 × 73/365 = 0.005 → 0.01.
    free = a_policy("free", "1", group="promotions", ends_on=date(2026, 10, 20))
    product = a_product("crm", seats(months=12))
    rulebook = a_rulebook([product], {"crm.seats": "0.025"}, discounts=[free])
    assert total(quote(rulebook, add("crm", "1"))).net == D("0.01")


def test_unit_prices_of_twelve_decimals_are_multiplied_before_they_are_rounded():
    # 0.000000123456 × 1,234,567 × 12 = 1.82896…; a price rounded to six decimals first would give 0.00 or 14.81.
    rulebook = a_rulebook(CRM, {"crm.seats": "0.000000123456"})
    crm = line(quote(rulebook, add("crm", "1234567")), "crm.seats")
    assert crm.segments[0].net == D("0.000000123456") * 1234567 * 12
    assert crm.net_term == D("1.83")


def test_quantities_with_decimals_are_priced_to_the_decimal():
    # 2.5 × 19.99 × 12 = 599.70.
    assert total(quote(a_rulebook(CRM, {"crm.seats": "19.99"}), add("crm", "2.5"))).net == D("599.70")


def test_a_free_product_is_a_line_of_nothing_that_is_not_invoiced():
    products = [
        *CRM,
        a_product("gift"),
        a_product("setup", seats("fee", metric=None, months=None, timing=Timing.ONE_TIME)),
    ]
    rulebook = a_rulebook(products, {"crm.seats": "10.00", "gift.seats": "0", "setup.fee": Flat(D(0))})
    priced = quote(rulebook, add("gift", "5"), add("setup"), add("crm", "1"))
    assert [each.net_term for each in priced.lines] == [0, 0, D("120.00")]
    assert [[part.line for part in invoice.lines] for invoice in priced.invoices] == [["crm.seats"]]
    nothing = quote(rulebook, add("gift", "5"))
    assert (total(nothing).net, total(nothing).first_invoice, nothing.invoices) == (0, 0, ())


@pytest.mark.parametrize("months", [[12], [0], [6, 6], [6, 5]])
def test_a_ramp_step_outside_the_term_or_out_of_order_is_refused(months):
    steps = tuple(RampStep(month, {"users": D(2)}) for month in months)
    with pytest.raises(RampOutOfTerm):
        quote(a_rulebook(CRM, {"crm.seats": "10.00"}), add("crm", "1", ramp=steps))


def test_one_time_lines_on_an_up_front_plan_share_its_only_invoice():
    setup = a_product("setup", seats("fee", metric=None, months=None, timing=Timing.ONE_TIME))
    rulebook = a_rulebook([*CRM, setup], {"crm.seats": "10.00", "setup.fee": Flat(D("50.00"))})
    (invoice,) = quote(rulebook, add("crm", "1"), add("setup"), term_months=36, billing="up_front").invoices
    assert (invoice.start, invoice.end, invoice.total) == (date(2026, 1, 1), date(2029, 1, 1), D("410.00"))
