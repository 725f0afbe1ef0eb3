"""Hostile expressions are refused before evaluation, each for its own reason; benign twins beside each group pass."""

import json
from typing import Any

import pytest

from pricing_engine.expressions import CODES, Kind
from tests.shared import shared_path
from tests.unit.expressions.example_scope import codes_of
from tests.unit.expressions.hostile_codes import GIVEN
from tests.unit.expressions.hostile_neighbours import NEIGHBOURS

LONGEST_KEY = 90
BEGINNING = 40
TWINS = {
    "code execution": (
        "users > 500 and discount <= 0.15",
        "(users) > 5",
        "min(users, quantity) > 1",
        "known(unit_cost)",
        "not known(unit_cost)",
        'cfg == "floor"',
        'approvers != "clear"',
        'cfg == "__import__(os)"',
        'po_number == "users[0].real; # lambda: 1"',
        '  region == "EMEA"  ',
    ),
    "resource exhaustion": (
        "users * users > 100",
        "users > 999999999999999",
        "discount <= 0.12345678",
        "users > 0.5",
        "users > 500",
        "discount <= 0.15",
        "((((((((((((users)))))))))))) > 1",
        "min(min(min(users, 9), 8), 7) > 1",
        " and ".join(["prepaid"] * 80),
        "1 + 2 + 3 + 4 + 5 < users",
        "users in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]",
        "users > (1 if prepaid else 2 if auto_renew else 3)",
        "either(unit_cost, 0) > 1",
        "either(unit_cost, list_price) > 1",
        "users" + " " * 988 + " > 1",
        f'po_number == "{"a" * 980}"',
    ),
    "wrong money": (
        'region in ["EMEA"]',
        'region not in ["EMEA", "APAC"]',
        '"EMEA" == region',
        "region == 'EMEA'",
        "discount <= 0.15",
        "discount == 0.15",
        "users > 500 and prepaid",
        "5 < users <= 10",
        "0 <= discount < 0.20",
        "list_price * (1 + discount) > list_price",
        "min(list_price, 100) > 0.1",
        "quantity > 0 and list_price / quantity > 10",
        "quantity == 0 or list_price / quantity > 10",
        "ratio_of(list_price, quantity, 0) > 10",
        "known(unit_cost) and unit_cost < list_price",
        "unit_cost < list_price if known(unit_cost) else prepaid",
        "users > (1 if prepaid else 0)",
        "prepaid",
        "not prepaid",
        "prepaid == auto_renew",
        "(users > 5) == prepaid",
        "users > 5 or users < 3",
        "users != 5",
        "segment == old_segment",
        'usage_share("transfer_gb") > 1.25',
        "users > -quantity + 5",
        "users - 5 > -3",
    ),
    "confusable text": (
        "users > 5",
        'region == "México"',
        'po_number == "日本 – “EMEA” £€"',
        'po_number == "مرحبا"',
        'po_number == "users > 5 # 100% & more"',
        'po_number == "it\'s"',
        'po_number == ""',
        'po_number == "😀"',
        "users - 5 > 1",
        "users-5>1",
    ),
}


def _given() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(shared_path("hostile", "expressions.json").read_text(encoding="utf-8"))
    return cases


def _key(expression: str) -> str:
    return expression if len(expression) <= LONGEST_KEY else expression[:BEGINNING]


def _built(case: dict[str, Any]) -> str:
    # The list writes its long cases as Python expressions; this is our own test data, evaluated in tests only.
    return str(eval(case["expr_python"])) if "expr_python" in case else str(case["expr"])


def test_every_given_hostile_expression_is_refused_for_exactly_its_reason() -> None:
    refused = {_key(case["expr"]): codes_of(_built(case)) for case in _given()}
    assert refused == GIVEN


def test_every_group_of_hostile_expressions_has_benign_twins() -> None:
    assert {case["group"] for case in _given()} == set(TWINS)


@pytest.mark.parametrize(("expression", "codes"), NEIGHBOURS.items(), ids=ascii)
def test_neighbours_of_the_given_list_are_refused_for_exactly_their_reason(
    expression: str, codes: tuple[str, ...]
) -> None:
    assert codes_of(expression) == codes


@pytest.mark.parametrize("expression", [twin for twins in TWINS.values() for twin in twins], ids=lambda twin: twin[:60])
def test_benign_twins_pass(expression: str) -> None:
    assert codes_of(expression) == ()


def test_limits_are_met_exactly_and_not_passed() -> None:
    characters = "users" + " " * 991 + " > 1"
    # min ( users … ) > 0 are 6 words and signs, each further argument is two.
    words = "min(users" + ",1" * 117 + ") > 0"
    assert len(characters) == 1_000
    assert (codes_of(characters), codes_of(characters + " ")) == ((), ("E012",))
    assert (codes_of(words), codes_of(f"-{words}".replace(">", "<"))) == ((), ("E022",))
    assert (codes_of("(" * 12 + "users" + ")" * 12 + " > 1"), codes_of("(" * 13 + "users" + ")" * 13 + " > 1")) == (
        (),
        ("E023",),
    )


def test_a_hostile_expression_is_hostile_whatever_its_field_needs() -> None:
    accepted = {
        (case["expr"], kind)
        for case in _given()
        for kind in Kind
        if case["group"] in ("code execution", "resource exhaustion", "confusable text")
        if not codes_of(_built(case), expect=kind)
    }
    assert accepted == set()


def test_every_code_has_a_case_that_triggers_it() -> None:
    triggered = {code for table in (GIVEN, NEIGHBOURS) for codes in table.values() for code in codes}
    assert triggered | {"E072"} == set(CODES)
    assert codes_of("discount * 2", expect=Kind.MONEY) == ("E072",)
