"""Laws every priced quote keeps, over random rulebooks and requests: what must add up, and what must not matter."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_UP, Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pricing_engine.catalog.products import Selector
from pricing_engine.money import ZERO, exact_arithmetic
from pricing_engine.periods import Period, add_months, tile
from pricing_engine.pricing.waterfall import PricedLine, StepKind
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import DiscountRequest, PercentOff, QuoteRequest
from pricing_engine.storage.request_json import decode_request, encode_request
from tests.laws.any_sale import AnySale, a_third, sales
from tests.rulebooks import a_policy


def priced(sale: AnySale, **changed: object) -> Quote:
    """The quote of the sale, with some of its request changed."""
    request: QuoteRequest = sale.request._replace(**changed)
    return assemble_quote(request, rulebook=sale.rulebook, quote_id="quo_law")


def amounts(line: PricedLine) -> tuple[Decimal, ...]:
    """The four amounts of a line."""
    return line.list_per_year, line.net_per_year, line.list_term, line.net_term


@a_third
@given(sales())
def test_the_steps_of_a_waterfall_chain_and_sum_to_net_less_list(sale: AnySale) -> None:
    with exact_arithmetic():
        for line in priced(sale).lines:
            for segment in line.segments:
                steps = segment.steps
                assert (steps[0].kind, steps[0].before, steps[-1].after) == (StepKind.LIST, segment.list, segment.net)
                assert all(step.before == earlier.after for earlier, step in pairwise(steps))
                assert sum((step.amount for step in steps), ZERO) == segment.net - segment.list
            if line.is_priced:
                assert line.closing[0].before == line.segments[0].net
                assert line.closing[0].after == line.closing[1].before
                assert line.closing[1].after == line.net_term


@a_third
@given(sales())
def test_steps_come_in_the_order_of_the_design(sale: AnySale) -> None:
    order = list(StepKind)
    for line in priced(sale).lines:
        for segment in line.segments:
            places = [order.index(step.kind) for step in segment.steps]
            assert places == sorted(places)


@a_third
@given(sales())
def test_totals_are_sums_of_lines_and_invoices_sum_to_the_contract(sale: AnySale) -> None:
    quote = priced(sale)
    assume(quote.totals is not None)
    assert quote.totals is not None
    assert quote.totals.net == quote.totals.tcv == sum((line.net_term for line in quote.lines), ZERO)
    assert quote.totals.list == sum((line.list_term for line in quote.lines), ZERO)
    assert quote.totals.discount == quote.totals.list - quote.totals.net
    assert quote.totals.arr == sum((line.net_per_year for line in quote.lines), ZERO)
    assert sum((invoice.total for invoice in quote.invoices), ZERO) == quote.totals.tcv
    for line in quote.lines:
        shares = [part.amount for invoice in quote.invoices for part in invoice.lines if part.line == line.id]
        assert sum(shares, ZERO) == line.net_term
        assert all(share == share.quantize(quote.currency.quantum) for share in shares)


@a_third
@given(sales())
def test_segments_tile_the_term_and_invoices_are_for_its_billing_periods_in_order(sale: AnySale) -> None:
    quote = priced(sale)
    for line in quote.lines:
        if line.is_priced:
            assert line.segments[0].start == quote.term_start
            assert line.segments[-1].end == quote.term_end
            assert all(later.start == earlier.end for earlier, later in pairwise(line.segments))
    term = Period(quote.term_start, quote.term_end)
    months = sale.rulebook.billing_plans[quote.billing].months
    periods = [term] if months is None else list(tile(term, months=months))
    assert {Period(invoice.start, invoice.end) for invoice in quote.invoices} <= set(periods)
    assert [invoice.day for invoice in quote.invoices] == sorted(invoice.day for invoice in quote.invoices)


@a_third
@given(sales())
def test_a_net_price_is_never_below_nothing_nor_above_list(sale: AnySale) -> None:
    for line in priced(sale, bundles=()).lines:  # a fixed bundle price may be above its parts
        assert all(0 <= segment.net <= segment.list for segment in line.segments)
        assert 0 <= line.net_term <= line.list_term


@a_third
@given(sales())
def test_the_same_request_gives_the_same_quote(sale: AnySale) -> None:
    assert priced(sale) == priced(sale)


@a_third
@given(sales(), st.randoms(use_true_random=False))
def test_the_order_of_changes_does_not_matter_to_a_line(sale: AnySale, random) -> None:
    changes = list(sale.request.changes)
    random.shuffle(changes)
    asked = without_amounts(sale)
    one, other = (priced(asked), priced(asked, changes=tuple(changes)))
    assert {line.id: line for line in one.lines} == {line.id: line for line in other.lines}
    assert one.totals is None or one.totals._replace(first_invoice=ZERO) == other.totals._replace(first_invoice=ZERO)


def without_amounts(sale: AnySale) -> AnySale:
    """The sale without fixed amounts: the last cent of one goes to the first line of equals (P3)."""
    policies = tuple(policy for policy in sale.rulebook.discounts if not hasattr(policy.size, "amount"))
    asks = tuple(ask for ask in sale.request.discounts if not hasattr(ask.size, "amount"))
    rulebook = replace(sale.rulebook, discounts=policies)
    return AnySale(rulebook, sale.request._replace(discounts=asks, bundles=()))


@a_third
@given(sales(with_asks=False))
def test_without_any_discount_net_is_list(sale: AnySale) -> None:
    plain = AnySale(replace(sale.rulebook, discounts=()), sale.request)
    for line in priced(plain, bundles=(), changes=at_list_price(sale.request)).lines:
        assert line.net_term == line.list_term
        assert [step.kind for segment in line.segments for step in segment.steps] == [StepKind.LIST] * len(
            line.segments
        )


def at_list_price(request: QuoteRequest):
    """The changes without the unit prices that ramps ask for."""
    return tuple(
        add._replace(ramp=tuple(step._replace(unit_prices={}) for step in add.ramp)) for add in request.changes
    )


@a_third
@given(sales())
def test_one_hundred_percent_off_ends_at_exactly_nothing(sale: AnySale) -> None:
    everything = (*sale.request.discounts, DiscountRequest(PercentOff(Decimal(1))))
    capless = replace(sale.rulebook, discretion=replace(sale.rulebook.discretion, max_total_discount=None))
    quote = priced(AnySale(capless, sale.request), discounts=everything)
    assert all(segment.net == 0 for line in quote.lines for segment in line.segments)
    assert (quote.totals is None) or (quote.totals.net == 0 and quote.invoices == ())


@a_third
@given(sales())
def test_a_rule_about_other_products_changes_nothing(sale: AnySale) -> None:
    group = sale.rulebook.discount_groups[0].id
    elsewhere = a_policy("elsewhere", "0.99", group=group, applies_to=Selector(products=frozenset({"not-sold"})))
    more = replace(sale.rulebook, discounts=(*sale.rulebook.discounts, elsewhere))
    assert priced(AnySale(more, sale.request)) == priced(sale)


@a_third
@given(sales())
def test_the_callers_decimal_settings_do_not_matter(sale: AnySale) -> None:
    expected = priced(sale)
    with localcontext() as context:
        context.prec, context.rounding, context.capitals = 4, ROUND_UP, 0
        assert priced(sale) == expected


@a_third
@given(sales())
def test_a_request_that_was_stored_is_priced_the_same(sale: AnySale) -> None:
    stored = decode_request(encode_request(sale.request))
    assert stored == sale.request
    assert assemble_quote(stored, rulebook=sale.rulebook, quote_id="quo_law") == priced(sale)


@a_third
@given(sales(), st.integers(1, 4))
def test_a_term_of_whole_years_is_billed_for_whole_years(sale: AnySale, years: int) -> None:
    constant = tuple(add._replace(ramp=()) for add in sale.request.changes)
    lasting = tuple(replace(policy, months=None, ends_on=None, when=None) for policy in sale.rulebook.discounts)
    ends = replace(
        sale.rulebook, discounts=tuple(each for each in lasting if getattr(each.size, "by", "") != "term_months")
    )
    quote = priced(AnySale(ends, sale.request), changes=constant, term_months=12 * years)
    quantum = quote.currency.quantum
    for line in quote.lines:
        if line.is_priced and line.months is not None:
            (segment,) = line.segments
            assert segment.share == years
            assert line.net_term == (segment.net * years).quantize(quantum, "ROUND_HALF_UP")
    assert quote.term_end == add_months(sale.request.effective_date, 12 * years)


@a_third
@given(sales(), st.integers(1, 12))
def test_a_longer_term_never_costs_less(sale: AnySale, more: int) -> None:
    always = replace(sale.rulebook, discounts=())
    shorter = priced(AnySale(always, sale.request), discounts=())
    longer = priced(AnySale(always, sale.request), discounts=(), term_months=sale.request.term_months + more)
    after = {line.id: line.net_term for line in longer.lines}
    assert all(line.net_term <= after[line.id] for line in shorter.lines)


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 1, 31)])
@a_third
@given(sale=sales())
def test_monthly_invoices_from_a_months_end_are_one_a_month(day: date, sale: AnySale) -> None:
    quote = priced(sale, billing="monthly_in_advance", effective_date=day)
    months = [(invoice.day.year, invoice.day.month) for invoice in quote.invoices]
    assert len(set(months)) == len(months)
    assert all(invoice.day == invoice.start for invoice in quote.invoices)
