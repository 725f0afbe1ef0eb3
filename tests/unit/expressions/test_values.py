"""What expressions evaluate to: exact decimals, plain truth values, whole months."""

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.expressions import Kind
from tests.unit.expressions.example_scope import value_of


def test_numbers_are_decimals_made_from_their_source_text() -> None:
    # As floats 0.1 + 0.2 is 0.30000000000000004.
    assert value_of("0.1 + 0.2", expect=Kind.NUMBER) == Decimal("0.3")
    assert str(value_of("12.10", expect=Kind.MONEY)) == "12.10"


def test_a_condition_gives_true_or_false_and_nothing_else() -> None:
    assert value_of("users > 5 and prepaid") is True
    assert value_of('segment in ["mid_market"] or auto_renew') is False


def test_a_range_includes_its_lower_and_excludes_its_upper_end_as_written() -> None:
    outcomes = [
        value_of("0.10 <= discount < 0.20", discount=Decimal(share)) for share in ("0.09", "0.10", "0.19", "0.20")
    ]
    assert outcomes == [False, True, True, False]


@pytest.mark.parametrize(
    ("condition", "users", "holds"),
    [
        ("5 < users < 10", 5, False),
        ("5 < users <= 10", 10, True),
        ("5 <= users <= 10", 5, True),
        ("quantity + 5 <= users < quantity + 10", 9, True),
        ("quantity + 5 <= users < quantity + 10", 4, False),
        ("users - 1 < users + quantity < users + 1", 3, True),
        ("users not in [5, 7]", 7, False),
        ("users + 1 in [5, 7]", 6, True),
        ("users + 1 not in [5, 7]", 6, False),
        ("not users == 5", 5, False),
        ("5 < users", 6, True),
        ("users != 5", 6, True),
        ("users - 10 < -3", 6, True),
    ],
)
def test_comparisons_hold_as_written(condition: str, users: int, holds: bool) -> None:
    assert value_of(condition, users=Decimal(users), quantity=Decimal(0)) is holds


def test_three_and_more_conditions_joined_stop_at_the_first_that_decides() -> None:
    # The guard in the middle keeps the division from running.
    assert value_of("prepaid and quantity > 0 and users / quantity > 5 and users > 1", quantity=Decimal(0)) is False
    assert value_of("auto_renew or quantity == 0 or users / quantity > 5", quantity=Decimal(0)) is True


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("min(users, 7, 9)", "7"),
        ("max(users, 7, 9)", "120"),
        ("abs(quantity - 5)", "5"),
        ("floor(users / 7)", "17"),  # 120 / 7 = 17.14…
        ("ceil(users / 7)", "18"),
        ("floor(-users / 7)", "-18"),
        ("clamp(users, 1, 100)", "100"),
        ("clamp(quantity, 1, 100)", "1"),
        ("round_to(users, 50)", "100"),  # 120 is nearer to 100 than to 150
        ("round_to(users + 5, 50)", "150"),  # 125 lies in the middle: up
        ("5 if users > 100 else 6", "5"),
        ("5 if users < 100 else 6 if prepaid else 7", "6"),
        ("-users", "-120"),
        ("2 + 3 * 4", "14"),
        ("(2 + 3) * 4", "20"),
        ("7 / 2", "3.5"),
    ],
)
def test_functions_and_arithmetic_are_exact(formula: str, result: str) -> None:
    assert value_of(formula, expect=Kind.NUMBER) == Decimal(result)


def test_round_to_rounds_the_middle_away_from_zero_on_both_sides() -> None:
    assert value_of("round_to(arr_after, 0.05)", expect=Kind.MONEY, arr_after=Decimal("1.025")) == Decimal("1.05")
    assert value_of("round_to(arr_after, 0.05)", expect=Kind.MONEY, arr_after=Decimal("-1.025")) == Decimal("-1.05")


def test_ratio_of_gives_the_share_or_what_stands_for_it_when_the_whole_is_zero() -> None:
    share = "ratio_of(remaining_fees, arr_after, 0.5)"
    assert value_of(share, expect=Kind.RATIO, remaining_fees=Decimal(30), arr_after=Decimal(120)) == Decimal("0.25")
    assert value_of(share, expect=Kind.RATIO, arr_after=Decimal(0)) == Decimal("0.5")


