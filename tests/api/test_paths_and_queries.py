"""Queries, cursors, paths and methods that are wrong or only look strange, and what callers are told."""

import base64

import pytest

from pricing_engine.storage.pages import Listing
from tests.api.conftest import Caller


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=201",
        "limit=abc",
        "limit=",
        "limit=1.0",
        "limit=%D9%A1",
        "limit=1&limit=2",
        "lim%69t=1&limit=2",
        "unknown=1",
        "q=%27%20OR%201=1--",
        "cursor=",
        "cursor=%00",
        "cursor=!!!!",
        "cursor=abc",
        "cursor=" + "A" * 400,
        "cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTkuYQ",
        "state=paid",
        "state=",
        "account_id=%00",
        "account_id=%FF%FE",
        "created_after=yesterday",
        "created_after=2026-02-30",
        "created_after=2026-07-01T25:00:00Z",
        "created_after=2026-07-01T00:00:00%2B02:00",
        "external_ref=%E2%80%AE",
        "expand=waterfall",
        "=",
        "a;b",
        "%",
        "&".join(f"p{number}=1" for number in range(60)),
    ],
)
def test_a_query_that_is_wrong_is_refused(query: str, sqlite_caller: Caller) -> None:
    answer = sqlite_caller.get(f"/v1/quotes?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


QUOTE_FILTERS = ("account_id", "state", "created_after", "external_ref", "type")
LISTS = {
    "/v1/quotes": Listing("quotes", dict.fromkeys(QUOTE_FILTERS)),
    "/v1/accounts": Listing("accounts", {"external_id": None}),
    "/v1/rulebooks": Listing("rulebooks"),
}


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "inside", [b"1.a", b"1.\x00", b"1.a\x00b", b"253402300799999999.z", b"-62135596800000000.z", b"9e99.z"]
)
def test_a_cursor_made_by_hand_leads_nowhere_or_is_refused(path: str, inside: bytes, shared_caller: Caller) -> None:
    whole = LISTS[path].mark.encode() + b"." + inside
    cursor = base64.urlsafe_b64encode(whole).decode().rstrip("=")
    expected = {200} if inside == b"1.a" else {200, 422}
    assert shared_caller.get(path, params={"cursor": cursor}).status_code in expected


def test_a_cursor_of_another_list_or_of_other_filters_is_refused(caller: Caller) -> None:
    for number in range(3):
        caller.post("/v1/accounts", {"name": f"Account {number}", "currency": "USD"})
    cursor = caller.get("/v1/accounts?limit=1").json()["next_cursor"]
    assert caller.get("/v1/accounts", params={"cursor": cursor}).status_code == 200
    for path, more in (("/v1/quotes", {}), ("/v1/rulebooks", {}), ("/v1/accounts", {"external_id": "crm-1"})):
        answer = caller.get(path, params={"cursor": cursor} | more)
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor-unreadable"), path


@pytest.mark.parametrize(
    "path", ["/v1/quotes?expand=everything", "/v1/quotes?expand=", "/v1/quotes?expand=waterfall,x"]
)
def test_an_unknown_expansion_is_refused_and_nothing_is_kept(path: str, sqlite_caller: Caller) -> None:
    ask = sqlite_caller.ask()
    before = sqlite_caller.rows()
    assert sqlite_caller.post(path, ask).status_code == 422
    assert sqlite_caller.rows() == before


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/",
        "/v1/quotes/",
        "/v1//quotes",
        "/V1/quotes",
        "/v1/quotes/%00",
        "/v1/quotes/%2e%2e%2fadmin",
        "/v1/quotes/..%2f..%2fetc%2fpasswd",
        "/v1/quotes/%252e%252e",
        "/v1/quotes/quo_1'--",
        "/v1/quotes/" + "a" * 5_000,
        "/v1/quotes/%F0%9F%98%80",
        "/v1/quotes/unknown",
        "/v1/quotes/unknown/replay",
        "/v1/accounts/unknown",
        "/v1/rulebooks/unknown",
        "/v1/rulebooks/" + "0" * 64,
        "/problems/unknown",
        "/admin",
        "/.env",
    ],
)
def test_what_is_not_there_is_a_404_problem(path: str, shared_caller: Caller) -> None:
    answer = shared_caller.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["status"] == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/quotes", "GET, POST"),
        ("PUT", "/v1/accounts", "GET, POST"),
        ("GET", "/v1/rulebooks/check", None),
        ("DELETE", "/v1/quotes/quo_1", "GET, PATCH"),
        ("POST", "/healthz", "GET"),
        ("OPTIONS", "/v1/quotes", "GET, POST"),
        ("TRACE", "/v1/quotes", "GET, POST"),
        ("FOO", "/v1/quotes", "GET, POST"),
        ("POST", "/v1/quotes/quo_1/replay", "GET"),
    ],
)
def test_a_method_the_path_does_not_know_is_refused_with_those_it_knows(
    method: str, path: str, allowed: str | None, sqlite_caller: Caller
) -> None:
    answer = sqlite_caller.call(method, path)
    if allowed is None:
        # "check" could be a version's hash, and no version has it.
        assert answer.status_code == 404
        return
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
