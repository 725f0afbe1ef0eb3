"""The discount that earns most, by the lower bound of what it gains, worked out a second way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.scoring.price_response import Method, PriceResponse, Stakes, Start, best_discount
from tests.rulebooks import D

RESPONSE = PriceResponse(4.0, 0.5, D("0.00"), D("0.30"), D("0.10"), 0.5, 1_000, 300, Method.DRAWN)
STAKES = Stakes(D("1000"), D("300"), D(0))
START = Start(target=D("0.10"), chance=D("0.5"), at=D("0.10"))


def test_the_curve_is_what_a_discount_comes_to() -> None:
    found = best_discount(RESPONSE, STAKES, START, most=None)
    assert found is not None
    curve = {point.discount: point for point in found.curve}
    # At 10% the chance is the half that is given: half of 1000 − 100 − 300.
    assert (curve[D("0.10")].chance, curve[D("0.10")].expected) == (D("0.5"), D("300.00"))
    # At 20% it is 1 ÷ (1 + e^−0.4) = 0.5987: 0.5987 × 500.
    assert (curve[D("0.20")].chance, curve[D("0.20")].expected) == (D("0.5987"), D("299.35"))
    assert [point.discount for point in found.curve] == sorted(curve)


SHARES = st.decimals("0.05", "0.95", places=2)


@given(
    effect=st.floats(0.5, 20),
    error=st.floats(0, 3),
    chance=SHARES,
    target=st.decimals("0", "0.3", places=2),
    cost=st.integers(0, 900),
    lost=st.integers(-900, 0),
)
def test_no_discount_has_a_higher_lower_bound(
    effect: float, error: float, chance: Decimal, target: Decimal, cost: int, lost: int
) -> None:
    """The oracle takes derivatives from differences, and looks at every hundredth."""
    response = replace(RESPONSE, effect=effect, error=error)
    found = best_discount(response, Stakes(D(1000), D(cost), D(lost)), Start(target, chance, D("0.10")), most=None)

    def expected(discount: float, slope: float) -> float:
        odds = log(float(chance) / (1 - float(chance))) + slope * (discount - 0.10)
        won = 1 / (1 + exp(-odds))
        return won * (1000 * (1 - discount) - cost) + (1 - won) * lost

    def surely(discount: float) -> float:
        def gain(slope: float) -> float:
            return expected(discount, slope) - expected(float(target), slope)

        return gain(effect) - 1.959964 * error * abs(gain(effect + 1e-5) - gain(effect - 1e-5)) / 2e-5

    bounds = [surely(each / 100) for each in range(31)]
    assert found is not None
    assert surely(float(found.discount)) == pytest.approx(max(bounds), abs=1e-3)
    assert float(found.surely) == pytest.approx(max(bounds), abs=0.01)
    assert D(0) <= found.surely <= found.gain


def test_what_is_lost_anyway_does_not_move_the_best_discount() -> None:
    """Of a renewal the ARR before is lost or kept: it shifts the curve, and not where it is highest."""
    new, renewal = (best_discount(RESPONSE, Stakes(D(1000), D(each), -D(each)), START, most=None) for each in (0, 800))
    assert new is not None
    assert renewal is not None
    assert (new.discount, new.gain, new.surely) == (renewal.discount, renewal.gain, renewal.surely)
    assert {one.expected - other.expected for one, other in zip(new.curve, renewal.curve, strict=True)} == {D(800)}


def test_nothing_is_looked_at_beyond_what_was_observed_or_may_be_given() -> None:
    steep = replace(RESPONSE, effect=20.0)
    found = best_discount(steep, STAKES, START, most=D("0.123"))
    assert found is not None
    assert found.discount == D("0.123")
    assert max(point.discount for point in found.curve) == D("0.123")
    for start, most in (
        (START._replace(target=D("0.31")), None),
        (START._replace(at=D("0.31")), None),
        (START, D("0.09")),
        (START._replace(target=D("-0.01")), None),
    ):
        assert best_discount(steep, STAKES, start, most=most) is None
    assert best_discount(steep, STAKES._replace(list=D(0)), START, most=None) is None


def test_where_lots_lay_around_targets_no_target_moves_further_than_they_did() -> None:
    found = best_discount(replace(RESPONSE, effect=20.0, reach=D("0.02")), STAKES, START, most=None)
    assert found is not None
    assert found.discount == D("0.12")
    assert [point.discount for point in found.curve] == [D("0.08"), D("0.10"), D("0.12")]


def test_an_effect_that_is_not_known_well_changes_nothing() -> None:
    found = best_discount(replace(RESPONSE, error=4.0), STAKES, START, most=None)
    assert found is not None
    assert (found.discount, found.gain, found.surely) == (D("0.10"), D(0), D(0))


@pytest.mark.parametrize("chance", ["0", "1"])
def test_a_chance_that_is_certain_is_taken_as_nearly_so(chance: str) -> None:
    found = best_discount(RESPONSE, STAKES, START._replace(chance=D(chance)), most=None)
    assert found is not None
    # Who buys in any case is given nothing; of who never does, nothing is lost by trying.
    assert found.discount == (D("0.00") if chance == "1" else D("0.30"))
