"""Rounding and splitting, by example."""

import decimal
import runpy
from collections.abc import Iterator
from decimal import Decimal

import pytest

from pricing_engine import money
from pricing_engine.money import Currency, allocate, exact_arithmetic, round_money, split_evenly, split_units

CENT = Decimal("0.01")
DOLLARS, YEN, DINARS = Currency("USD", 2), Currency("JPY", 0), Currency("KWD", 3)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", DOLLARS, "0.01"),
        ("0.00499999999999999999", DOLLARS, "0.00"),
        ("2.675", DOLLARS, "2.68"),
        ("-2.675", DOLLARS, "-2.68"),
        ("0.5", YEN, "1"),
        ("322.5806", YEN, "323"),
        ("0.0005", DINARS, "0.001"),
        ("7", DINARS, "7.000"),
    ],
)
def test_half_a_minor_unit_rounds_away_from_zero(amount: str, currency: Currency, rounded: str) -> None:
    assert str(round_money(Decimal(amount), currency)) == rounded


def test_nothing_is_never_written_with_a_minus() -> None:
    assert str(round_money(Decimal("-0.004"), DOLLARS)) == "0.00"
    assert str(round_money(Decimal("-0"), YEN)) == "0"
    assert [str(part) for part in allocate(Decimal("-0.01"), [Decimal(1), Decimal(1)], CENT)] == ["-0.01", "0.00"]


def test_a_minor_unit_is_a_power_of_ten() -> None:
    assert [str(currency.quantum) for currency in (DOLLARS, YEN, DINARS)] == ["0.01", "1", "0.001"]


def test_the_largest_remainders_get_the_cents_left_over() -> None:
    # 2.99 over 43 : 14 : 23 of 80 → 1.607125, 0.52325, 0.859625 → 1.60, 0.52, 0.85 and 2 cents left,
    # for the first (0.7125 of a cent) and the third (0.9625)
    parts = allocate(Decimal("2.99"), [Decimal(43), Decimal(14), Decimal(23)], CENT)
    assert parts == (Decimal("1.61"), Decimal("0.52"), Decimal("0.86"))


def test_equal_remainders_favour_the_first_line() -> None:
    # 0.05 over three equal lines: 1.666… cents each; the two left go to the first two
    assert allocate(Decimal("0.05"), [Decimal(7)] * 3, CENT) == (Decimal("0.02"), Decimal("0.02"), Decimal("0.01"))


def test_lines_that_weigh_nothing_share_evenly() -> None:
    assert allocate(Decimal("0.10"), [Decimal(0)] * 3, CENT) == (Decimal("0.04"), Decimal("0.03"), Decimal("0.03"))


def test_the_smallest_unit_may_be_larger_than_one() -> None:
    assert allocate(Decimal(30), [Decimal(1), Decimal(1)], Decimal(10)) == (Decimal(20), Decimal(10))


def test_weights_with_more_digits_than_the_precision_lose_nothing() -> None:
    # 60 digits against a precision of 50: only the 60th digit makes the second line the heavier one
    lighter, heavier = Decimal("1." + "0" * 58 + "1"), Decimal("1." + "0" * 58 + "2")
    with exact_arithmetic():
        assert allocate(CENT, [lighter, heavier], CENT) == (Decimal("0.00"), CENT)


@pytest.mark.parametrize(
    ("amount", "weights", "message"),
    [
        ("0.015", ["1"], r"0.015 is no multiple of 0.01"),
        ("1.00", [], "over no weights"),
        ("1.00", ["2", "-1"], "a weight is negative"),
        ("NaN", ["1"], "NaN"),
    ],
)
def test_what_cannot_be_split_is_refused(amount: str, weights: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        allocate(Decimal(amount), [Decimal(weight) for weight in weights], CENT)


def test_an_even_split_gives_what_is_left_to_the_first() -> None:
    assert split_evenly(11, 4) == (3, 3, 3, 2)


def test_whole_units_are_split_by_whole_weights() -> None:
    # 10 over 1 : 2 : 3 → 1.66…, 3.33…, 5 → 1, 3, 5 and one left for the first
    assert split_units(10, (1, 2, 3)) == (2, 3, 5)
    assert split_units(-10, (1, 2, 3)) == (-2, -3, -5)
    assert split_units(7, (0, 0)) == (4, 3)
    assert split_units(7, (0,)) == (7,)
    assert split_units(10, (2, 1)) == (7, 3)  # 6.67 and 3.33
    assert split_units(10, (1, 2)) == (3, 7)
    assert split_units(2, (1, 3)) == (1, 1)  # 0.5 and 1.5: a tie goes to the first
    assert split_units(-10, (2, 1)) == (-7, -3)


@pytest.fixture
def odd_default_context() -> Iterator[None]:
    """`decimal.DefaultContext` as another library might leave it."""
    default = decimal.DefaultContext
    kept = default.prec, default.Emax, default.rounding, dict(default.traps)
    default.prec, default.Emax, default.rounding = 3, 5, decimal.ROUND_UP
    default.traps[decimal.Inexact] = True
    yield
    default.prec, default.Emax, default.rounding = kept[:3]
    default.traps.update(kept[3])


@pytest.mark.usefixtures("odd_default_context")
def test_a_default_context_changed_before_the_engine_is_imported_changes_nothing() -> None:
    imported_anew = runpy.run_path(money.__file__)["exact_arithmetic"]
    with decimal.localcontext(decimal.Context()), imported_anew():
        assert str(Decimal(1) / 3) == "0." + "3" * 50
        assert Decimal(10) ** 20 + 1 == Decimal("100000000000000000001")


def test_exact_arithmetic_refuses_what_has_no_number() -> None:
    with decimal.localcontext(decimal.Context(traps=[])), exact_arithmetic():
        with pytest.raises(decimal.DivisionByZero):
            Decimal(1) / 0
        with pytest.raises(decimal.InvalidOperation):
            Decimal("sNaN") + 1
