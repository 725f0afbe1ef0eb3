"""How many times another amount an amount can be: known exactly where it can be, and never too narrow."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.expressions import Kind, Name, Scope, compile_expression
from pricing_engine.expressions.multiples import multiples_of

D = Decimal
INFINITE = D("Infinity")
SCOPE = Scope(
    names={
        "fees": Name("fees", Kind.MONEY, minimum=D(0)),
        "yearly": Name("yearly", Kind.MONEY, minimum=D(0)),
        "balance": Name("balance", Kind.MONEY),
        "months": Name("months", Kind.MONTHS, minimum=D(0), maximum=D(60)),
        "share": Name("share", Kind.RATIO, minimum=D(0), maximum=D(1), optional=True),
        "prepaid": Name("prepaid", Kind.YES_NO),
    }
)
TEXTS = {
    "fees": ("1", "1"),
    "fees * 1.5": ("1.5", "1.5"),
    "fees * 0.50 if prepaid else fees / 4": ("0.25", "0.5"),
    "fees * either(share, 0.2)": ("0", "1"),
    "fees * months / 12": ("0", "5"),
    "fees + yearly": ("1", "Infinity"),
    "fees - 100": ("-Infinity", "1"),
    "yearly / 4": ("0", "Infinity"),
    "100": ("0", "Infinity"),
    "0": ("0", "0"),
    "-fees": ("-1", "-1"),
    "min(yearly, fees * 0.75)": ("0", "0.75"),
    "max(fees * 0.75, 100)": ("0.75", "Infinity"),
    "clamp(yearly, 0, fees)": ("0", "1"),
    "abs(balance - fees)": ("0", "Infinity"),
    "floor(fees * 0.5)": ("0", "Infinity"),
    "fees * ratio_of(fees, fees * 2, 0.4)": ("0.4", "0.5"),
    "fees * ratio_of(yearly, fees, 0)": ("0", "Infinity"),
    "fees / 3 * 3": ("1", "1"),
    "fees * (balance / (fees + 1))": ("-Infinity", "Infinity"),
}


@pytest.mark.parametrize(("text", "ends"), TEXTS.items())
def test_the_ends_are_known(text: str, ends: tuple[str, str]) -> None:
    found = multiples_of("fees", compile_expression(text, SCOPE, expect=Kind.MONEY).tree, SCOPE.names)
    assert (found.low, found.high) == (D(ends[0]), D(ends[1]))


AMOUNTS = st.decimals(0, 10_000, places=2)


@given(
    text=st.sampled_from(sorted(TEXTS)),
    fees=AMOUNTS.filter(bool),
    yearly=AMOUNTS,
    balance=st.decimals(-10_000, 10_000, places=2),
    months=st.integers(0, 60),
    share=st.none() | st.decimals(0, 1, places=2),
    prepaid=st.booleans(),
)
def test_no_value_lies_outside(text: str, fees: Decimal, months: int, **facts: object) -> None:
    expression = compile_expression(text, SCOPE, expect=Kind.MONEY)
    found = multiples_of("fees", expression.tree, SCOPE.names)
    value = expression.evaluate({"fees": fees, "months": D(months), **facts}) / fees
    # A quotient is rounded in its 28th digit.
    assert found.low - D("1E-20") <= value <= found.high + D("1E-20")
