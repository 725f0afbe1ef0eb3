"""Laws of charges: each model equals its slow oracle, limits bind the period, and increments make the whole."""

import decimal
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pricing_engine.catalog.charge_models import (
    ChargeModel,
    Flat,
    Graduated,
    Package,
    Percentage,
    PerUnit,
    QuantityBeyondBands,
    Stairstep,
    Volume,
)
from pricing_engine.catalog.prices import (
    CommittedAmount,
    CommittedQuantity,
    Price,
    committed_fee,
    limit,
    rate,
    rate_increment,
    rate_usage,
)
from pricing_engine.money import ZERO, exact_arithmetic
from tests.laws.numbers import prices, quantities, tables
from tests.oracle import charges

sizes = st.integers(1, 1_000).map(lambda number: Decimal(number).scaleb(-2))
models: st.SearchStrategy[ChargeModel] = st.one_of(
    st.builds(Flat, prices),
    st.builds(PerUnit, prices),
    tables(Volume),
    tables(Graduated),
    tables(Stairstep),
    st.builds(Package, sizes, prices),
    st.builds(Percentage, tables(Graduated)),
)


@st.composite
def list_prices(draw: st.DrawFn) -> Price:
    """A price with any model and any of the limits around it."""
    minimum, maximum = sorted([draw(prices) * 10, draw(prices) * 10])
    return Price(
        draw(models),
        included=draw(st.one_of(st.just(ZERO), quantities)),
        minimum=draw(st.sampled_from([None, minimum])),
        maximum=draw(st.sampled_from([None, maximum])),
        overage_unit_price=draw(st.one_of(st.none(), prices)),
    )


commitments = st.one_of(st.builds(CommittedQuantity, quantities), st.builds(CommittedAmount, prices))


@given(tables(Graduated), quantities)
def test_graduated_equals_counting_hundredths(model: Graduated, quantity: Decimal) -> None:
    assert Fraction(model.amount(quantity)) == charges.graduated(model.bands, quantity)


@given(tables(Volume), quantities)
def test_volume_equals_its_oracle(model: Volume, quantity: Decimal) -> None:
    assert Fraction(model.amount(quantity)) == charges.volume(model.bands, quantity)


@given(tables(Stairstep, closed=True), quantities)
def test_stairstep_equals_its_oracle_or_refuses_beyond_its_last_band(model: Stairstep, quantity: Decimal) -> None:
    last = model.bands[-1].up_to
    assert last is not None
    if quantity > last:
        with pytest.raises(QuantityBeyondBands):
            model.amount(quantity)
    else:
        assert Fraction(model.amount(quantity)) == charges.stairstep(model.bands, quantity)


@given(sizes, prices, quantities)
def test_package_equals_opening_packages_one_by_one(size: Decimal, price: Decimal, quantity: Decimal) -> None:
    assert Fraction(Package(size, price).amount(quantity)) == charges.package(size, price, quantity)


@given(tables(Graduated), quantities)
def test_a_banded_percentage_equals_counting_hundredths_of_the_amount(rates: Graduated, amount: Decimal) -> None:
    assert Fraction(Percentage(rates).amount(amount)) == charges.graduated(rates.bands, amount)


@given(tables(Graduated), quantities, quantities)
def test_graduated_never_gets_cheaper_with_more_units(model: Graduated, one: Decimal, other: Decimal) -> None:
    fewer, more = sorted([one, other])
    assert model.amount(fewer) <= model.amount(more)


@given(st.one_of(tables(Volume), tables(Graduated), tables(Stairstep)), st.data())
def test_a_quantity_on_a_bound_is_in_the_band_and_just_above_in_the_next(
    model: Volume | Graduated | Stairstep, data: st.DataObject
) -> None:
    assume(len(model.bands) > 1)
    index = data.draw(st.integers(0, len(model.bands) - 2))
    bound = model.bands[index].up_to
    assert bound is not None
    assert model.reached(bound) is model.bands[index]
    assert model.reached(bound + Decimal("0.000000000001")) is model.bands[index + 1]


