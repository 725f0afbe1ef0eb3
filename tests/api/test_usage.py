"""Usage over the API: who may send it, what is refused with a place, and what is read again."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pricing_engine.api.acting_role import ROLES
from pricing_engine.api.measuring_role import MEASURING_ROLES
from pricing_engine.api.wire_usage import UsageOut, UsageRecordedOut
from tests.api.conftest import Caller

READING = {"id": "r1", "metric": "users", "at": "2026-03-10", "quantity": "40"}


def send(caller: Caller, *readings: dict[str, Any], role: str = "integration") -> httpx.Response:
    path = f"/v1/accounts/{caller.account()}/usage"
    return caller.post(path, {"readings": list(readings)}, headers={"X-Acting-Role": role})


def test_readings_are_recorded_and_read_where_the_answer_says(caller: Caller) -> None:
    answer = send(caller, READING, READING | {"id": "r2", "at": "2026-03-10T18:00:00Z", "quantity": "42.5"})
    assert answer.status_code == 201, answer.text
    UsageRecordedOut.model_validate_json(answer.content)
    assert answer.json() == {"account_id": caller.account(), "accepted": 2, "repeated": 0}
    read = caller.get(answer.headers["location"])
    UsageOut.model_validate_json(read.content)
    newest, oldest = read.json()["items"]
    assert newest == {
        "id": "r2",
        "metric": "users",
        "day": "2026-03-10",
        "measured_at": "2026-03-10T18:00:00Z",
        "quantity": "42.5",
        "counts": True,
        "recorded_at": "2026-03-15T12:00:00Z",
        "received_at": "2026-03-15T12:00:00Z",
        "received_by": "integration",
    }
    assert (oldest["measured_at"], oldest["counts"]) == ("2026-03-10T00:00:00Z", False)
    assert send(caller, READING).json() == {"account_id": caller.account(), "accepted": 0, "repeated": 1}


def test_with_a_key_the_first_answer_is_given_again(caller: Caller) -> None:
    path, body = f"/v1/accounts/{caller.account()}/usage", {"readings": [READING]}
    headers = {"X-Acting-Role": "integration", "X-Acting-User": "meter-7", "Idempotency-Key": "once"}
    first, again = (caller.post(path, body, headers=headers) for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    assert caller.get(path).json()["items"][0]["received_by"] == "meter-7"


def test_readings_are_filtered_by_metric_and_days(caller: Caller) -> None:
    send(caller, *[READING | {"id": f"r{day}", "at": f"2026-03-{day}"} for day in (10, 11, 12)])
    path = f"/v1/accounts/{caller.account()}/usage"
    found = caller.get(path, params={"metric": "users", "from": "2026-03-11", "to": "2026-03-11"}).json()
    assert [item["id"] for item in found["items"]] == ["r11"]
    assert caller.get(path, params={"metric": "api_calls"}).json()["items"] == []


@pytest.mark.parametrize("role", ROLES)
def test_who_sells_does_not_say_what_is_used(role: str, shared_caller: Caller) -> None:
    path = "/v1/accounts/acc_nobody/usage"
    answer = shared_caller.post(path, {"readings": [READING]}, headers={"X-Acting-Role": role})
    may = role in MEASURING_ROLES
    assert (answer.status_code, answer.json()["code"]) == (
        (404, "account-not-found") if may else (403, "may-not-measure")
    )


REFUSED: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "a day that has not come": ({"at": "2026-03-16"}, 422, "invalid-request", "/readings/0/at"),
    "recorded tomorrow": ({"recorded_at": "2026-03-16"}, 422, "invalid-request", "/readings/0/recorded_at"),
    "a metric nobody counts": ({"metric": "usrs"}, 422, "unknown-metric", "/readings/0/metric"),
    "less than nothing": ({"quantity": "-1"}, 422, "invalid-request", "/readings/0/quantity"),
    "a number": ({"quantity": 1}, 422, "invalid-request", "/readings/0/quantity"),
    "an id with blanks": ({"id": "a b"}, 422, "invalid-request", "/readings/0/id"),
    "a field there is not": ({"unit": "GB"}, 422, "invalid-request", "/readings/0/unit"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_refused_with_its_place_and_nothing_is_kept(case: str, shared_caller: Caller) -> None:
    wrong, status, code, pointer = REFUSED[case]
    shared_caller.account()
    before = shared_caller.rows()
    answer = send(shared_caller, READING | wrong)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert shared_caller.rows() == before


def test_an_id_of_another_reading_is_a_conflict(caller: Caller) -> None:
    send(caller, READING)
    answer = send(caller, READING | {"quantity": "41"})
    assert (answer.status_code, answer.json()["code"]) == (409, "reading-conflict")
    assert answer.json()["errors"][0]["pointer"] == "/readings/0/id"


def test_no_readings_and_too_many_are_refused(shared_caller: Caller) -> None:
    assert send(shared_caller).status_code == 422
    many = [READING | {"id": f"r{number}"} for number in range(1001)]
    assert send(shared_caller, *many).json()["errors"][0]["detail"] == "at most 1000 items"
