"""Milestones over the API: recorded by those who may, answered as the contract is read, refused with a place."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pricing_engine.api.acting_role import RECORDING_ROLES, ROLES
from pricing_engine.api.wire_contract_answers import AccountContractsOut, HistoryOut
from tests.api.conftest import Caller
from tests.api.test_contracts import a_full_contract, book

MISSED = {"milestone": "go-live", "outcome": "missed", "on": "2026-03-10"}


def record(caller: Caller, *, role: str = "deal_desk", **more: Any) -> httpx.Response:
    path = f"/v1/accounts/{caller.account()}/milestones"
    return caller.post(path, MISSED | more, headers={"X-Acting-Role": role})


def test_a_missed_milestone_is_credited_and_answered_as_it_is_read(caller: Caller) -> None:
    book(caller, a_full_contract(caller.account()))
    answer = record(caller)
    assert answer.status_code == 201, answer.text
    AccountContractsOut.model_validate_json(answer.content)
    assert answer.json() == caller.get(answer.headers["location"]).json()
    (contract,) = answer.json()["contracts"]
    assert (contract["version"], contract["kind"], contract["booked_by"]) == (2, "milestone", "deal_desk")
    assert contract["milestones"] == [
        {"id": "go-live", "due": "2026-06-30", "credit": "100.00", "outcome": "missed"},
    ]
    assert contract["charges"][-1] == {
        "day": "2026-03-10",
        "kind": "guarantee_credit",
        "what": "go-live",
        "amount": "-100.00",
    }
    history = caller.get(f"/v1/accounts/{caller.account()}/history")
    HistoryOut.model_validate_json(history.content)
    assert [item["kind"] for item in history.json()["items"]] == ["milestone", "new"]
    again = record(caller)
    assert (again.status_code, again.json()["code"]) == (409, "outcome-already-recorded")


def test_without_a_day_it_is_today(caller: Caller) -> None:
    book(caller, a_full_contract(caller.account()))
    answer = record(caller, outcome="met", on=None)
    assert (answer.json()["on"], answer.json()["contracts"][0]["effective_date"]) == ("2026-03-15", "2026-03-15")


@pytest.mark.parametrize("role", ROLES)
def test_who_may_record_is_decided_by_role(role: str, shared_caller: Caller) -> None:
    answer = record(shared_caller, role=role, contract_id="con_nobody")
    may = role in RECORDING_ROLES
    expected = (404, "contract-not-found") if may else (403, "may-not-record")
    assert (answer.status_code, answer.json()["code"]) == expected


REFUSED: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "a milestone it does not promise": ({"milestone": "golive"}, 422, "milestone-not-promised", "/milestone"),
    "a day outside the term": ({"on": "2025-12-31"}, 422, "outside-term", "/on"),
    "a day that has not come yet": ({"on": "2026-03-16"}, 422, "invalid-request", "/on"),
    "an outcome nobody knows": ({"outcome": "pending"}, 422, "invalid-request", "/outcome"),
    "a milestone that is no id": ({"milestone": "Go Live"}, 422, "invalid-request", "/milestone"),
    "a field there is not": ({"credit": "1"}, 422, "invalid-request", "/credit"),
    "another account's contract": ({"contract_id": "con_2"}, 404, "contract-not-found", "/contract_id"),
}


@pytest.mark.parametrize(("said", "status", "code", "pointer"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_recorded_is_refused_at_its_place(
    said: dict[str, Any], status: int, code: str, pointer: str, caller: Caller
) -> None:
    book(caller, a_full_contract(caller.account()))
    book(caller, a_full_contract(caller.account("EUR"))._replace(id="con_2"))
    before = caller.rows()
    answer = record(caller, **said)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert caller.rows() == before


def test_met_late_is_refused(caller: Caller) -> None:
    contract = a_full_contract(caller.account())
    (promised,) = contract.milestones
    book(caller, contract._replace(milestones=(promised._replace(due=contract.term.start),)))
    answer = record(caller, outcome="met")
    assert (answer.status_code, answer.json()["code"], answer.json()["due"]) == (
        422,
        "milestone-met-late",
        "2026-01-01",
    )


def test_an_account_that_is_not_there_is_404(shared_caller: Caller) -> None:
    answer = shared_caller.post("/v1/accounts/acc_nobody/milestones", MISSED, headers={"X-Acting-Role": "admin"})
    assert (answer.status_code, answer.json()["code"]) == (404, "account-not-found")
