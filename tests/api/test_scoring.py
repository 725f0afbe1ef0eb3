"""Scoring over the API: which models there are, and which is live."""

from __future__ import annotations

from pricing_engine.api.acting_role import FIGURE_ROLES, ROLES
from pricing_engine.api.wire_scoring import ModelsOut
from tests.api.conftest import Caller

PRICING = {"X-Acting-Role": "pricing"}


def test_without_a_model_rules_speak_alone(caller: Caller) -> None:
    answer = caller.get("/v1/scoring/models", headers=PRICING)
    ModelsOut.model_validate_json(answer.content)
    assert answer.json() == {"live": None, "items": [], "next_cursor": None}


def test_only_those_who_may_read_the_book_see_what_was_learnt_of_it(sqlite_caller: Caller) -> None:
    for role in ROLES:
        answer = sqlite_caller.get("/v1/scoring/models", headers={"X-Acting-Role": role})
        assert answer.status_code == (200 if role in FIGURE_ROLES else 403), role
