"""A price is read exactly, worked out from variables, or on request; it is never guessed."""

from decimal import Decimal

import pytest

from pricing_engine.imports import Outcome
from tests.unit.imports.pages import imported, said


def price_of(price: str, variables: str = "{}") -> str:
    """The price-book entry of a plan with this price, without its date and reason; the import's errors otherwise."""
    result = imported(f"variables: {variables}\nplans:\n  A:\n    price: {price}\n")
    if result.is_refused:
        return " ".join(said(result, Outcome.ERROR))
    entry = result.files["price_books/usd.yaml"].split("from: 2025-02-26, ")[1]
    return entry.partition(", why")[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0", "0"),
        ("12.10", "12.10"),
        ("'9.99'", "9.99"),
        ("1_000", "1000"),
        ("1e2", "100"),
        (".5", "0.5"),
        ("8.333333333333334", "8.333333333333"),
    ],
)
def test_an_amount_is_taken_digit_by_digit_up_to_the_decimals_of_a_unit_price(written: str, read: str) -> None:
    assert price_of(written) == f'model: flat, amount: "{read}"'


def test_digits_that_a_unit_price_cannot_hold_are_named() -> None:
    result = imported("plans:\n  A: {price: 8.333333333333334}\n")
    assert said(result, Outcome.WARNING) == [
        "7:14: plan A: the price '8.333333333333334' is rounded half up to 12 decimals"
    ]


@pytest.mark.parametrize("words", ["Contact Sales", "Contact sales", '"Contact us"', "Free", "Custom"])
def test_words_are_a_price_on_request_and_never_0(words: str) -> None:
    assert price_of(words) == "on_request: true"


@pytest.mark.parametrize("words", ["From $10", "10-20", "€15", "2024/25"])
def test_words_with_a_figure_are_on_request_with_a_warning(words: str) -> None:
    result = imported(f"plans:\n  A: {{price: '{words}'}}\n")
    assert "on_request: true" in result.files["price_books/usd.yaml"]
    (warning,) = said(result, Outcome.WARNING)
    assert warning.startswith(f"7:14: plan A: the price '{words}' is a text, so it is on request")


@pytest.mark.parametrize("wrong", ["-1", ".nan", ".inf", "''", "1e40"])
def test_what_is_neither_amount_nor_words_is_refused(wrong: str) -> None:
    assert price_of(wrong).startswith("9:12: plan A: ")


def test_arabic_digits_are_words() -> None:
    assert price_of("'١٢'") == "on_request: true"


@pytest.mark.parametrize(
    ("formula", "amount"),
    [
        ("'5 * #x'", Decimal(15)),
        ("'#x'", Decimal(3)),
        ("'(#x + #y) * 2'", Decimal(7)),  # (3 + 0.5) × 2
        ("'#x / 4'", Decimal("0.75")),
        ("'-#x + 10'", Decimal(7)),
        ("'2*4.5'", Decimal(9)),
        ("'#x / 7'", Decimal("0.428571428571")),  # 3 ÷ 7 = 0.4285714285714…, half up at 12 decimals
    ],
)
def test_a_formula_over_the_pages_variables_is_worked_out(formula: str, amount: Decimal) -> None:
    assert price_of(formula, "{x: 3, y: 0.5}") == f'model: flat, amount: "{amount}"'


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("'#z + 1'", "there is no variable z"),
        ("'#x / 0'", "it divides by 0"),
        ("'2 ** #x'", "only + - * / and brackets are read"),
        ("'exp(#x)'", "only + - * / and brackets are read"),
        ("'#x +'", "it is no sum, product or quotient"),
        ("'" + "(" * 150 + "#x'", "it is no sum, product or quotient"),
        ("'" + "1+" * 120 + "#x'", "it is longer than 200 characters"),
    ],
)
def test_a_formula_that_cannot_be_worked_out_is_refused(formula: str, why: str) -> None:
    assert f"cannot be worked out: {why}" in price_of(formula, "{x: 3}")


def test_a_price_that_had_to_be_rounded_is_named() -> None:
    result = imported("variables: {x: 3}\nplans:\n  A: {price: '#x / 7'}\n")
    (warning,) = said(result, Outcome.WARNING)
    assert warning == "8:14: plan A: the price '#x / 7' has no end; it is rounded half up to 12 decimals"
