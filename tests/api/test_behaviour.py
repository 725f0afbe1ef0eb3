"""Behaviour over the API: the shape of the answer, who may read it, and what is refused with a place."""

from __future__ import annotations

import sys

import pytest

from pricing_engine.api.acting_role import FIGURE_ROLES, ROLES
from pricing_engine.api.behaviour_json import behaviour_json
from pricing_engine.api.wire_behaviour import BehaviourOut
from pricing_engine.money import Currency
from pricing_engine.retention.behaviour import Verdict
from pricing_engine.retention.price_events import PriceEvent
from pricing_engine.usecases.read_behaviour import AskedBehaviour, ReadBehaviour
from tests.api.conftest import Caller
from tests.simulated.behaviour_measured import WORLDS, compared

PATH = "/v1/retention/behaviour"
REVOPS = {"X-Acting-Role": "revops"}


@pytest.mark.parametrize("event", PriceEvent)
def test_where_nobody_was_hit_it_cannot_be_told(event: PriceEvent, caller: Caller) -> None:
    answer = caller.get(PATH, params={"event": event}, headers=REVOPS)
    BehaviourOut.model_validate_json(answer.content)
    found = answer.json()
    assert (found["event"], found["direction"], found["months"], found["around"]) == (event, "rise", 24, 6)
    assert (found["verdict"], found["because"]) == ("cannot_tell", "no_events")
    assert (found["hit"]["accounts"], found["hit"]["after"], found["differences"]) == (0, None, [])
    assert "renewed" in found["definitions"]["cannot_be_told"]


def test_what_is_found_is_told_with_its_bounds_and_in_words() -> None:
    found = compared(WORLDS["effect"], 4)
    asked = AskedBehaviour(PriceEvent.UPLIFT, found.design.direction, found.design.window.closing)
    told = behaviour_json(ReadBehaviour(asked, Currency("USD", 2), found))
    BehaviourOut.model_validate(told)
    churn = told["differences"][0]
    assert (told["verdict"], told["because"], churn["outcome"]) == ("effect", Verdict.EFFECT, "churn")
    assert 0 < float(churn["lower"]) < float(churn["difference"]) < float(churn["upper"])
    assert float(told["hit"]["after"]["churn"]) - float(told["like"]["after"]["churn"]) == pytest.approx(
        float(churn["difference"]), abs=2e-6
    )
    assert told["in_words"].startswith("of those that were hit churn is higher by ")
    assert told["hit"]["price_change"] == "0.050000"
    assert told["alike_before"]["is_alike"] is True


@pytest.mark.parametrize("role", ROLES)
def test_it_is_for_those_who_may_read_figures(role: str, caller: Caller) -> None:
    answer = caller.get(PATH, params={"event": "uplift"}, headers={"X-Acting-Role": role})
    assert answer.status_code == (200 if role in FIGURE_ROLES else 403)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("event", "price_rise"), ("event", "UPLIFT"), ("event", ""), ("direction", "up"), ("on", "2026-02-30")),
        *(("months", "0"), ("months", "61"), ("around", "0"), ("around", "61"), ("around", "-6"), ("by", "size")),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name: str, value: str, caller: Caller) -> None:
    answer = caller.get(PATH, params={"event": "uplift"} | {name: value}, headers=REVOPS)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert [each["parameter"] for each in answer.json()["errors"]] == [name]


def test_an_event_has_to_be_named(caller: Caller) -> None:
    answer = caller.get(PATH, headers=REVOPS)
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "event")


def test_without_statsmodels_it_is_a_501_that_says_what_to_install(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.stats.proportion", None)
    answer = caller.get(PATH, params={"event": "uplift"}, headers=REVOPS)
    assert (answer.status_code, answer.json()["code"]) == (501, "statistics-unavailable")
    assert "pricing-engine[statistics]" in answer.text
