"""The charge models, by worked example."""

from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import (
    Band,
    Flat,
    Graduated,
    Package,
    Percentage,
    PerUnit,
    QuantityBeyondBands,
    Stairstep,
    Volume,
)

TEN_AND_OPEN = (Band(Decimal(10), Decimal("20.00")), Band(None, Decimal("15.00")))


def test_a_flat_amount_is_the_same_for_any_quantity() -> None:
    assert [Flat(Decimal(9)).amount(Decimal(quantity)) for quantity in (0, 1, 1000)] == [9, 9, 9]


def test_a_unit_price_of_twelve_decimals_is_not_rounded_before_it_is_multiplied() -> None:
    assert PerUnit(Decimal("0.000000000001")).amount(Decimal(10**12)) == 1


@pytest.mark.parametrize(("quantity", "amount"), [(9, "180.00"), (10, "200.00"), (11, "165.00"), (0, "0")])
def test_eleven_units_cost_less_than_ten_under_volume_bands(quantity: int, amount: str) -> None:
    assert Volume(TEN_AND_OPEN).amount(Decimal(quantity)) == Decimal(amount)


@pytest.mark.parametrize(("quantity", "amount"), [(10, "200.00"), (11, "215.00")])
def test_eleven_units_cost_one_more_under_graduated_bands(quantity: int, amount: str) -> None:
    assert Graduated(TEN_AND_OPEN).amount(Decimal(quantity)) == Decimal(amount)


@pytest.mark.parametrize(
    ("quantity", "graduated", "volume"),
    [
        ("0", "2", "2"),  # a quantity of 0 owes the first flat amount
        ("10", "102", "102"),  # 10 × 10 + 2
        ("10.001", "105.005", "53.005"),  # 102 + 0.001 × 5 + 3; all 10.001 at 5, and 3
        ("21", "163", "88"),  # 102 + 10 × 5 + 3 + 1 × 4 + 4 = 163 graduated; 21 × 4 + 4 by volume
    ],
)
def test_each_band_entered_adds_its_flat_amount(quantity: str, graduated: str, volume: str) -> None:
    bands = (
        Band(Decimal(10), Decimal(10), Decimal(2)),
        Band(Decimal(20), Decimal(5), Decimal(3)),
        Band(None, Decimal(4), Decimal(4)),
    )
    graduated_amount = Graduated(bands).amount(Decimal(quantity))
    assert (graduated_amount, Volume(bands).amount(Decimal(quantity))) == (Decimal(graduated), Decimal(volume))


def test_a_first_band_may_end_at_nothing() -> None:
    bands = (Band(Decimal(0)), Band(None, flat=Decimal(50)))
    assert [Stairstep(bands).amount(Decimal(quantity)) for quantity in ("0", "0.5")] == [0, 50]
    assert Graduated(bands).amount(Decimal(0)) == 0


def test_a_stairstep_beyond_its_closed_last_band_is_refused_with_the_limit() -> None:
    model = Stairstep((Band(Decimal(5), flat=Decimal(100)), Band(Decimal(10), flat=Decimal(150))))
    assert model.amount(Decimal(10)) == 150
    with pytest.raises(QuantityBeyondBands, match=r"10\.5 is above the last band, which ends at 10") as refusal:
        model.amount(Decimal("10.5"))
    assert refusal.value.facts == {"quantity": Decimal("10.5"), "limit": Decimal(10)}


@pytest.mark.parametrize(
    ("quantity", "amount"), [("0", "0"), ("0.1", "7.50"), ("10", "7.50"), ("10.1", "15.00"), ("121", "97.50")]
)
def test_a_begun_package_is_a_whole_package(quantity: str, amount: str) -> None:
    assert Package(Decimal(10), Decimal("7.50")).amount(Decimal(quantity)) == Decimal(amount)


def test_a_package_begun_by_a_hair_is_begun_at_any_size() -> None:
    # 10^27 + 10^-12 packages have 40 digits; dividing at 28 digits would not see the last
    quantity = Decimal("1000000000000000000000000000.000000000001")
    assert Package(Decimal(1), Decimal(1)).amount(quantity) == 10**27 + 1


def test_support_is_a_percentage_by_bands_of_the_amount() -> None:
    # 20% of the first 1,000 and 10% of the other 500, with 25 fixed: 200 + 50 + 25
    rates = Graduated((Band(Decimal(1000), Decimal("0.20"), Decimal(25)), Band(None, Decimal("0.10"))))
    assert Percentage(rates).amount(Decimal(1500)) == 275


@pytest.mark.parametrize("model", [Volume, Graduated, Stairstep])
@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ((), "needs a band"),
        ((10, 10, None), "must rise"),
        ((10, 5, None), "must rise"),
        ((None, 10, None), "must rise"),
        ((-5, None), "cannot end below 0"),
    ],
)
def test_bands_that_leave_a_quantity_without_one_price_are_refused(
    model: type[Volume | Graduated | Stairstep], bounds: tuple[int | None, ...], message: str
) -> None:
    bands = tuple(Band(None if bound is None else Decimal(bound), Decimal(1)) for bound in bounds)
    with pytest.raises(ValueError, match=message):
        model(bands)


@pytest.mark.parametrize("model", [Volume, Graduated])
def test_only_a_stairstep_may_close_its_last_band(model: type[Volume | Graduated]) -> None:
    with pytest.raises(ValueError, match="must have no upper bound"):
        model((Band(Decimal(5), Decimal(1)),))
    with pytest.raises(ValueError, match="must rise"):
        Stairstep((Band(Decimal(5)), Band(Decimal(5))))


@pytest.mark.parametrize("size", [0, -1])
def test_a_package_of_nothing_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Package(Decimal(size), Decimal(1))
