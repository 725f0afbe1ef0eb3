"""The sentence of an upsell path: its placeholders, and how what they stand for is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pricing_engine.offers.sentences import Share, fill, names_of_metrics, placeholders_in


def test_a_placeholder_is_a_name_in_braces_and_knows_where_it_stands() -> None:
    assert [tuple(each) for each in placeholders_in("At {share} of {x}.")] == [("share", 3, 7), ("x", 14, 3)]


def test_a_brace_without_a_partner_is_found_too() -> None:
    assert [each.name for each in placeholders_in("}a {b} {c")] == ["}", "b", "{"]


def test_a_share_is_said_in_whole_percent_and_the_middle_goes_up() -> None:
    # 0.845 × 100 = 84.5
    assert fill("{a} {b}", {"a": Share(Decimal("0.845")), "b": Share(Decimal("1.2"))}) == "85% 120%"


def test_numbers_keep_their_digits_and_are_grouped_by_thousands() -> None:
    values = {"a": Decimal("12500.00"), "b": Decimal("0.50"), "c": Decimal("1E+3")}
    assert fill("{a} {b} {c}", values) == "12,500 0.5 1,000"


def test_words_yes_and_no_and_days_are_said_as_they_are() -> None:
    assert fill("{a} {b} {c}", {"a": "growth", "b": True, "c": date(2026, 7, 1)}) == "growth yes 2026-07-01"


def test_what_has_no_value_is_said_to_be_not_known() -> None:
    assert fill("At {share} of it.", {}) == "At not known of it."


def test_every_metric_has_what_is_used_its_limit_and_the_share() -> None:
    assert names_of_metrics(["users"]) == {"users_used", "users_limit", "users_share"}
