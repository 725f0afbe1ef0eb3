"""The neighbours of the hostile list: what else callers send, by mistake or on purpose, and what they are told."""

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import MAX_BODY, NOON, Caller

API_PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "api.md").read_text("utf-8")
JSON_TYPE = {"content-type": "application/json"}


def pointers(problem: dict[str, Any]) -> list[str]:
    """The fields the problem names."""
    return [fault["pointer"] for fault in problem["errors"]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"  ", 400),
        (b"null", 422),
        (b"true", 422),
        (b"0", 422),
        (b'"{}"', 422),
        (b"[[]]", 422),
        (b"{}", 422),
        (b"{]", 400),
        (b'{"account_id"', 400),
        (b"\x00", 400),
        (b"-", 400),
    ],
)
def test_a_body_that_is_no_request_is_refused(body: bytes, status: int, sqlite_caller: Caller) -> None:
    for path in ("/v1/quotes", "/v1/quotes/preview", "/v1/accounts", "/v1/rulebooks/check"):
        answer = sqlite_caller.call("POST", path, content=body, headers=JSON_TYPE)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


WRONG_FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "an id that is a number": ({"account_id": 1}, "/account_id"),
    "an empty id": ({"account_id": ""}, "/account_id"),
    "an id with a NUL": ({"account_id": "acc\x00"}, "/account_id"),
    "an id that goes up": ({"account_id": "../etc"}, "/account_id"),
    "a very long id": ({"account_id": "a" * 100_000}, "/account_id"),
    "changes that are an object": ({"changes": {"op": "add"}}, "/changes"),
    "changes that are null": ({"changes": None}, "/changes"),
    "a change that is a list": ({"changes": [[]]}, "/changes/0"),
    "a change without op": ({"changes": [{"product": "crm"}]}, "/changes/0/op"),
    "an op nobody knows": ({"changes": [{"op": "<script>"}]}, "/changes/0/op"),
    "an op that is a list": ({"changes": [{"op": ["add"]}]}, "/changes/0/op"),
    "quantities that are a list": (
        {"changes": [{"op": "add", "product": "crm", "quantities": []}]},
        "/changes/0/quantities",
    ),
    "a product in capitals": ({"changes": [{"op": "add", "product": "CRM"}]}, "/changes/0/product"),
    "a ramp that is text": ({"changes": [{"op": "add", "product": "crm", "ramp": "1"}]}, "/changes/0/ramp"),
    "a unit price without its charge": (
        {"changes": [{"op": "add", "product": "crm", "unit_price": "1"}]},
        "/changes/0/unit_price",
    ),
    "a ramp step that changes nothing": (
        {"changes": [{"op": "add", "product": "crm", "ramp": [{"after_months": 3}]}]},
        "/changes/0/ramp/0",
    ),
    "a quote that is void at once": ({"valid_until": "2026-03-14"}, "/valid_until"),
    "a term as text": ({"term_months": "12"}, "/term_months"),
    "a term as a decimal": ({"term_months": 12.0}, "/term_months"),
    "a term that is true": ({"term_months": True}, "/term_months"),
    "a term of none": ({"term_months": 0}, "/term_months"),
    "a negative term": ({"term_months": -12}, "/term_months"),
    "a date with a time": ({"effective_date": "2026-07-01T00:00:00Z"}, "/effective_date"),
    "a date without dashes": ({"effective_date": "20260701"}, "/effective_date"),
    "a week date": ({"effective_date": "2026-W27-3"}, "/effective_date"),
    "a date in other digits": ({"effective_date": "２０２６-07-01"}, "/effective_date"),
    "a date as a number": ({"effective_date": 20260701}, "/effective_date"),
    "month 13": ({"effective_date": "2026-13-01"}, "/effective_date"),
    "a year outside": ({"valid_until": "2101-01-01"}, "/valid_until"),
    "a note with an escape": ({"note": "a\x1b[2J"}, "/note"),
    "a note that is too long": ({"note": "é" * 2_001}, "/note"),
    "a reference of blanks": ({"external_ref": "   "}, "/external_ref"),
    "a reason with a line break": (
        {"discounts": [{"target": "quote", "percent": "0.1", "why": "a\nb"}]},
        "/discounts/0/why",
    ),
    "a discount without a size": ({"discounts": [{"target": "quote"}]}, "/discounts/0"),
    "a discount of two sizes": ({"discounts": [{"target": "quote", "percent": "0.1", "amount": "1"}]}, "/discounts/0"),
    "a target of three parts": ({"discounts": [{"target": "a.b.c", "percent": "0.1"}]}, "/discounts/0/target"),
    "a percentage as a number": ({"discounts": [{"target": "quote", "percent": 0.1}]}, "/discounts/0/percent"),
    "a percentage with a sign": ({"discounts": [{"target": "quote", "percent": "10%"}]}, "/discounts/0/percent"),
    "16 digits of money": ({"discounts": [{"target": "quote", "amount": "1" + "0" * 15}]}, "/discounts/0/amount"),
    "13 decimals of price": (
        {"discounts": [{"target": "crm", "unit_price": "0." + "1" * 13}]},
        "/discounts/0/unit_price",
    ),
    "a leading zero": ({"usage": {"api_calls": "007"}}, "/usage/api_calls"),
    "a lone point": ({"usage": {"api_calls": "."}}, "/usage/api_calls"),
    "a plus sign": ({"usage": {"api_calls": "+1"}}, "/usage/api_calls"),
    "a trailing point": ({"usage": {"api_calls": "1."}}, "/usage/api_calls"),
    "a bundle twice said": ({"bundle": "x", "bundles": ["x"]}, ""),
    "a state of its own": ({"state": "accepted"}, "/state"),
    "an id of its own": ({"id": "quo_1"}, "/id"),
    "a tenant of its own": ({"tenant_id": "other"}, "/tenant_id"),
    "a role in the body": ({"role": "admin"}, "/role"),
    "a field whose name is markup": ({"<b>": 1}, ""),
}


