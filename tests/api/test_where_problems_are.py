"""A problem of a query parameter, a header or a field of the body says which one it is of."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from pricing_engine.api.problems import problem_response
from pricing_engine.quoting.refusals import UnknownRole
from tests.api.conftest import Caller

PRESENT = "/v1/quotes/{quote}/present"
LISTS = ("/v1/quotes", "/v1/accounts", "/v1/rulebooks", "/v1/scoring/models", "/v1/accounts/{account}/history")


def places(answer: Any) -> tuple[int, list[dict[str, str]]]:
    """The status, and where each of its errors is."""
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert {each["code"] for each in problem["errors"]} == {problem["code"]}
    return answer.status_code, [
        {part: each[part] for part in ("pointer", "parameter", "header") if part in each} for each in problem["errors"]
    ]


@pytest.fixture
def kept(sqlite_caller: Caller) -> str:
    """The id of a draft."""
    return str(sqlite_caller.post("/v1/quotes", sqlite_caller.ask()).json()["id"])


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_that_cannot_be_read_is_the_parameter(path: str, sqlite_caller: Caller) -> None:
    path, role = path.format(account=sqlite_caller.account()), {"X-Acting-Role": "revops"}
    answer = sqlite_caller.get(path, params={"cursor": "abc"}, headers=role)
    assert answer.json()["code"] == "cursor-unreadable"
    assert places(answer) == (422, [{"parameter": "cursor"}])


def test_an_unknown_locale_is_the_parameter(kept: str, sqlite_caller: Caller) -> None:
    answer = sqlite_caller.get(f"/v1/quotes/{kept}/document?locale=xx-YY")
    assert answer.json()["code"] == "unknown-locale"
    assert places(answer) == (422, [{"parameter": "locale"}])


@pytest.mark.parametrize(
    ("sent", "status", "header"),
    [
        ({}, 428, "If-Match"),
        ({"If-Match": '"9"'}, 412, "If-Match"),
        ({"If-Match": "*", "Content-Type": "text/plain"}, 415, "Content-Type"),
        ({"If-Match": "*", "Content-Encoding": "gzip"}, 415, "Content-Encoding"),
    ],
)
def test_what_is_refused_for_a_header_names_it(
    sent: dict[str, str], status: int, header: str, kept: str, sqlite_caller: Caller
) -> None:
    answer = sqlite_caller.post(PRESENT.format(quote=kept), {"comment": "x"}, headers=sent)
    assert places(answer) == (status, [{"header": header}])


def test_a_key_that_was_sent_with_another_request_is_the_header(kept: str, sqlite_caller: Caller) -> None:
    key = {"If-Match": "*", "Idempotency-Key": f"where-{kept}"}
    assert sqlite_caller.post(PRESENT.format(quote=kept), {"comment": "x"}, headers=key).status_code == 200
    again = sqlite_caller.post(PRESENT.format(quote=kept), {"comment": "y"}, headers=key)
    assert places(again) == (422, [{"header": "Idempotency-Key"}])


def test_a_role_that_the_rules_do_not_know_is_the_header() -> None:
    refused = UnknownRole("there is no role integration", fix="")
    answer = problem_response(refused, role="rep", instance="urn:request:x")
    assert orjson.loads(answer.body)["errors"][0]["header"] == "X-Acting-Role"
