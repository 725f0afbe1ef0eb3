"""Tests that a name is there, or that a divisor is not zero, count exactly where they have been passed."""

import pytest

from tests.unit.expressions.example_scope import codes_of

COST = "unit_cost > 5"
SHARE = "users / quantity > 5"


@pytest.mark.parametrize(
    "condition",
    [
        f"known(unit_cost) and {COST}",
        f"not known(unit_cost) or {COST}",
        f"prepaid and known(unit_cost) and (auto_renew or {COST})",
        f"({COST}) if known(unit_cost) else prepaid",
        f"prepaid if not known(unit_cost) else {COST}",
        f"not (not known(unit_cost) or prepaid) and {COST}",
        f"(known(unit_cost) and prepaid or known(unit_cost) and auto_renew) and {COST}",
        f"not (known(unit_cost) and prepaid) or {COST}",
        "either(unit_cost, unit_cost if known(unit_cost) else 0) > 5",
    ],
)
def test_an_optional_name_may_be_read_where_a_test_has_shown_that_it_is_there(condition: str) -> None:
    assert codes_of(condition) == ()


@pytest.mark.parametrize(
    "condition",
    [
        f"{COST} and known(unit_cost)",
        f"known(unit_cost) or {COST}",
        f"known(age_months) and {COST}",
        f"(known(unit_cost) or prepaid) and {COST}",
        f"prepaid if known(unit_cost) else {COST}",
        f"(known(unit_cost) and prepaid) or {COST}",
    ],
)
def test_an_optional_name_is_refused_where_it_may_still_be_missing(condition: str) -> None:
    assert codes_of(condition) == ("E062",)


@pytest.mark.parametrize(
    "test",
    [
        "quantity > 0",
        "0 < quantity",
        "quantity >= 1",
        "quantity != 0",
        "quantity == 5",
        "quantity in [1, 5]",
        "quantity not in [0, 7]",
        "1 <= quantity < 10",
        "0 < quantity <= 10",
        "(not quantity == 0)",
        "(not quantity <= 0)",
        "prepaid and quantity > 0",
    ],
)
def test_a_divisor_may_be_used_where_a_test_has_shown_that_it_is_not_zero(test: str) -> None:
    assert codes_of(f"{test} and {SHARE}") == ()
    assert codes_of(f"(prepaid and {test} or auto_renew and {test}) and {SHARE}") == ()
    assert codes_of(f"({SHARE}) if {test} else prepaid") == ()


@pytest.mark.parametrize(
    "test",
    [
        "quantity < 5",
        "quantity <= 0",
        "quantity == 0",
        "quantity != 5",
        "quantity in [0, 5]",
        "quantity not in [5]",
        "0 <= quantity < 10",
        "not (1 <= quantity < 10)",
        "users > 0",
        "quantity > -1 + users",
        "prepaid or quantity > 0",
        "quantity - 1 > 0",
    ],
)
def test_a_test_that_leaves_zero_open_does_not_allow_the_division(test: str) -> None:
    assert codes_of(f"({test}) and {SHARE}") == ("E076",)


def test_a_test_of_a_whole_part_allows_dividing_by_the_same_part() -> None:
    assert codes_of("users - 5 > 0 and quantity / (users - 5) > 2") == ()
    assert codes_of("users - 5 > 0 and quantity / (users - 6) > 2") == ("E076",)


@pytest.mark.parametrize("test", ["quantity <= 0", "quantity == 0", "quantity < 1", "quantity not in [1, 5]"])
def test_a_failed_test_shows_that_a_divisor_is_not_zero(test: str) -> None:
    assert codes_of(f"{test} or {SHARE}") == ()
    assert codes_of(f"not ({test}) and {SHARE}") == ()
    assert codes_of(f"prepaid if {test} else {SHARE}") == ()


def test_a_signed_ratio_is_guarded_from_both_sides() -> None:
    assert codes_of("uplift < 0 and users / uplift < 5") == ()
    assert codes_of("uplift <= -0.1 and users / uplift < 5") == ()
    assert codes_of("uplift <= 0.1 and users / uplift < 5") == ("E076",)