@pytest.mark.parametrize("name", WRONG_FIELDS)
def test_a_wrong_field_is_named_and_not_repeated(name: str, sqlite_caller: Caller) -> None:
    change, pointer = WRONG_FIELDS[name]
    ask = sqlite_caller.ask(**change)
    before = sqlite_caller.rows()
    answer = sqlite_caller.post("/v1/quotes", ask)
    assert answer.status_code == 422, answer.text
    assert pointers(answer.json()) == [pointer]
    assert "<" not in answer.text
    assert sqlite_caller.rows() == before


def test_nan_in_a_body_is_pointed_at(sqlite_caller: Caller) -> None:
    body = b'{"changes": [{"op": "add", "product": "crm", "quantities": {"users": NaN}}]}'
    answer = sqlite_caller.call("POST", "/v1/quotes", content=body, headers=JSON_TYPE)
    assert answer.status_code == 400
    assert pointers(answer.json()) == ["/changes/0/quantities/users"]


def test_an_unknown_op_is_told_which_ops_there_are(sqlite_caller: Caller) -> None:
    (fault,) = sqlite_caller.post("/v1/quotes", sqlite_caller.ask(changes=[{"op": "upgrade"}])).json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/changes/0/op", "unknown-op")
    ops = "add, set, remove, change_tier, renew, extend, cancel, reinstate, true_up, trial"
    assert fault["detail"] == f"op is one of {ops}"


def test_two_identical_posts_make_one_quote_with_a_key_and_two_without_as_the_reference_says(caller: Caller) -> None:
    key = {"Idempotency-Key": "once"}
    assert len({caller.post("/v1/quotes", caller.ask(), headers=key).json()["id"] for _ in range(2)}) == 1
    assert len({caller.post("/v1/quotes", caller.ask()).json()["id"] for _ in range(2)}) == 2
    assert "Without a key two identical `POST /v1/quotes` make two quotes" in API_PAGE


def test_a_bare_date_after_which_quotes_were_made_is_its_midnight_utc(caller: Caller) -> None:
    made = caller.post("/v1/quotes", caller.ask()).json()["id"]
    found = [
        [item["id"] for item in caller.get(f"/v1/quotes?created_after={day}").json()["items"]]
        for day in (NOON.date(), NOON.date() + timedelta(days=1))
    ]
    assert found == [[made], []]
    assert "a bare date is its midnight UTC" in API_PAGE


def test_the_reference_tells_arr_from_acv_and_what_a_total_depends_on() -> None:
    said = " ".join(API_PAGE.split())
    assert "ARR is the yearly value on the first day, ACV the recurring value of the whole term per year" in said
    assert "A term's total can depend on the billing plan" in said


RIGHT_FIELDS: dict[str, dict[str, Any]] = {
    "a note of two lines": {"note": "first\nsecond"},
    "the longest note": {"note": "é" * 2_000},
    "the smallest quantity": {"changes": [{"op": "add", "product": "analytics", "quantities": {"users": "0.000001"}}]},
    "a discount of everything": {"discounts": [{"target": "quote", "percent": "1"}]},
    "a discount of nothing": {"discounts": [{"target": "quote", "percent": "0.00"}]},
    "the longest term sold": {"term_months": 60},
    "null for what may be absent": {"tier": None, "bundle": None, "billing": None, "note": ""},
    "an emoji made of several": {"note": "\U0001f468‍\U0001f469‍\U0001f467"},
    "a quote mark and a backslash": {"external_ref": 'a"b\\c'},
}