def test_known_is_false_for_a_fact_that_is_none_or_absent() -> None:
    assert value_of("known(unit_cost)", unit_cost=Decimal(3)) is True
    assert value_of("known(unit_cost)", unit_cost=None) is False
    assert value_of("known(unit_cost) and unit_cost > 1", unit_cost=None) is False


def test_either_takes_the_default_only_where_the_fact_is_missing() -> None:
    assert value_of("either(unit_cost, 7)", expect=Kind.MONEY, unit_cost=None) == Decimal(7)
    assert value_of("either(unit_cost, 7)", expect=Kind.MONEY, unit_cost=Decimal(0)) == Decimal(0)


def test_usage_share_reads_the_share_of_its_metric() -> None:
    assert value_of('usage_share("storage_gb") >= 0.80 or users >= 400') is True
    assert value_of('usage_share("transfer_gb")', expect=Kind.RATIO) == Decimal("1.20")


def test_lookup_gives_the_row_of_the_key_or_the_default() -> None:
    assert value_of('lookup("region_factor", region)', expect=Kind.RATIO, region="APAC") == Decimal("0.80")
    assert value_of('lookup("segment_fee", segment)', expect=Kind.MONEY, segment="smb") == Decimal("100.00")
    assert value_of('lookup("segment_fee", segment)', expect=Kind.MONEY, segment="enterprise") == Decimal("250.00")
    assert value_of('lookup("po_fee", "P-1")', expect=Kind.MONEY) == Decimal(5)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 1),  # P7: 31 Jan + 1 month is 28 Feb
        (date(2026, 1, 31), date(2026, 3, 30), 1),  # P7: + 2 months is 31 Mar, not there yet
        (date(2026, 1, 31), date(2026, 3, 31), 2),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2026, 1, 15), date(2026, 1, 15), 0),
        (date(2025, 12, 15), date(2026, 12, 14), 11),
        (date(2025, 11, 30), date(2025, 12, 31), 1),
        (date(2026, 3, 31), date(2026, 1, 31), -2),
    ],
)
def test_months_between_counts_completed_months_from_the_anchor(first: date, last: date, months: int) -> None:
    formula = "months_between(starts_on, ends_on)"
    assert value_of(formula, expect=Kind.MONTHS, starts_on=first, ends_on=last) == months


def test_a_quoted_iso_date_that_meets_a_date_is_a_date() -> None:
    assert value_of('starts_on >= "2026-01-31"') is True
    assert value_of('"2026-02-01" <= starts_on < "2026-03-01"') is False
    assert value_of('starts_on in ["2026-01-31"]') is True
    assert value_of('starts_on == ("2026-01-31" if prepaid else "2026-01-01")') is True
    assert value_of('months_between("2025-01-31", starts_on)', expect=Kind.MONTHS) == 12
    assert value_of('"2026-03-01"', expect=Kind.DATE) == date(2026, 3, 1)


def test_a_formula_may_give_a_text() -> None:
    assert value_of("segment", expect=Kind.ENUM) == "smb"
    assert value_of('"gold" if users > 100 else "silver"', expect=Kind.TEXT) == "gold"


def test_examples_of_the_rule_repository_evaluate() -> None:
    # 900.10 x 0.50 = 450.05; 1 - 0.15 / 0.30 = 0.5; 24 / 36 lies between 0 and 1.
    assert value_of("remaining_fees * 0.50", expect=Kind.MONEY) == Decimal("450.05")
    assert value_of("clamp(1 - discount / 0.30, 0, 1)", expect=Kind.RATIO) == Decimal("0.5")
    assert value_of("clamp(term_months / 36, 0, 1)", expect=Kind.RATIO) == Decimal(24) / Decimal(36)
    assert value_of('segment in ["smb", "mid_market"] and quote_type == "new"') is True
    assert value_of("arr_after < 250000") is True
