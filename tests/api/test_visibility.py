"""Who sees costs, margins and floors: one table, tested for every role and every name in it."""

from typing import Any

import pytest

from pricing_engine.api.acting_role import ROLES
from pricing_engine.api.problems import problem_response
from pricing_engine.api.visibility import COST_ROLES, SEEN_BY, may_see
from pricing_engine.errors import DomainError
from tests.api.conftest import Caller


class _Refused(DomainError):
    code = "invalid-request"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", SEEN_BY)
def test_each_role_sees_what_the_design_says_and_nothing_more(role: str, name: str) -> None:
    allowed = {"manager", "deal_desk", "pricing", "revops", "admin"}
    assert may_see(role, name) == (role in allowed)
    shown = problem_response(_Refused("no", **{name: "12"}), role=role, instance="urn:request:1")
    assert (name.encode() in bytes(shown.body)) == (role in allowed)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_in_the_table_everybody_sees(role: str) -> None:
    assert may_see(role, "list")


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/quotes/preview"])
@pytest.mark.parametrize("role", ROLES)
def test_only_some_roles_see_where_the_floor_lies(role: str, path: str, sqlite_caller: Caller) -> None:
    # Half off leaves 50% of list; the floor is 55% of it, and its rule says so.
    ask = sqlite_caller.ask(discounts=[{"target": "quote", "percent": "0.50", "why": "must win"}])
    answer = sqlite_caller.post(f"{path}?expand=waterfall", ask, headers={"X-Acting-Role": role})
    assert answer.json()["is_refused"]
    finding = _finding(answer.json(), "below-floor")
    if role in COST_ROLES:
        # 55% of 100 × 50.00 × 12
        assert finding["facts"]["floor"].startswith("33000.00")
        assert "55 of 100" in finding["rule"]["why"]
    else:
        assert "floor" not in finding["facts"]
        assert finding["rule"] is None
        assert "33000" not in answer.text
        assert "55 of 100" not in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_a_kept_quote_shows_to_each_reader_what_that_reader_may_see(role: str, sqlite_caller: Caller) -> None:
    ask = sqlite_caller.ask(discounts=[{"target": "quote", "percent": "0.50", "why": "must win"}])
    kept = sqlite_caller.post("/v1/quotes", ask, headers={"X-Acting-Role": "admin"})
    read = sqlite_caller.get(kept.headers["location"], headers={"X-Acting-Role": role}).json()
    assert ("floor" in _finding(read, "below-floor")["facts"]) == (role in COST_ROLES)


def test_no_answer_ever_holds_a_unit_cost(sqlite_caller: Caller) -> None:
    # A CRM seat costs us 9.17, which is in the rules and in nothing that is answered.
    headers = {"X-Acting-Role": "admin"}
    kept = sqlite_caller.post("/v1/quotes?expand=waterfall", sqlite_caller.ask(), headers=headers)
    rulebook = kept.json()["rulebook"]
    for path in (f"/v1/rulebooks/{rulebook}", "/v1/rulebooks", kept.headers["location"], "/v1/quotes"):
        assert "9.17" not in sqlite_caller.get(path, headers=headers).text


def _finding(quote: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(finding for finding in quote["findings"] if finding["code"] == code)
    return found
