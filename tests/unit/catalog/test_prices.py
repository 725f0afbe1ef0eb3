"""Included units, minimum and maximum, increments and commitments, by worked example."""

from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Band, Graduated, Package, PerUnit, Volume
from pricing_engine.catalog.prices import (
    CommittedAmount,
    CommittedQuantity,
    Price,
    UsageRating,
    committed_fee,
    limit,
    rate,
    rate_increment,
    rate_usage,
)

TWO_EACH = PerUnit(Decimal(2))
HUNDRED = CommittedQuantity(Decimal(100))


def test_bands_count_what_is_left_after_the_included_units() -> None:
    # 5 of 15 units are free; of the 10 left, 10 × 20.00: the second band is not reached
    bands = Graduated((Band(Decimal(10), Decimal(20)), Band(None, Decimal(15))))
    assert rate(Price(bands, included=Decimal(5)), Decimal(15)) == 200
    assert rate(Price(bands, included=Decimal(5)), Decimal(3)) == 0


def test_use_within_what_is_included_still_owes_the_first_flat_amount() -> None:
    price = Price(Graduated((Band(None, Decimal(1), Decimal(30)),)), included=Decimal(10))
    assert [rate(price, Decimal(quantity)) for quantity in (0, 10, 11)] == [30, 30, 31]


def test_an_amount_is_raised_to_the_minimum_and_cut_at_the_maximum() -> None:
    price = Price(TWO_EACH, minimum=Decimal(10), maximum=Decimal(50))
    # 0 and 4 units come to less than 10, 30 units to 60
    assert [rate(price, Decimal(quantity)) for quantity in (0, 4, 6, 25, 30)] == [10, 10, 12, 50, 50]


def test_a_minimum_above_the_maximum_is_refused() -> None:
    with pytest.raises(ValueError, match="the minimum is above the maximum"):
        Price(TWO_EACH, minimum=Decimal(2), maximum=Decimal(1))


def test_what_was_already_rated_counts_towards_the_limits_of_the_period() -> None:
    # 70 of at most 100 are rated: 30 of the 50 fit; 100 of at least 1,000 are rated: 900 are missing
    assert limit(Decimal(50), minimum=None, maximum=Decimal(100), already_rated=Decimal(70)) == 30
    assert limit(Decimal(0), minimum=Decimal(1000), maximum=None, already_rated=Decimal(100)) == 900


def test_nothing_more_is_owed_once_the_maximum_is_passed() -> None:
    assert limit(Decimal(50), minimum=None, maximum=Decimal(100), already_rated=Decimal(120)) == 0


def test_an_increment_is_the_periods_price_less_what_was_rated() -> None:
    price = Price(Package(Decimal(10), Decimal(15)))
    # 17 units are two packages, 22 are three
    assert rate_increment(price, cumulative=Decimal(22), already_rated=rate(price, Decimal(17))) == 15


def test_an_increment_over_a_volume_cliff_gives_back() -> None:
    price = Price(Volume((Band(Decimal(10), Decimal(20)), Band(None, Decimal(15)))))
    # 10 cost 200, 11 cost 165
    assert rate_increment(price, cumulative=Decimal(11), already_rated=Decimal(200)) == -35


def test_a_committed_quantity_is_paid_whether_used_or_not() -> None:
    rating = rate_usage(Price(TWO_EACH), used=Decimal(10), commitment=HUNDRED)
    assert rating == UsageRating(Decimal(200), Decimal(0))
    assert rating.total == 200


@pytest.mark.parametrize(("used", "overage"), [(100, 0), (101, 3), (150, 150)])
def test_units_above_a_committed_quantity_cost_the_overage_price(used: int, overage: int) -> None:
    price = Price(TWO_EACH, overage_unit_price=Decimal(3))
    rating = rate_usage(price, used=Decimal(used), commitment=HUNDRED)
    assert rating == UsageRating(Decimal(200), Decimal(overage))


def test_without_an_overage_price_the_charge_model_goes_on() -> None:
    # 120 units graduated: 100 × 2 + 20 × 1 = 220, of which 200 are committed
    price = Price(Graduated((Band(Decimal(100), Decimal(2)), Band(None, Decimal(1)))))
    assert rate_usage(price, used=Decimal(120), commitment=HUNDRED).overage == 20


def test_a_cheaper_band_never_undercuts_the_commitment() -> None:
    # 11 units cost 165, but 200 for 10 are committed
    price = Price(Volume((Band(Decimal(10), Decimal(20)), Band(None, Decimal(15)))))
    rating = rate_usage(price, used=Decimal(11), commitment=CommittedQuantity(Decimal(10)))
    assert rating == UsageRating(Decimal(200), Decimal(0))


@pytest.mark.parametrize(("used", "overage"), [(0, 0), (250, 0), (300, 100)])
def test_usage_is_drawn_from_a_committed_amount(used: int, overage: int) -> None:
    rating = rate_usage(Price(TWO_EACH), used=Decimal(used), commitment=CommittedAmount(Decimal(500)))
    assert rating == UsageRating(Decimal(500), Decimal(overage))


def test_the_maximum_of_a_period_holds_at_the_overage_price() -> None:
    # 200 committed and 50 × 3 above it, but no period costs more than 260
    price = Price(TWO_EACH, maximum=Decimal(260), overage_unit_price=Decimal(3))
    assert rate_usage(price, used=Decimal(150), commitment=HUNDRED).total == 260


def test_without_a_commitment_nothing_is_committed() -> None:
    rating = rate_usage(Price(TWO_EACH), used=Decimal(10), commitment=None)
    assert rating == UsageRating(Decimal(0), Decimal(20))


def test_the_fee_of_a_commitment_is_its_quantity_rated_or_its_amount() -> None:
    assert committed_fee(Price(TWO_EACH, minimum=Decimal(300)), HUNDRED) == 300
    assert committed_fee(Price(TWO_EACH), CommittedAmount(Decimal(42))) == 42
