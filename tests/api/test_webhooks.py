"""Webhooks over HTTP: who may have them, what is shown of them, and that what is delivered can be seen and repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest

from pricing_engine.api.wire_webhook_answers import (
    DeliveriesOut,
    DeliveryOut,
    WebhookOut,
    WebhookSecretOut,
    WebhooksOut,
)
from pricing_engine.app import create_app
from pricing_engine.integrations.webhooks.destinations import Destinations
from pricing_engine.integrations.webhooks.sending import Sender
from pricing_engine.settings import Environment, Settings
from pricing_engine.storage import journal
from pricing_engine.usecases import webhooks
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.webhook_deliverer import Deliverer, destinations_of
from tests.api.conftest import NOON, Caller
from tests.receivers import a_receiver, is_signed, status

INTEGRATION = {"X-Acting-Role": "integration", "X-Acting-User": "crm"}
TRUST = httpx.create_ssl_context()
URL = "http://127.0.0.1:1/hooks"
NO_LOG: Any = None
KEY = "A" * 43


def made(caller: Caller, url: str = URL, **more: Any) -> dict[str, Any]:
    answer = caller.post("/v1/webhooks", {"url": url} | more, headers=INTEGRATION)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def happen(caller: Caller, subject: str) -> str:
    """Enters that a quote was presented; the id of the event."""
    desk = caller.desk
    with desk.transaction() as session:
        happening = journal.Happening(
            desk.new_id("evt"),
            "quote.presented",
            subject,
            NOON,
            "rob",
            "rep",
            {"quote_id": subject, "comment": "for us"},
        )
        journal.enter(session, happening)
        return happening.id


def deliver(caller: Caller) -> None:
    sender = Sender(Destinations(anywhere=True), trust=TRUST)
    asyncio.run(Deliverer(caller.desk, sender, NO_LOG, jitter=lambda: 0.0).deliver_due())


def test_a_webhook_is_made_with_a_secret_that_is_shown_once(caller: Caller) -> None:
    body = {"url": URL, "events": ["pricing-engine.quote."], "description": "the CRM"}
    answer = caller.post("/v1/webhooks", body, headers=INTEGRATION)
    assert answer.status_code == 201
    found = answer.json()
    WebhookSecretOut.model_validate(found)
    path = f"/v1/webhooks/{found['id']}"
    assert answer.headers["location"] == path
    secret = found.pop("secret")
    assert found == body | {
        "id": found["id"],
        "enabled": True,
        "disabled_because": None,
        "old_secret_until": None,
        "secret_state": "open",
        "created_at": "2026-03-15T12:00:00Z",
        "created_by": "crm",
    }
    read, listed = caller.get(path, headers=INTEGRATION), caller.get("/v1/webhooks", headers=INTEGRATION)
    assert read.json() == found
    assert listed.json() == {"items": [found], "next_cursor": None}
    WebhookOut.model_validate(read.json())
    WebhooksOut.model_validate(listed.json())
    audit = caller.get("/v1/audit", headers={"X-Acting-Role": "admin"}).text
    assert "webhook.created" in audit
    assert secret not in audit + caller.log.getvalue()


@pytest.mark.parametrize("role", ["rep", "manager", "deal_desk", "pricing"])
def test_other_roles_neither_see_nor_change_webhooks(sqlite_caller: Caller, role: str) -> None:
    path = f"/v1/webhooks/{made(sqlite_caller)['id']}"
    for method, where, body in (
        ("POST", "/v1/webhooks", {"url": URL}),
        ("GET", "/v1/webhooks", None),
        ("GET", path, None),
        ("PATCH", path, {"enabled": False}),
        ("DELETE", path, None),
        ("POST", f"{path}/rotate", None),
        ("GET", f"{path}/deliveries", None),
        ("POST", f"{path}/deliveries/dlv_1/retry", None),
    ):
        answer = sqlite_caller.call(method, where, json=body, headers={"X-Acting-Role": role})
        assert (answer.status_code, answer.json()["code"]) == (403, "may-not-manage-webhooks"), where


def test_what_is_not_there_is_a_404_by_name(sqlite_caller: Caller) -> None:
    path = f"/v1/webhooks/{made(sqlite_caller)['id']}"
    for method, where, body in (
        ("GET", "/v1/webhooks/whk_0", None),
        ("PATCH", "/v1/webhooks/whk_0", {"enabled": False}),
        ("DELETE", "/v1/webhooks/whk_0", None),
        ("POST", "/v1/webhooks/whk_0/rotate", None),
        ("GET", "/v1/webhooks/whk_0/deliveries", None),
        ("POST", "/v1/webhooks/whk_0/deliveries/dlv_1/retry", None),
    ):
        answer = sqlite_caller.call(method, where, json=body, headers=INTEGRATION)
        assert (answer.status_code, answer.json()["code"]) == (404, "webhook-not-found"), where
    answer = sqlite_caller.post(f"{path}/deliveries/dlv_1/retry", headers=INTEGRATION)
    assert (answer.status_code, answer.json()["code"]) == (404, "webhook-delivery-not-found")


def test_a_webhook_of_another_tenant_is_not_there(caller: Caller) -> None:
    theirs = webhooks.make_webhook(
        caller.desk.for_tenant("other"), url=URL, events=(), description="", actor=Actor("eve", "admin")
    )
    assert caller.get(f"/v1/webhooks/{theirs.id}", headers=INTEGRATION).status_code == 404
    assert caller.get("/v1/webhooks", headers=INTEGRATION).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/url"),
        ({"url": "hooks"}, "/url"),
        ({"url": "http://a b/"}, "/url"),
        ({"url": f"http://{'a' * 2_000}/"}, "/url"),
        ({"url": "http://ada:secret@localhost/"}, "/url"),
        ({"url": URL, "events": ["quote."]}, "/events/0"),
        ({"url": URL, "events": ["pricing-engine.a"] * 21}, "/events"),
        ({"url": URL, "secret": "whsec_mine"}, "/secret"),
        ({"url": URL, "description": "a\nb"}, "/description"),
    ],
)
def test_a_webhook_of_the_wrong_form_is_refused_with_the_field(
    sqlite_caller: Caller, body: dict[str, Any], pointer: str
) -> None:
    answer = sqlite_caller.post("/v1/webhooks", body, headers=INTEGRATION)
    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_in_production_only_public_https_hosts_are_taken_when_made_and_when_changed(sqlite_url: str) -> None:
    async def resolve(host: str, _port: int) -> Sequence[str]:
        return {"hooks.example.com": ["93.184.215.14"], "inside.example.com": ["10.0.0.7"]}[host]

    assert not destinations_of(Settings(environment=Environment.PRODUCTION)).anywhere
    assert destinations_of(Settings()).anywhere
    app = create_app(Settings(database_url=sqlite_url, environment=Environment.PRODUCTION, secrets_keys=KEY))
    app.state.doorway = replace(app.state.doorway, destinations=Destinations(resolve=resolve))
    caller = Caller(app, app.state.doorway.desk, NO_LOG)
    path = f"/v1/webhooks/{made(caller, 'https://hooks.example.com/')['id']}"
    for url in ("https://inside.example.com/", "http://hooks.example.com/", "https://127.0.0.1/", URL):
        for answer in (
            caller.post("/v1/webhooks", {"url": url}, headers=INTEGRATION),
            caller.call("PATCH", path, json={"url": url}, headers=INTEGRATION),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, "webhook-address-refused")
            assert answer.json()["errors"][0]["pointer"] == "/url"
            assert "10.0.0.7" not in answer.text
    assert len(caller.get("/v1/webhooks", headers=INTEGRATION).json()["items"]) == 1
    caller.desk.close()


def test_a_key_makes_one_webhook_and_shows_its_secret_again_also_when_its_name_is_gone(caller: Caller) -> None:
    headers = INTEGRATION | {"Idempotency-Key": "one"}
    first = caller.post("/v1/webhooks", {"url": URL}, headers=headers)
    strict = replace(caller.app.state.doorway, destinations=Destinations())
    caller.app.state.doorway = strict
    again = caller.post("/v1/webhooks", {"url": URL}, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert caller.post("/v1/webhooks", {"url": URL}, headers=INTEGRATION).status_code == 422
    assert len(caller.get("/v1/webhooks", headers=INTEGRATION).json()["items"]) == 1


def test_a_change_leaves_the_rest_as_it_was(caller: Caller) -> None:
    webhook = made(caller, events=["pricing-engine.quote."])
    del webhook["secret"]
    path = f"/v1/webhooks/{webhook['id']}"

    def change(**body: Any) -> dict[str, Any]:
        answer = caller.call("PATCH", path, json=body, headers=INTEGRATION)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    assert change() == change(url=None, enabled=None) == webhook
    assert change(enabled=False) == webhook | {"enabled": False, "disabled_because": "asked"}
    assert change(events=[], enabled=True) == webhook | {"events": []}
    assert change(url="http://127.0.0.1:2/")["url"] == "http://127.0.0.1:2/"


def test_a_new_secret_is_shown_once_and_the_old_one_counts_for_a_day_or_not_at_all(caller: Caller) -> None:
    webhook = made(caller)
    path = f"/v1/webhooks/{webhook['id']}"
    rotated = caller.post(f"{path}/rotate", headers=INTEGRATION | {"Idempotency-Key": "new"}).json()
    assert rotated["secret"] != webhook["secret"]
    assert rotated["old_secret_until"] == "2026-03-16T12:00:00Z"
    assert caller.post(f"{path}/rotate", headers=INTEGRATION | {"Idempotency-Key": "new"}).json() == rotated
    leaked = caller.post(f"{path}/rotate", {"keep_old": False}, headers=INTEGRATION).json()
    assert leaked["old_secret_until"] is None
    assert "secret" not in caller.get(path, headers=INTEGRATION).json()


def test_deliveries_show_every_try_and_can_be_repeated(caller: Caller) -> None:
    async def play() -> None:
        async with a_receiver(status(204), status(500), status(204)) as receiver:
            webhook = await asyncio.to_thread(made, caller, receiver.url)
            path = f"/v1/webhooks/{webhook['id']}/deliveries"
            await asyncio.to_thread(_played, caller, path)
            assert all(is_signed(got, webhook["secret"], NOON) for got in receiver.got)
            assert len(receiver.got) == 3
            events = (await asyncio.to_thread(caller.get, "/v1/events?after=1")).json()["items"]
            assert [got.event for got in receiver.got] == [events[0], events[1], events[1]]

    asyncio.run(play())


def _played(caller: Caller, path: str) -> None:
    events = [happen(caller, "quo_1"), happen(caller, "quo_2")]
    deliver(caller)
    answer = caller.get(path, headers=INTEGRATION)
    assert "for us" not in caller.get("/v1/events").text
    DeliveriesOut.model_validate(answer.json())
    second, first = answer.json()["items"]
    assert [first["event_id"], second["event_id"]] == events
    assert first | {"id": "", "event_id": ""} == {
        "id": "",
        "event_id": "",
        "event_type": "pricing-engine.quote.presented",
        "event_sequence": "2",
        "state": "delivered",
        "next_try": None,
        "created_at": "2026-03-15T12:00:00Z",
        "attempts": [{"at": "2026-03-15T12:00:00Z", "milliseconds": 0, "status": 204, "outcome": "accepted"}],
    }
    assert (second["state"], second["next_try"]) == ("waiting", "2026-03-15T12:00:05Z")
    again = caller.post(f"{path}/{second['id']}/retry", headers=INTEGRATION)
    assert (again.status_code, again.json()["next_try"]) == (200, "2026-03-15T12:00:00Z")
    DeliveryOut.model_validate(again.json())
    deliver(caller)
    second = caller.get(path, headers=INTEGRATION).json()["items"][0]
    assert [attempt["status"] for attempt in second["attempts"]] == [500, 204]
    caller.call("PATCH", path.removesuffix("/deliveries"), json={"enabled": False}, headers=INTEGRATION)
    refused = caller.post(f"{path}/{second['id']}/retry", headers=INTEGRATION)
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook-disabled")


def test_a_webhook_that_is_removed_is_gone_with_its_deliveries(caller: Caller) -> None:
    path = f"/v1/webhooks/{made(caller)['id']}"
    happen(caller, "quo_1")
    deliver(caller)
    assert caller.rows()["webhook_attempt"] == 1
    answer = caller.call("DELETE", path, headers=INTEGRATION)
    assert (answer.status_code, answer.content) == (204, b"")
    assert caller.get(path, headers=INTEGRATION).status_code == 404
    assert {name: count for name, count in caller.rows().items() if name.startswith("webhook")} == {
        "webhook_endpoint": 0,
        "webhook_delivery": 0,
        "webhook_attempt": 0,
    }


def test_there_are_not_more_webhooks_than_may_be(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "MAX_WEBHOOKS", 1)
    made(caller)
    answer = caller.post("/v1/webhooks", {"url": URL}, headers=INTEGRATION)
    assert (answer.status_code, answer.json()["code"]) == (409, "too-many-webhooks")


def test_while_it_serves_events_are_delivered_and_at_its_end_the_webhook_is_given_back(sqlite_url: str) -> None:
    async def play() -> None:
        app = create_app(Settings(database_url=sqlite_url))
        caller = Caller(app, app.state.doorway.desk, NO_LOG)
        async with a_receiver() as receiver:
            webhook = await asyncio.to_thread(made, caller, receiver.url)
            event = happen(caller, "quo_1")
            async with app.router.lifespan_context(app):
                await receiver.arrived.wait()
            assert receiver.ids == [event]
            assert is_signed(receiver.got[0], webhook["secret"], caller.desk.now())

    asyncio.run(play())


def test_a_setting_leaves_delivering_to_others(sqlite_url: str) -> None:
    async def play() -> None:
        app = create_app(Settings(database_url=sqlite_url, webhooks=False))
        async with app.router.lifespan_context(app):
            running = {getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()}
            assert "EffectKeeper.run" in running
            assert "Deliverer.run" not in running

    asyncio.run(play())
