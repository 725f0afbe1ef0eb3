"""The life of a quote over HTTP: steps, what the caller has seen, repeated requests, events and the audit log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from pricing_engine.api.wire_life_answers import AcceptedOut, EntriesOut, EventsOut, VerifiedOut
from pricing_engine.api.wire_quote_answers import QuoteOut
from tests.api.conftest import Caller

AS_MANAGER = {"X-Acting-Role": "manager", "X-Acting-User": "mia@example.com"}
AS_ADMIN = {"X-Acting-Role": "admin"}
ANY = {"If-Match": "*"}
TWELVE_OFF = [{"target": "quote", "percent": "0.12"}]


def made(caller: Caller, **more: Any) -> Any:
    """A draft as it was answered."""
    account = caller.post("/v1/accounts", {"name": "Life Ltd", "currency": "USD"}).json()["id"]
    answer = caller.post("/v1/quotes", caller.ask(account_id=account, **more))
    assert answer.status_code == 201, answer.text
    return answer


def step(caller: Caller, quote_id: str, action: str, body: Any = None, **headers: str) -> Any:
    return caller.post(f"/v1/quotes/{quote_id}/{action}", body, headers={**ANY, **headers})


def problem(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def test_a_quote_is_presented_and_accepted(caller: Caller) -> None:
    draft = made(caller)
    quote_id = draft.json()["id"]
    assert (draft.headers["etag"], draft.json()["actions"]) == (
        '"1"',
        ["change", "submit", "present", "withdraw", "revise"],
    )
    presented = step(caller, quote_id, "present", **{"If-Match": '"1"'})
    assert (presented.status_code, presented.headers["etag"]) == (200, '"2"')
    assert (presented.json()["state"], presented.json()["valid_until"]) == ("presented", "2026-04-14")
    accepted = step(caller, quote_id, "accept", {"comment": "signed"}, **{"If-Match": '"2"'})
    assert accepted.status_code == 200, accepted.text
    AcceptedOut.model_validate(accepted.json())
    said = accepted.json()
    assert said["quote"]["state"] == "accepted"
    # 100 × 50.00 × 12.
    assert [(each["kind"], each["driver"], each["amount"]) for each in said["movements"]] == [("new", None, "60000.00")]
    found = caller.get(f"/v1/accounts/{said['quote']['account_id']}/contract?on=2026-07-01").json()
    assert [each["id"] for each in found["contracts"]] == [said["contract"]["id"]]
    read = caller.get(f"/v1/quotes/{quote_id}")
    QuoteOut.model_validate(read.json())
    assert [(each["action"], each["comment"]) for each in read.json()["history"]] == [
        ("present", ""),
        ("accept", "signed"),
    ]
    assert (read.json()["actions"], read.headers["etag"]) == ([], '"3"')


def test_what_needs_approval_is_approved_by_somebody_else(caller: Caller) -> None:
    draft = made(caller, discounts=TWELVE_OFF)
    quote_id, levels = draft.json()["id"], draft.json()["missing_approvals"]
    assert levels == draft.json()["approval_levels"] == ["manager"]
    assert problem(step(caller, quote_id, "present")) == (409, "approval-missing")
    assert step(caller, quote_id, "submit").json()["state"] == "pending_approval"
    level = {"level": "manager", "comment": "competitive"}
    assert problem(step(caller, quote_id, "approve", level)) == (403, "may-not-approve")
    own = {"X-Acting-Role": "manager", "X-Acting-User": "rep"}
    assert problem(step(caller, quote_id, "approve", level, **own)) == (409, "own-request")
    assert problem(step(caller, quote_id, "approve", {"level": "cfo"}, **AS_MANAGER)) == (409, "level-not-asked")
    assert problem(step(caller, quote_id, "reject", **AS_MANAGER)) == (422, "reason-wanted")
    approved = step(caller, quote_id, "approve", level, **AS_MANAGER).json()
    assert (approved["state"], approved["missing_approvals"]) == ("approved", [])
    assert (approved["history"][-1]["by"], approved["history"][-1]["level"]) == ("mia@example.com", "manager")
    assert step(caller, quote_id, "present").json()["state"] == "presented"


def test_a_draft_is_changed_and_a_presented_quote_revised(caller: Caller) -> None:
    quote_id = made(caller).json()["id"]
    more = {"changes": [{"op": "add", "product": "crm", "quantities": {"users": "200"}}], "note": "more seats"}
    changed = caller.call("PATCH", f"/v1/quotes/{quote_id}", json=more, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (changed.json()["totals"]["arr"], changed.json()["note"]) == ("120000.00", "more seats")
    step(caller, quote_id, "present")
    again = caller.call("PATCH", f"/v1/quotes/{quote_id}", json={"note": "x"}, headers=ANY)
    assert problem(again) == (409, "transition-not-allowed")
    assert again.json()["actions"] == ["accept", "decline", "withdraw", "revise"]
    revised = step(caller, quote_id, "revise", {"term_months": 24})
    assert revised.status_code == 201
    new = revised.json()
    assert revised.headers["location"] == f"/v1/quotes/{new['id']}"
    assert (new["version"], new["revises"], new["state"], new["term_months"]) == (2, quote_id, "draft", 24)
    assert caller.get(f"/v1/quotes/{quote_id}").json()["state"] == "superseded"
    assert caller.get("/v1/quotes?state=superseded").json()["items"][0]["id"] == quote_id


def test_what_the_caller_has_not_seen_is_not_changed(caller: Caller) -> None:
    quote_id = made(caller).json()["id"]
    path = f"/v1/quotes/{quote_id}/withdraw"
    assert problem(caller.post(path)) == (428, "if-match-missing")
    step(caller, quote_id, "submit")
    stale = caller.post(path, headers={"If-Match": '"1"'})
    assert problem(stale) == (412, "quote-stale")
    assert stale.json()["revision"] == 2
    for wrong in ("1", 'W/"2"', '"0"', '"1", "2"', '"x"'):
        assert problem(caller.post(path, headers={"If-Match": wrong})) == (422, "invalid-request")
    assert caller.post(path, headers={"If-Match": '"2"'}).json()["state"] == "withdrawn"


def test_the_same_request_with_a_key_is_done_once_and_answered_alike(caller: Caller) -> None:
    quote_id = made(caller).json()["id"]
    step(caller, quote_id, "present")
    before = caller.rows()
    key = {"Idempotency-Key": "accept-1"}
    first, second = (step(caller, quote_id, "accept", **key) for _ in range(2))
    assert first.status_code == 200
    assert (second.status_code, second.content, second.headers["etag"]) == (200, first.content, first.headers["etag"])
    after = caller.rows()
    assert {name: after[name] - before[name] for name in ("contract_version", "journal", "kept_answer")} == {
        "contract_version": 1,
        "journal": 1,
        "kept_answer": 1,
    }
    assert problem(step(caller, quote_id, "accept", {"comment": "other"}, **key)) == (422, "idempotency-key-reused")
    assert problem(step(caller, quote_id, "accept")) == (409, "transition-not-allowed")
    assert problem(step(caller, quote_id, "accept", **{"Idempotency-Key": "a b"})) == (422, "invalid-request")


def test_what_was_refused_is_not_kept(caller: Caller) -> None:
    quote_id = made(caller).json()["id"]
    key = {"Idempotency-Key": "early"}
    assert problem(step(caller, quote_id, "accept", **key)) == (409, "transition-not-allowed")
    step(caller, quote_id, "present")
    assert step(caller, quote_id, "accept", **key).status_code == 200


def test_events_are_read_one_after_the_other(caller: Caller) -> None:
    last = caller.get("/v1/events?limit=200").json()["next_after"]
    while (read := caller.get(f"/v1/events?after={last}&limit=200").json())["items"]:
        last = read["next_after"]
    quote_id = made(caller, external_ref="opp-77").json()["id"]
    step(caller, quote_id, "present")
    step(caller, quote_id, "decline", {"comment": "no budget"})
    (first,) = caller.get(f"/v1/events?after={last}&limit=1").json()["items"]
    page = caller.get(f"/v1/events?after={first['sequence']}").json()
    EventsOut.model_validate(page)
    (second,) = page["items"]
    assert [each["type"] for each in (first, second)] == [
        "pricing-engine.quote.presented",
        "pricing-engine.quote.declined",
    ]
    assert (second["subject"], second["data"]["external_ref"], second["data"]["comment"]) == (
        quote_id,
        "opp-77",
        "no budget",
    )
    assert int(second["sequence"]) == int(first["sequence"]) + 1 == page["next_after"]
    assert caller.get(f"/v1/events?after={page['next_after']}").json() == {
        "items": [],
        "next_after": page["next_after"],
    }


def test_the_audit_log_is_for_those_who_audit_and_says_whether_it_is_whole(caller: Caller) -> None:
    step(caller, made(caller).json()["id"], "withdraw")
    assert problem(caller.get("/v1/audit")) == (403, "may-not-audit")
    assert problem(caller.get("/v1/audit/verify", headers=AS_MANAGER)) == (403, "may-not-audit")
    log = caller.get("/v1/audit?limit=200", headers=AS_ADMIN).json()
    EntriesOut.model_validate(log)
    assert all(after["previous_hash"] == before["hash"] for before, after in pairwise(log["items"]))
    whole = caller.get("/v1/audit/verify", headers=AS_ADMIN).json()
    assert whole["hash"] == log["items"][-1]["hash"]
    VerifiedOut.model_validate(whole)
    assert (whole["is_whole"], whole["broken_at"]) == (True, None)


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1e3", "after=9999999999999999", "limit=0", "since=1"])
def test_a_place_in_the_events_that_is_none_is_refused(query: str, sqlite_caller: Caller) -> None:
    assert problem(sqlite_caller.get(f"/v1/events?{query}")) == (422, "invalid-request")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"comment": 1}, "/comment"),
        ({"comment": "a\u202eb"}, "/comment"),
        ({"why": "x"}, "/why"),
        ([], ""),
    ],
)
def test_a_step_that_is_wrong_is_refused_with_its_place(body: Any, pointer: str, sqlite_caller: Caller) -> None:
    quote_id = made(sqlite_caller).json()["id"]
    answer = step(sqlite_caller, quote_id, "withdraw", body)
    assert problem(answer) == (422, "invalid-request")
    assert answer.json()["errors"][0].get("pointer") == pointer


@pytest.mark.parametrize("user", ["", "a b", "-x", "x" * 101])
def test_a_user_that_is_none_is_refused(user: str, sqlite_caller: Caller) -> None:
    quote_id = made(sqlite_caller).json()["id"]
    answer = step(sqlite_caller, quote_id, "withdraw", **{"X-Acting-User": user})
    assert problem(answer) == (422, "invalid-request")
    assert answer.json()["errors"][0]["header"] == "X-Acting-User"


def test_what_approvers_say_is_not_told_to_other_systems(caller: Caller) -> None:
    last = caller.get("/v1/audit?limit=200", headers=AS_ADMIN).json()["next_after"]
    quote_id = made(caller, discounts=TWELVE_OFF).json()["id"]
    step(caller, quote_id, "submit")
    step(caller, quote_id, "reject", {"comment": "the margin would be 11%"}, **AS_MANAGER)
    events = caller.get(f"/v1/events?after={last}").json()["items"]
    assert [each["data"].get("comment") for each in events] == [None, None]


def test_a_last_day_that_is_over_is_refused_as_for_a_new_quote(sqlite_caller: Caller) -> None:
    quote_id = made(sqlite_caller).json()["id"]
    body = {"valid_until": "2026-03-14"}
    changed = sqlite_caller.call("PATCH", f"/v1/quotes/{quote_id}", json=body, headers=ANY)
    for answer in (changed, step(sqlite_caller, quote_id, "revise", body)):
        assert problem(answer) == (422, "invalid-request")
        assert answer.json()["errors"][0]["pointer"] == "/valid_until"


def test_a_lost_answer_can_be_asked_for_after_its_last_day(sqlite_caller: Caller) -> None:
    today, tomorrow = sqlite_caller.desk.now(), sqlite_caller.desk.now() + timedelta(days=1)
    body, key = sqlite_caller.ask(valid_until=today.date().isoformat()), {"Idempotency-Key": "lost"}
    first = sqlite_caller.post("/v1/quotes", body, headers=key)
    doorway = sqlite_caller.app.state.doorway
    sqlite_caller.app.state.doorway = replace(doorway, desk=replace(doorway.desk, now=lambda: tomorrow))
    try:
        again = sqlite_caller.post("/v1/quotes", body, headers=key)
    finally:
        sqlite_caller.app.state.doorway = doorway
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
