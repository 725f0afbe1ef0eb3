"""Rule files sent to be checked: rules, and tests beside them, which are read as the command line reads them."""

from __future__ import annotations

import pytest

from tests.api.conftest import Caller
from tests.api.rule_files import TEXTS

FILE = "products/crm.test.yaml"
EXAMPLE = """\
for: products/crm
given: {effective: 2026-07-01}
cases:
  - name: a hundred seats
    request: {add: [{product: crm, users: 100}]}
    expect: {arr: "60000.00"}
"""


def check(caller: Caller, tests: str, **more: str) -> tuple[int, dict[str, object]]:
    """Status and answer for the rules of these tests with a test file beside them."""
    answer = caller.post("/v1/rulebooks/check", {"files": {**TEXTS, FILE: tests, **more}})
    return answer.status_code, answer.json()


def test_tests_that_can_be_read_are_not_run_and_change_no_hash(sqlite_caller: Caller) -> None:
    status, found = check(sqlite_caller, EXAMPLE)
    assert (status, found["is_valid"], found["faults"]) == (200, True, [])
    # What they expect is for rules test to find out.
    assert check(sqlite_caller, EXAMPLE.replace("60000.00", "1.00")) == (status, found)
    alone = sqlite_caller.post("/v1/rulebooks/check", {"files": dict(TEXTS)}).json()
    assert alone == found


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("for: products/crm", "for: products/crn", "E500", 1),
        ("expect:", "expects:", "E102", 6),
        ("users: 100", "user: 100", "E503", 5),
        ('{arr: "60000.00"}', "{}", "E507", 6),
        ("name: a", "name: [a", "Y028", 4),
    ],
)
def test_a_test_that_cannot_be_read_is_a_fault_with_its_place(
    sqlite_caller: Caller, before: str, after: str, code: str, line: int
) -> None:
    status, found = check(sqlite_caller, EXAMPLE.replace(before, after))
    assert (status, found["code"]) == (422, "rulebook-refused")
    faults = found["faults"]
    assert isinstance(faults, list)
    assert {fault["file"] for fault in faults} == {FILE}
    assert (code, line) in {(fault["code"], fault["line"]) for fault in faults}


def test_faults_of_rules_and_of_tests_come_together(sqlite_caller: Caller) -> None:
    _, found = check(
        sqlite_caller, EXAMPLE.replace("products/crm", "products/crn"), **{"metrics.yaml": "kind: metric\n"}
    )
    faults = found["faults"]
    assert isinstance(faults, list)
    assert {FILE, "metrics.yaml"} <= {fault["file"] for fault in faults}
