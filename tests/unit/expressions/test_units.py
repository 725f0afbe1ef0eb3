"""Which units an expression may join, and what unit comes out."""

from decimal import Decimal

import pytest

from pricing_engine.expressions import Kind, LookupTable, Name, Scope, compile_expression
from tests.unit.expressions.example_scope import codes_of


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("list_price * discount", Kind.MONEY),
        ("users * list_price", Kind.MONEY),
        ("list_price / 12", Kind.MONEY),
        ("list_price / term_months", Kind.MONEY),
        ("list_price * (1 - discount)", Kind.MONEY),
        ("list_price + 100", Kind.MONEY),
        ("-list_price", Kind.MONEY),
        ("floor(list_price)", Kind.MONEY),
        ("min(list_price, remaining_fees, 100)", Kind.MONEY),
        ("ratio_of(list_price, quantity, 0)", Kind.MONEY),
        ("list_price if prepaid else 0", Kind.MONEY),
        ("100", Kind.MONEY),
        ("discount * uplift", Kind.RATIO),
        ("discount * 0.5", Kind.RATIO),
        ("1 - discount", Kind.RATIO),
        ("ratio_of(remaining_fees, arr_after, 0)", Kind.RATIO),
        ("list_price / (list_price + 1)", Kind.RATIO),
        ("0.5", Kind.RATIO),
        ("users * 2", Kind.COUNT),
        ("users * quantity", Kind.COUNT),
        ("users + quantity - 3", Kind.COUNT),
        ("ceil(users / 10)", Kind.COUNT),
        ("12", Kind.COUNT),
        ("term_months * 2", Kind.MONTHS),
        ("floor(term_months / 2)", Kind.MONTHS),
        ("months_between(starts_on, ends_on)", Kind.MONTHS),
        ("either(age_months, 0)", Kind.MONTHS),
        ("users / term_months", Kind.NUMBER),
        ("users * discount", Kind.NUMBER),
        ("term_months / 12 + 1", Kind.NUMBER),
        ("users / 2 + quantity", Kind.NUMBER),
        ("starts_on", Kind.DATE),
        ("region", Kind.ENUM),
        ("po_number", Kind.TEXT),
        ("prepaid", Kind.YES_NO),
    ],
)
def test_a_formula_of_this_unit_fits_its_field(formula: str, kind: Kind) -> None:
    assert codes_of(formula, expect=kind) == ()


@pytest.mark.parametrize(
    ("formula", "kind", "code"),
    [
        ("list_price", Kind.RATIO, "E072"),
        ("list_price", Kind.NUMBER, "E072"),
        ("discount * 2", Kind.MONEY, "E072"),
        ("users * 0.5", Kind.COUNT, "E072"),
        ("users / 2", Kind.COUNT, "E072"),
        ("1.5", Kind.COUNT, "E072"),
        ("0.5", Kind.MONTHS, "E072"),
        ("term_months / 2", Kind.MONTHS, "E072"),
        ("prepaid", Kind.MONEY, "E072"),
        ("region", Kind.MONEY, "E072"),
        ("5", Kind.TEXT, "E072"),
        ("5", Kind.DATE, "E072"),
        ("starts_on", Kind.TEXT, "E072"),
        ('"soon"', Kind.DATE, "E086"),
        ("15", Kind.RATIO, "E082"),
        ("list_price", Kind.YES_NO, "E070"),
        ("starts_on", Kind.YES_NO, "E071"),
    ],
)
def test_a_formula_of_another_unit_is_refused(formula: str, kind: Kind, code: str) -> None:
    assert codes_of(formula, expect=kind) == (code,)


def test_a_bare_literal_takes_the_unit_of_what_it_meets_also_through_arithmetic_and_choices() -> None:
    assert codes_of("list_price > 100 * 12") == ()
    assert codes_of("list_price > (100 if prepaid else 200)") == ()
    assert codes_of("list_price > max(100, 200)") == ()
    assert codes_of("term_months >= 12 and users > 12 and list_price > 12") == ()


def test_a_plain_number_meets_counts_ratios_and_months_but_never_money() -> None:
    assert codes_of("users / 2 > quantity") == ()
    assert codes_of("users / 1000 > discount") == ()
    assert codes_of("users / 2 > list_price") == ("E073",)


def test_the_limit_of_a_ratio_is_what_its_name_declares() -> None:
    growth = Name("growth", Kind.RATIO, minimum=Decimal(-1), maximum=Decimal(3))
    scope = Scope(names={"growth": growth})
    assert compile_expression("growth > 2.5", scope, expect=Kind.YES_NO).names == {"growth"}
    assert codes_of("uplift > 2.5") == ("E082",)


def test_a_range_that_only_its_divisor_needs_is_found_through_functions() -> None:
    for divisor in ("max(quantity, 1)", "quantity + 1", "term_months", "abs(quantity) + 0.5", "clamp(quantity, 1, 9)"):
        assert codes_of(f"users / ({divisor}) > 5") == (), divisor
    for divisor in ("min(quantity, 1)", "quantity - 1", "floor(quantity / 2)", "(1 if prepaid else 0)", "uplift"):
        assert codes_of(f"users / ({divisor}) > 5") == ("E076",), divisor


def test_a_condition_that_declared_ranges_decide_is_refused_and_an_open_one_is_not() -> None:
    assert codes_of("term_months <= 120") == ("E083",)
    assert codes_of("term_months < 120") == ()
    assert codes_of("term_months >= 120") == ()
    assert codes_of('"2026-03-01" <= starts_on < "2026-03-01"') == ("E083",)
    assert codes_of('"2026-03-01" <= starts_on <= "2026-03-01"') == ()
    assert codes_of("term_months * 2 > 240") == ("E083",)
    assert codes_of("users + 5 >= 5") == ("E083",)
    assert codes_of("users + 5 > 5") == ()
    assert codes_of("arr_after >= 0") == ()


def test_a_table_row_that_is_missing_is_refused_unless_there_is_a_default() -> None:
    assert codes_of('lookup("segment_fee", segment) > 5') == ("E083",)  # its values are 100 and 250
    assert codes_of('lookup("segment_fee", segment) > 100') == ()
    assert codes_of('lookup("region_factor", "EMEA" if prepaid else "APAC") > 0.8') == ()
    assert codes_of('lookup("region_factor", "EMEA" if prepaid else "EMAE") > 0.8') == ("E069",)


@pytest.mark.parametrize(
    ("key", "value", "rows"),
    [
        (Kind.MONEY, Kind.RATIO, {"a": Decimal(1)}),
        (Kind.ENUM, Kind.TEXT, {"a": Decimal(1)}),
        (Kind.ENUM, Kind.RATIO, {}),
    ],
)
def test_a_table_that_can_answer_nothing_cannot_be_made(key: Kind, value: Kind, rows: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match="lookup table 'factor'"):
        LookupTable("factor", key, value, rows)
