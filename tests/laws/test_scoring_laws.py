"""Laws of scoring: it changes nothing that is priced, and its parts are what they say, whatever is sold."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given

from pricing_engine.money import exact_arithmetic
from pricing_engine.quoting.assemble import price_sale
from pricing_engine.quoting.granting import list_arr
from pricing_engine.quoting.judged import Judged, deal_facts, list_arr_of
from tests.laws.any_sale import AnySale, a_third, sales


@a_third
@given(sales())
def test_arr_at_list_is_the_same_of_priced_lines_as_before_there_were_any(sale: AnySale) -> None:
    with exact_arithmetic():
        priced = price_sale(sale.request, sale.rulebook)
        judged = Judged(priced.sale, priced.items, priced.pricing.lines, priced.facts)
        assert list_arr_of(judged) == list_arr(priced.sale, priced.items)


@a_third
@given(sales())
def test_a_deal_is_told_by_what_is_sold_and_not_by_what_is_asked_off(sale: AnySale) -> None:
    with exact_arithmetic():
        with_asks, without = (
            price_sale(request, sale.rulebook) for request in (sale.request, sale.request._replace(discounts=()))
        )
        first, second = (
            deal_facts(Judged(each.sale, each.items, each.pricing.lines, each.facts)) for each in (with_asks, without)
        )
        assert first == second
        assert isinstance(first["list_per_year"], Decimal)
