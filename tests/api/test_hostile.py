"""Every case of shared/hostile/api.json has a meaning here, and what is ours behaves as it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api import hostile_map
from tests.api.conftest import Caller
from tests.api.hostile_map import MAP, InRules, Ours, OverTheWire, Played
from tests.api.hostile_requests import our_request, rule_files_with
from tests.shared import shared_path

CASES: dict[str, dict[str, Any]] = {
    case["name"]: case for case in json.loads(shared_path("hostile", "api.json").read_text(encoding="utf-8"))
}
OURS = [name for name, meaning in MAP.items() if isinstance(meaning, Ours)]
IN_RULES = [name for name, meaning in MAP.items() if isinstance(meaning, InRules)]
SLOWEST_SECONDS = 2.0


def test_every_case_has_a_meaning_and_every_meaning_a_case() -> None:
    assert set(MAP) == set(CASES)


@pytest.mark.parametrize("name", OURS)
def test_a_hostile_request_is_answered_as_it_should_be_and_writes_nothing(name: str, shared_caller: Caller) -> None:
    meaning = MAP[name]
    assert isinstance(meaning, Ours)
    sent = our_request(CASES[name], shared_caller)
    before = shared_caller.rows()
    answer = shared_caller.call(sent.method, sent.path, content=sent.content, headers=dict(sent.headers))
    assert answer.status_code == meaning.status, answer.text
    assert answer.elapsed.total_seconds() < SLOWEST_SECONDS
    if meaning.status >= 400:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert (problem["status"], problem["code"]) == (meaning.status, meaning.code)
        if meaning.pointer is not None:
            named = (meaning.pointer,) if isinstance(meaning.pointer, str) else meaning.pointer
            assert tuple(fault["pointer"] for fault in problem["errors"]) == named
    assert (shared_caller.rows() != before) == meaning.writes


@pytest.mark.parametrize("name", IN_RULES)
def test_a_hostile_condition_is_refused_in_the_rule_that_holds_it(name: str, sqlite_caller: Caller) -> None:
    meaning = MAP[name]
    assert isinstance(meaning, InRules)
    given = CASES[name]["body_or_header"]
    body = given["json"] if "json" in given else eval(given["generate"])
    answer = sqlite_caller.post("/v1/rulebooks/check", rule_files_with(body["expr"]))
    assert (answer.status_code, answer.json()["code"]) == (422, "rulebook-refused")
    faults = [fault for fault in answer.json()["faults"] if fault["severity"] == "error"]
    assert {fault["file"] for fault in faults} == {"discounts/hostile.yaml"}
    assert {fault["line"] for fault in faults} == {7}
    assert any(meaning.says in fault["what"] + fault["fix"] for fault in faults)


def test_the_same_rule_with_a_benign_condition_is_accepted(sqlite_caller: Caller) -> None:
    answer = sqlite_caller.post("/v1/rulebooks/check", rule_files_with("qty * 1.1 > 1.65"))
    assert answer.status_code == 200, answer.text


def test_a_text_that_looks_hostile_is_kept_as_it_is(shared_caller: Caller) -> None:
    for name in ("txt/html-script", "txt/jinja-ssti", "txt/csv-formula"):
        text = CASES[name]["body_or_header"]["json"]["name"]
        made = shared_caller.post("/v1/accounts", {"name": text, "currency": "USD"})
        assert made.json()["name"] == shared_caller.get(made.headers["location"]).json()["name"] == text


def test_a_total_beyond_what_a_float_holds_is_exact(shared_caller: Caller) -> None:
    ask = shared_caller.ask(changes=[{"op": "add", "product": "crm", "quantities": {"users": "999999999999999"}}])
    # 999,999,999,999,999 × 50.00 × 12
    assert shared_caller.post("/v1/quotes", ask).json()["totals"]["list"] == "599999999999999400.00"


@pytest.mark.parametrize("kind", [Played, OverTheWire])
def test_every_test_the_table_names_exists(kind: type[Played] | type[OverTheWire]) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    named = {meaning.test for meaning in hostile_map.MAP.values() if isinstance(meaning, kind)}
    assert {name for name in named if f"def {name}(" not in text} == set()