@pytest.mark.parametrize("name", RIGHT_FIELDS)
def test_what_only_looks_strange_is_accepted(name: str, shared_caller: Caller) -> None:
    answer = shared_caller.post("/v1/quotes", shared_caller.ask(**RIGHT_FIELDS[name]))
    if name == "the smallest quantity":
        # The metric is sold in whole users: refused or found fault with by the rules, not by the reader.
        assert answer.status_code in {201, 422}
        return
    assert answer.status_code == 201, answer.text
    assert shared_caller.get(answer.headers["location"]).json() == answer.json()


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/json",
        "application/problem+json",
        "application/json; charset=latin-1",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json, text/plain",
        "application/jsonx",
        "multipart/form-data; boundary=x",
    ],
)
def test_only_json_in_utf8_is_read(content_type: str | None, sqlite_caller: Caller) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    assert sqlite_caller.call("POST", "/v1/quotes", content=b"{}", headers=headers).status_code == 415


@pytest.mark.parametrize("content_type", ["application/json; charset=UTF-8", 'Application/JSON;charset="utf-8"'])
def test_other_ways_to_say_json_in_utf8_are_read(content_type: str, sqlite_caller: Caller) -> None:
    answer = sqlite_caller.call("POST", "/v1/quotes", content=b"{}", headers={"content-type": content_type})
    assert answer.status_code == 422


def test_a_compressed_body_is_not_read(sqlite_caller: Caller) -> None:
    for encoding in ("gzip", "br", "identity, gzip"):
        headers = JSON_TYPE | {"content-encoding": encoding}
        answer = sqlite_caller.call("POST", "/v1/quotes", content=gzip.compress(b"{}"), headers=headers)
        assert answer.status_code == 415


def test_the_body_limit_is_exact(sqlite_caller: Caller) -> None:
    body = b'{"note": "' + b" " * (MAX_BODY - 12) + b'"}'
    assert len(body) == MAX_BODY
    assert sqlite_caller.call("POST", "/v1/quotes", content=body, headers=JSON_TYPE).status_code == 422
    assert sqlite_caller.call("POST", "/v1/quotes", content=body + b" ", headers=JSON_TYPE).status_code == 413


def test_whatever_is_accepted_json_is_answered(sqlite_caller: Caller) -> None:
    for accept in ("text/html", "*/*;q=0", "nonsense", ""):
        answer = sqlite_caller.get("/v1/quotes", headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


@pytest.mark.parametrize("role", ["", "REP", "root", "rep,admin", "rep "])
def test_a_role_nobody_has_is_refused(role: str, sqlite_caller: Caller) -> None:
    answer = sqlite_caller.get("/v1/quotes", headers={"X-Acting-Role": role})
    assert (answer.status_code, answer.json()["errors"][0]["header"]) == (422, "X-Acting-Role")


def test_two_roles_are_refused(sqlite_caller: Caller) -> None:
    headers = [("X-Acting-Role", "rep"), ("X-Acting-Role", "admin")]
    assert sqlite_caller.get("/v1/quotes", headers=headers).status_code == 422


@pytest.mark.parametrize("given", ["short-1", "A.b_c-9" * 9])
def test_a_harmless_request_id_is_echoed(given: str, sqlite_caller: Caller) -> None:
    answer = sqlite_caller.get("/v1/quotes/none", headers={"X-Request-Id": given})
    assert answer.headers["x-request-id"] == given
    assert answer.json()["instance"] == f"urn:request:{given}"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, '"><script>', "a;b", "ü".encode()])
def test_any_other_request_id_is_replaced(given: str | bytes, sqlite_caller: Caller) -> None:
    answer = sqlite_caller.get(
        "/v1/quotes/none", headers={b"X-Request-Id": given if isinstance(given, bytes) else given.encode()}
    )
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 24


def test_many_faults_are_counted_and_not_all_shown(sqlite_caller: Caller) -> None:
    answer = sqlite_caller.post("/v1/quotes", sqlite_caller.ask(changes=[{"op": "add"}] * 5_000))
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 50


def test_a_misspelt_product_is_answered_with_the_right_one(sqlite_caller: Caller) -> None:
    changes = [{"op": "add", "product": "analitics", "quantities": {"users": "1"}}]
    problem = sqlite_caller.post("/v1/quotes", sqlite_caller.ask(changes=changes)).json()
    assert (problem["code"], pointers(problem)) == ("unknown-product", ["/changes/0/product"])
    assert "analytics" in problem["detail"]
