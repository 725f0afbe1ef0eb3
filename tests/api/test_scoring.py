"""Scoring over the API: which models there are, which is live, and who may have another one be."""

from __future__ import annotations

from typing import Any

from pricing_engine.api.acting_role import FIGURE_ROLES, ROLES
from pricing_engine.api.promoting_role import PROMOTING_ROLES
from pricing_engine.api.wire_scoring import ModelRecordOut, ModelsOut, PromotionOut
from pricing_engine.scoring.model import Part
from tests.api.conftest import NOON, Caller
from tests.trained_models import an_artefact, keep

PRICING = {"X-Acting-Role": "pricing", "X-Acting-User": "ada"}
WHY = {"reason": "better than rules"}


def promote(caller: Caller, hash: str, body: Any = WHY, **headers: str) -> Any:
    return caller.post(f"/v1/scoring/models/{hash}/promote", body, headers=PRICING | headers)


def test_without_a_model_rules_speak_alone(caller: Caller) -> None:
    answer = caller.get("/v1/scoring/models", headers=PRICING)
    ModelsOut.model_validate_json(answer.content)
    assert answer.json() == {"live": None, "items": [], "next_cursor": None}


def test_only_those_who_may_read_the_book_see_what_was_learnt_of_it(sqlite_caller: Caller) -> None:
    for role in ROLES:
        for path in ("/v1/scoring/models", f"/v1/scoring/models/{'0' * 64}"):
            answer = sqlite_caller.get(path, headers={"X-Acting-Role": role})
            allowed = 200 if path.endswith("models") else 404
            assert answer.status_code == (allowed if role in FIGURE_ROLES else 403), role


def test_only_those_who_answer_for_prices_choose_the_model(sqlite_caller: Caller) -> None:
    for role in ROLES:
        for path in (f"/v1/scoring/models/{'0' * 64}/promote", "/v1/scoring/rollback"):
            answer = sqlite_caller.post(path, WHY, headers={"X-Acting-Role": role})
            allowed = {"scoring-model-not-found", "scoring-live-already"}
            assert (answer.json()["code"] in allowed) is (role in PROMOTING_ROLES), role


def test_a_model_is_read_promoted_and_rolled_back(caller: Caller) -> None:
    artefact = an_artefact(Part.PEERS, Part.WIN)
    hash_ = keep(caller.desk, artefact, NOON)
    record = caller.get(f"/v1/scoring/models/{hash_}", headers=PRICING)
    ModelRecordOut.model_validate_json(record.content)
    read = record.json()
    assert (read["live"], read["facts"], read["said"], read["trained"]["decided"]) == (
        [],
        ["segment"],
        ["few deals"],
        45,
    )
    done = promote(caller, hash_, {"parts": ["win"], **WHY})
    PromotionOut.model_validate_json(done.content)
    assert (done.status_code, done.json()["model"], done.json()["parts"], done.json()["by"]) == (
        200,
        hash_,
        ["win"],
        "ada",
    )
    listed = caller.get("/v1/scoring/models", headers=PRICING)
    ModelsOut.model_validate_json(listed.content)
    assert listed.json()["live"] == done.json()
    assert [(each["hash"], each["live"]) for each in listed.json()["items"]] == [(hash_, ["win"])]
    back = caller.post("/v1/scoring/rollback", WHY, headers=PRICING)
    assert (back.status_code, back.json()["model"], back.json()["parts"]) == (200, None, [])
    again = caller.post("/v1/scoring/rollback", {"to": "rules", **WHY}, headers=PRICING)
    assert (again.status_code, again.json()["code"]) == (409, "scoring-live-already")


def test_a_promotion_that_is_repeated_with_its_key_is_done_once(caller: Caller) -> None:
    hash_ = keep(caller.desk, an_artefact(Part.PEERS), NOON)
    first, second = (promote(caller, hash_, **{"Idempotency-Key": "one"}) for _ in range(2))
    assert (first.status_code, first.content) == (200, second.content)
    assert caller.rows()["scoring_activation"] == 1
    other = promote(caller, hash_, {"reason": "another"}, **{"Idempotency-Key": "one"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


def test_a_part_that_may_not_be_used_is_refused_with_the_reason_of_the_artefact(caller: Caller) -> None:
    hash_ = keep(caller.desk, an_artefact(Part.PEERS), NOON)
    answer = promote(caller, hash_, {"parts": ["win"], **WHY})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "scoring-part-not-usable")
    assert (problem["why"], problem["usable"]) == ({"win": "win was judged"}, ["peers"])
    assert problem["errors"][0]["pointer"] == "/parts"
    strange = keep(caller.desk, an_artefact(Part.WIN, fact="shoe_size"), NOON)
    problem = promote(caller, strange).json()
    assert (problem["code"], problem["facts"]) == ("scoring-facts-not-quoted", ["shoe_size"])
    assert caller.rows()["scoring_activation"] == 0


def test_what_is_sent_wrongly_is_refused_with_its_place(sqlite_caller: Caller) -> None:
    for body, pointer in (
        ({}, "/reason"),
        ({"reason": "x", "parts": ["all"]}, "/parts/0"),
        ({"reason": "x", "parts": ["win"] * 4}, "/parts"),
        ({"reason": "x", "model": "y"}, "/model"),
        ({"reason": 3}, "/reason"),
    ):
        answer = promote(sqlite_caller, "0" * 64, body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), body
    answer = sqlite_caller.post("/v1/scoring/rollback", {"to": "yesterday", **WHY}, headers=PRICING)
    assert answer.json()["errors"][0]["pointer"] == "/to"
    blank = promote(sqlite_caller, keep(sqlite_caller.desk, an_artefact(Part.WIN), NOON), {"reason": " "})
    assert (blank.status_code, blank.json()["code"]) == (422, "scoring-reason-missing")
