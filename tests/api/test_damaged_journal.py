"""What the API answers where somebody has changed the journal, or the steps of a quote, in the database."""

from __future__ import annotations

import pytest

from pricing_engine.api.wire_life_answers import VerifiedOut
from tests.api.conftest import Caller
from tests.storage.tampering import tamper

AS_ADMIN = {"X-Acting-Role": "admin"}
ANY = {"If-Match": "*"}


def presented(caller: Caller) -> str:
    """The id of a quote that was presented."""
    quote_id: str = caller.post("/v1/quotes", caller.ask()).json()["id"]
    assert caller.post(f"/v1/quotes/{quote_id}/present", headers=ANY).status_code == 200
    return quote_id


@pytest.mark.parametrize("path", ["/v1/events", "/v1/audit"])
@pytest.mark.parametrize("data", ["no JSON", "[]"])
def test_an_entry_that_cannot_be_read_is_a_problem_that_names_it(path: str, data: str, caller: Caller) -> None:
    for _ in range(3):
        presented(caller)
    tamper(caller.desk, f"UPDATE journal SET data = '{data}' WHERE number = 2")
    answer = caller.get(path, headers=AS_ADMIN)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["code"], problem["number"]) == ("/problems/journal-damaged", "journal-damaged", 2)
    assert "`pricing-engine audit verify`" in problem["detail"]
    assert "after=2" in problem["detail"]
    assert data not in answer.text
    before, after = (caller.get(f"{path}?{query}", headers=AS_ADMIN).json() for query in ("limit=1", "after=2"))
    assert (len(before["items"]), before["next_after"], len(after["items"]), after["next_after"]) == (1, 1, 1, 3)
    found = caller.get("/v1/audit/verify", headers=AS_ADMIN).json()
    assert (found["is_whole"], found["broken_at"], found["entries"]) == (False, 2, 1)


def test_verifying_names_the_quote_and_step_that_are_not_as_the_log_says(caller: Caller) -> None:
    presented(caller)
    second = presented(caller)
    whole = caller.get("/v1/audit/verify", headers=AS_ADMIN).json()
    assert (whole["is_whole"], whole["quotes"], whole["steps"], whole["quote_id"]) == (True, 2, 2, None)
    tamper(caller.desk, f"UPDATE quote_step SET by = 'eve' WHERE quote_id = '{second}'")
    found = caller.get("/v1/audit/verify", headers=AS_ADMIN).json()
    VerifiedOut.model_validate(found)
    assert {name: found[name] for name in ("entries", "is_whole", "broken_at", "quote_id", "step")} == {
        "entries": 2,
        "is_whole": False,
        "broken_at": 2,
        "quote_id": second,
        "step": 2,
    }
    assert "by is 'eve' in the step, 'rep' in the entry" in found["what"]
    assert "table quote_step" in found["fix"]
