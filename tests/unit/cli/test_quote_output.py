"""What a printed quote says: sums that add up, later prices, findings by role, and every width."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pricing_engine.catalog.products import Selector
from pricing_engine.cli.amounts import read_locale
from pricing_engine.cli.outcome import CommandStopped
from pricing_engine.document.amounts import Amounts
from pricing_engine.document.bridge import bridge_steps
from pricing_engine.money import ZERO
from pricing_engine.policies.discretion import Discretion, DiscretionLimit, Floor
from pricing_engine.pricing.waterfall import StepKind
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import DiscountRequest, PercentOff, RampStep
from tests.printed import EN, printed
from tests.rulebooks import EUR, JPY, USD, D, a_policy, a_product, a_rulebook, add, quote, ref, seats

TWO_POLICIES = [a_policy("portfolio-15", "0.15"), a_policy("spring-12", "0.12", group="promotions")]


def two_products(**more: Any) -> Quote:
    """7 CRM and 3 analytics seats under two policies, so that nothing comes out even."""
    rulebook = a_rulebook(
        [a_product("crm"), a_product("analytics")],
        {"crm.seats": "49.99", "analytics.seats": "19.95"},
        discounts=TWO_POLICIES,
    )
    return quote(rulebook, add("crm", "7"), add("analytics", "3"), **more)


def test_the_bridge_leads_from_list_to_net_to_the_cent():
    priced = two_products(term_months=13)
    totals = priced.totals
    assert totals is not None
    steps = bridge_steps(priced, totals)
    assert totals.list + sum((step.amount for step in steps), ZERO) == totals.net
    assert [step.rule.id for step in steps][:2] == ["portfolio-15", "spring-12"]


def test_the_bridge_names_what_rounding_left_over():
    # 0.11 × 12 = 1.32 list; 15% and 12% off leave 0.987…, rounded 0.99: −0.198 − 0.134… are shown as −0.20 and −0.13.
    priced = quote(a_rulebook([a_product("crm")], {"crm.seats": "0.11"}, discounts=TWO_POLICIES), add("crm", "1"))
    totals = priced.totals
    assert totals is not None
    amounts = [(step.kind, step.amount) for step in bridge_steps(priced, totals)]
    assert (totals.list, totals.net) == (D("1.32"), D("0.99"))
    assert amounts == [(StepKind.POLICY, D("-0.20")), (StepKind.POLICY, D("-0.13"))]
    more = quote(a_rulebook([a_product("crm")], {"crm.seats": "0.07"}, discounts=TWO_POLICIES), add("crm", "1"))
    # 0.84 − 0.126 − 0.08568 = 0.62832 → 0.63; shown −0.13 − 0.09 lead to 0.62, so rounding gives 0.01 back.
    assert more.totals is not None
    assert bridge_steps(more, more.totals)[-1][:1] + bridge_steps(more, more.totals)[-1][2:] == (
        StepKind.ROUNDING,
        D("0.01"),
    )


@pytest.mark.parametrize("width", [80, 96, 100, 160])
def test_no_amount_is_cut_and_no_line_is_too_wide(width: int):
    priced = two_products()
    text = printed(priced, width=width, waterfall=True)
    assert max(map(len, text.splitlines())) <= width
    totals = priced.totals
    assert totals is not None
    for amount in (totals.list, totals.net, totals.arr, totals.mrr):
        assert Amounts(USD, EN).money(amount) in text
    assert "…" not in text.replace(" …", "")


def test_large_amounts_are_not_cut_on_a_narrow_screen():
    # 9,999,999 × 99,999.99 × 12 is a sum of 15 digits before the point.
    rulebook = a_rulebook([a_product("crm")], {"crm.seats": "99999.99"})
    priced = quote(rulebook, add("crm", "9999999"), term_months=36, billing="monthly_in_advance")
    text = printed(priced, width=80)
    assert priced.totals is not None
    assert text.count(Amounts(USD, EN).money(priced.totals.tcv)) >= 4
    assert "…" not in text.replace(" …", "")


def test_every_step_of_the_waterfall_has_its_rule_place_and_reason():
    text = printed(two_products(), waterfall=True)
    for policy in ("portfolio-15", "spring-12"):
        assert policy in text
        assert f"because of {policy}" in text
        assert f"{policy}.yaml:1" in text


def test_the_waterfall_says_what_a_unit_comes_to():
    # 49.99 less 15% and 12%: 49.99 × 0.85 × 0.88 = 37.39252.
    text = printed(two_products(), waterfall=True)
    assert "list $49.99, net $37.39252 per user a month, on average" in text


def test_a_later_price_stands_below_its_line():
    ramp = RampStep(6, quantities={"users": D("20")})
    rulebook = a_rulebook([a_product("crm")], {"crm.seats": "50.00"})
    text = printed(quote(rulebook, add("crm", "10", ramp=(ramp,)), effective_date=date(2026, 1, 1)))
    later = next(row for row in text.splitlines() if "from 2026-07-01" in row)
    # 20 × 50.00 × 12
    assert later.split()[2:] == ["20", "users", "$12,000.00", "$12,000.00"]


def test_a_quote_without_a_price_has_no_totals_and_says_how_to_give_one():
    rulebook = a_rulebook([a_product("region", seats("fee", metric=None))], {"region.fee": None})
    text = printed(quote(rulebook, add("region")))
    assert text.count("on request") >= 3
    assert "Totals" not in text
    assert "--price PRODUCT.CHARGE=PRICE" in text


def test_a_rep_is_not_told_where_the_floor_lies():
    limit = DiscretionLimit("rep-any", "rep", D(1), D(1), Selector(), ref("rep-any"))
    discretion = Discretion((limit,), frozenset(), floor=Floor(D("0.55"), None, ref("board-floor")))
    rulebook = a_rulebook([a_product("crm")], {"crm.seats": "50.00"}, discretion=discretion)
    ask = DiscountRequest(PercentOff(D("0.60")))
    priced = quote(rulebook, add("crm", "10"), discounts=(ask,))
    assert "because of board-floor" not in printed(priced)
    assert "because of board-floor" in printed(priced, role="deal_desk")


def test_equal_invoices_are_one_row_when_there_are_many():
    text = printed(two_products(billing="monthly_in_advance", term_months=24))
    rows = text[text.index("Invoices") :].splitlines()
    assert len([row for row in rows if row.startswith("20")]) < 24
    assert any(row.startswith("All (TCV)") and " 24 " in row for row in rows)


@pytest.mark.parametrize(
    ("currency", "locale", "amount", "text"),
    [
        (USD, "en_US", "1234.565", "$1,234.57"),
        (USD, "en_US", "-0.004", "$0.00"),
        (EUR, "de_DE", "1234.5", "1.234,50\xa0€"),
        (JPY, "ja_JP", "1234.5", "￥1,235"),
    ],
)
def test_money_is_rounded_half_up_and_written_for_the_place(currency: Any, locale: str, amount: str, text: str):
    assert Amounts(currency, read_locale(locale)).money(Decimal(amount)) == text


def test_all_decimals_are_kept_where_they_are_asked_for():
    assert Amounts(USD, EN).exact(D("0.0004200")) == "$0.00042"
    assert Amounts(USD, EN).exact(D("12")) == "$12.00"


def test_a_locale_that_does_not_exist_is_wrong_usage():
    with pytest.raises(CommandStopped, match="no locale"):
        read_locale("xx_YYY")
