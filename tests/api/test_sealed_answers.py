"""Answers that say a secret: a repeated request is given it again, and the database holds it sealed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from pricing_engine.app import create_app
from pricing_engine.settings import Environment, Settings
from pricing_engine.storage.sealing import Seals
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.seal_secrets import read_secrets, seal_secrets
from tests.api.conftest import Caller
from tests.builders import seals_with

INTEGRATION = {"X-Acting-Role": "integration", "X-Acting-User": "crm"}
BODY = {"url": "http://127.0.0.1:1/hooks"}
ADA = Actor("ada", "admin")


@pytest.fixture
def sealing(caller: Caller) -> Caller:
    """The same caller of a service with a key."""
    return with_seals(caller, seals_with(1))


def with_seals(caller: Caller, seals: Seals) -> Caller:
    """The same caller and database, of a service that has these keys."""
    desk = replace(caller.desk, seals=seals)
    caller.app.state.doorway = replace(caller.app.state.doorway, desk=desk)
    return replace(caller, desk=desk)


def make(caller: Caller, key: str = "k1", path: str = "/v1/webhooks", body: Any = BODY) -> httpx.Response:
    return caller.post(path, body, headers=INTEGRATION | {"Idempotency-Key": key})


def kept(caller: Caller) -> list[str]:
    """The bodies that are kept, as they stand in the database."""
    with caller.desk.database.engine.connect() as connection:
        return [bytes(body).decode() for body in connection.execute(text("SELECT body FROM kept_answer")).scalars()]


def change(caller: Caller, statement: str) -> None:
    with caller.desk.database.writer.begin() as connection:
        connection.execute(text(statement))


def test_a_repeated_creation_and_rotation_learn_the_same_secret_which_is_kept_sealed(sealing: Caller) -> None:
    first, again = make(sealing), make(sealing)
    assert (first.status_code, first.json()["secret_state"]) == (201, "sealed")
    assert (again.content, again.headers["location"]) == (first.content, first.headers["location"])
    path = f"/v1/webhooks/{first.json()['id']}/rotate"
    rotated, repeated = (make(sealing, "k2", path, {}) for _ in range(2))
    assert rotated.content == repeated.content
    assert rotated.json()["secret"] != first.json()["secret"]
    assert len(kept(sealing)) == 2
    assert all(body.startswith("sealed:1:") for body in kept(sealing))
    assert make(sealing, body={"url": "http://127.0.0.1:2/"}).json()["code"] == "idempotency-key-reused"
    assert sealing.rows()["webhook_endpoint"] == 1
    assert "whsec_" not in sealing.log.getvalue()


def test_answers_without_a_secret_are_kept_as_they_are(sealing: Caller) -> None:
    headers = {"Idempotency-Key": "k1"}
    answer = sealing.post("/v1/accounts", {"name": "Fjord", "currency": "USD"}, headers=headers)
    assert kept(sealing) == [answer.text]


def test_an_answer_that_cannot_be_opened_is_a_problem_and_nothing_is_made_again(sealing: Caller) -> None:
    first = make(sealing)
    without = with_seals(sealing, seals_with(2))
    refused = make(without)
    assert (refused.status_code, refused.json()["code"]) == (503, "secret-not-opened")
    assert "PRICING_ENGINE_SECRETS_KEYS_FILE" in refused.json()["detail"]
    assert without.rows()["webhook_endpoint"] == 1
    listed = without.get("/v1/webhooks", headers=INTEGRATION).json()["items"]
    assert [each["secret_state"] for each in listed] == ["cannot_be_opened"]
    assert first.json()["secret"] not in f"{refused.text}{listed}{without.log.getvalue()}"
    assert make(with_seals(without, seals_with(2, 1))).content == first.content


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kept_answer SET body = (SELECT body FROM kept_answer WHERE key = 'k1') WHERE key = 'k2'",
        "UPDATE kept_answer SET key = 'k3' WHERE key = 'k2'; UPDATE kept_answer SET key = 'k2' WHERE key = 'k1'",
    ],
)
def test_an_answer_moved_to_another_request_does_not_open(sealing: Caller, statement: str) -> None:
    make(sealing)
    make(sealing, "k2")
    for each in statement.split("; "):
        change(sealing, each)
    assert make(sealing, "k2").json()["code"] == "secret-not-opened"


def test_a_sealed_answer_that_is_no_text_any_more_is_a_problem_too(sealing: Caller) -> None:
    make(sealing)
    with sealing.desk.database.writer.begin() as connection:
        connection.execute(text("UPDATE kept_answer SET body = :body"), {"body": b"sealed:1:\xff\x00"})
    assert make(sealing).json()["code"] == "secret-not-opened"
    assert len(read_secrets(sealing.desk).unopened) == 1


def test_an_answer_to_another_request_does_not_open_for_who_changes_what_was_asked(sealing: Caller) -> None:
    make(sealing)
    make(sealing, "k2", body=BODY | {"description": "another"})
    change(
        sealing,
        "UPDATE kept_answer SET fingerprint = (SELECT fingerprint FROM kept_answer WHERE key = 'k2') WHERE key = 'k1'",
    )
    assert make(sealing, body=BODY | {"description": "another"}).json()["code"] == "secret-not-opened"


def test_answers_from_before_there_was_a_key_are_found_sealed_and_still_given(caller: Caller) -> None:
    first = make(caller)
    rotated = make(caller, "k2", f"/v1/webhooks/{first.json()['id']}/rotate", {})
    account = caller.post("/v1/accounts", {"name": "A", "currency": "USD"}, headers={"Idempotency-Key": "k3"})
    assert sum("whsec_" in body for body in kept(caller)) == 2
    sealing = with_seals(caller, seals_with(1))
    done = seal_secrets(sealing.desk, actor=ADA)
    assert (done.webhook_secrets, done.kept_answers, done.stood_open) == (2, 2, 4)
    assert sorted(body[:9] for body in kept(caller)) == sorted([account.text[:9], "sealed:1:", "sealed:1:"])
    newer = with_seals(sealing, seals_with(2, 1))
    assert seal_secrets(newer.desk, actor=ADA).kept_answers == 2
    assert [use.kept_answers for use in read_secrets(newer.desk).keys] == [2, 0]
    newest = with_seals(newer, seals_with(2))
    assert make(newest).content == first.content
    assert make(newest, "k2", f"/v1/webhooks/{first.json()['id']}/rotate", {}).content == rotated.content


def test_in_production_without_a_key_no_webhook_is_made_and_the_problem_says_what_to_set(caller: Caller) -> None:
    strict = with_seals(caller, Seals(must_seal=True))
    for refused in (make(strict), strict.post("/v1/webhooks", BODY, headers=INTEGRATION)):
        assert (refused.status_code, refused.json()["code"]) == (503, "sealing-key-missing")
        assert "PRICING_ENGINE_SECRETS_KEYS_FILE" in refused.json()["detail"]
    assert (strict.rows()["webhook_endpoint"], strict.rows()["kept_answer"]) == (0, 0)
    assert make(with_seals(strict, seals_with(1))).status_code == 201


@pytest.mark.parametrize("environment", list(Environment))
def test_secrets_must_be_sealed_in_production_alone(sqlite_url: str, environment: Environment) -> None:
    app = create_app(Settings(database_url=sqlite_url, environment=environment))
    desk = app.state.doorway.desk
    assert desk.seals == Seals(must_seal=environment is Environment.PRODUCTION)
    desk.close()
