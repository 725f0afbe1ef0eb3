"""The forecast of retention over the API: its shape where it abstains, who may read it, and what is refused."""

from __future__ import annotations

import pytest

from pricing_engine.api.acting_role import FIGURE_ROLES, ROLES
from pricing_engine.api.wire_forecast import ForecastOut
from tests.api.conftest import Caller
from tests.api.test_retention import REVOPS, sell

PATH = "/v1/retention/forecast"


def test_a_book_that_has_just_begun_abstains_with_reasons(caller: Caller) -> None:
    sell(caller)
    more = caller.post("/v1/quotes", caller.ask(effective_date="2026-09-01")).json()["id"]
    answer = caller.get(PATH, headers=REVOPS)
    assert answer.status_code == 200, answer.text
    ForecastOut.model_validate_json(answer.content)
    found = answer.json()
    assert (found["opening"], found["closing"], found["months"]) == ("2026-03-15", "2027-03-15", 12)
    assert (found["distribution"], len(found["abstains"])) == (None, 3)
    assert found["abstains"][0].startswith("the ledger has 0 whole months by that day, and 24 are needed")
    assert len(found["calendar"]) == 12
    # The customer has nothing on the day, as it begins in July; its open quote is shown all the same.
    assert (found["customers"], found["opening_arr"]) == (0, "0.00")
    assert [each["quote_id"] for each in found["quotes"]["items"]] == [more] * found["quotes"]["count"]


@pytest.mark.parametrize("role", ROLES)
def test_a_forecast_is_not_for_everybody(role: str, caller: Caller) -> None:
    answer = caller.get(PATH, headers={"X-Acting-Role": role})
    assert answer.status_code == (200 if role in FIGURE_ROLES else 403)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("months", "0", "invalid-request"),
        ("months", "61", "invalid-request"),
        ("by", "Size", "invalid-request"),
        ("by", "size", "segment-unknown"),
        ("by", "segment,product", "segment-unknown"),
        ("by", "colour", "segment-unknown"),
        ("on", "2026-03-16", "forecast-too-late"),
        ("gap_days", "3", "invalid-request"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(name: str, value: str, code: str, caller: Caller) -> None:
    answer = caller.get(PATH, params={name: value}, headers=REVOPS)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [each["parameter"] for each in answer.json()["errors"]] == [name]