@given(list_prices(), quantities)
def test_included_units_are_free_and_the_bands_count_what_is_left(price: Price, quantity: Decimal) -> None:
    without = Price(price.model, minimum=price.minimum, maximum=price.maximum)
    assert rate(price, price.included + quantity) == rate(without, quantity)
    assert rate(price, min(quantity, price.included)) == rate(without, ZERO)


@given(list_prices(), quantities)
def test_an_amount_stays_between_its_minimum_and_its_maximum(price: Price, quantity: Decimal) -> None:
    amount, free = rate(price, quantity), rate(Price(price.model, price.included), quantity)
    assert price.minimum is None or amount >= price.minimum
    assert price.maximum is None or amount <= price.maximum
    if amount != free:
        assert amount == (price.minimum if amount > free else price.maximum)


@given(prices, prices, prices, prices)
def test_limits_bind_the_period_and_not_its_parts(
    first: Decimal, second: Decimal, minimum: Decimal, span: Decimal
) -> None:
    bounds = {"minimum": minimum, "maximum": minimum + span}
    earlier = limit(first, minimum=None, maximum=bounds["maximum"])
    part = limit(second, already_rated=earlier, minimum=bounds["minimum"], maximum=bounds["maximum"])
    assert earlier + part == limit(earlier + second, minimum=bounds["minimum"], maximum=bounds["maximum"])


@given(list_prices(), st.lists(quantities, min_size=1, max_size=6))
def test_increments_sum_to_the_price_of_the_whole_period(price: Price, used: list[Decimal]) -> None:
    already = ZERO
    for cumulative in accumulate(used):
        already += rate_increment(price, cumulative=cumulative, already_rated=already)
    assert already == rate(price, sum(used, ZERO))


@given(list_prices(), quantities, commitments)
def test_usage_is_never_below_the_commitment(
    price: Price, used: Decimal, commitment: CommittedQuantity | CommittedAmount
) -> None:
    rating = rate_usage(price, used=used, commitment=commitment)
    assert rating.committed == committed_fee(price, commitment)
    assert rating.overage >= 0
    assert rating.total == rating.committed + rating.overage >= committed_fee(price, commitment)


@given(models, prices, quantities, quantities)
def test_usage_within_a_committed_quantity_has_no_overage_at_an_overage_price(
    model: ChargeModel, overage: Decimal, one: Decimal, other: Decimal
) -> None:
    used, committed = sorted([one, other])
    price = Price(model, overage_unit_price=overage)
    assert rate_usage(price, used=used, commitment=CommittedQuantity(committed)).overage == 0


@given(list_prices(), quantities, commitments)
def test_a_maximum_holds_above_a_commitment_too(
    price: Price, used: Decimal, commitment: CommittedQuantity | CommittedAmount
) -> None:
    assume(price.maximum is not None)
    rating = rate_usage(price, used=used, commitment=commitment)
    assert price.maximum is not None
    assert rating.total <= max(price.maximum, rating.committed)


@given(list_prices(), quantities)
def test_usage_without_a_commitment_is_rated_as_it_is(price: Price, used: Decimal) -> None:
    rating = rate_usage(price, used=used, commitment=None)
    assert rating.committed == 0
    assert rating.total == rate(price, used)


@given(list_prices(), quantities, commitments, st.integers(1, 12))
def test_a_rating_does_not_depend_on_the_callers_decimal_settings(
    price: Price, used: Decimal, commitment: CommittedQuantity | CommittedAmount, precision: int
) -> None:
    def work() -> str:
        with exact_arithmetic():
            return repr((rate(price, used), rate_usage(price, used=used, commitment=commitment)))

    expected = work()
    with decimal.localcontext(decimal.Context(prec=precision, rounding=decimal.ROUND_UP)):
        assert work() == expected
