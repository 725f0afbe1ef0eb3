"""Webhooks whose secrets are sealed: what the database holds, what signs, and what waits for a key."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pricing_engine.desk import Desk
from pricing_engine.integrations.webhooks import sending
from pricing_engine.storage import tables, webhook_endpoints
from pricing_engine.storage.sealing import SealingKeyMissing, Seals, SealState, SecretNotOpened
from pricing_engine.storage.webhook_endpoints import Endpoint
from pricing_engine.usecases.deliver_webhooks import due_webhooks
from pricing_engine.usecases.read_journal import read_journal
from pricing_engine.usecases.seal_secrets import KeyState, KeyUse, log_secrets, read_secrets, seal_secrets
from pricing_engine.usecases.webhooks import (
    OLD_SECRET_COUNTS,
    change_webhook,
    list_webhooks,
    make_webhook,
    read_webhook,
    rotate_secret,
)
from tests.builders import seals_with, writing
from tests.receivers import a_receiver, is_signed, status
from tests.storage.tampering import tamper
from tests.storage.webhook_scenes import ADA, Scene

NOWHERE = "http://127.0.0.1:1/"


@pytest.fixture
def sealing(scene: Scene) -> Scene:
    """The same scene with a key."""
    return with_seals(scene, seals_with(1))


def with_seals(scene: Scene, seals: Seals) -> Scene:
    return replace(scene, desk=replace(scene.desk, seals=seals))


def rows(desk: Desk) -> str:
    """All that the database holds, as text."""
    with desk.database.engine.connect() as connection:
        return "\n".join(
            str(list(connection.execute(select(table)).mappings())) for table in tables.metadata.tables.values()
        )


def logged(scene: Scene) -> list[dict[str, Any]]:
    return [json.loads(line) for line in scene.log.getvalue().splitlines()]


def state(scene: Scene, endpoint: Endpoint) -> SealState:
    return read_webhook(scene.desk, webhook_id=endpoint.id).secret_state


def use(number: int, state: KeyState, secrets: int) -> KeyUse:
    return KeyUse(seals_with(number).keys[0].id, state, secrets, 0)


def test_the_database_holds_no_secret_and_both_of_a_rotation_sign(sealing: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = sealing.webhook(receiver.url, "pricing-engine.quote.")
            rotated = rotate_secret(sealing.desk, webhook_id=endpoint.id, keep_old=True, actor=ADA)
            assert rotated.old_secret is not None
            assert rotated.old_secret.open() == endpoint.secret.open() != rotated.secret.open()
            held = rows(sealing.desk)
            assert "whsec_" not in held
            assert held.count("sealed:1:") == 2
            sealing.happen("quo_1")
            await sealing.deliver()
            for secret in (rotated.secret.open(), endpoint.secret.open()):
                assert is_signed(receiver.got[0], secret, sealing.clock.now)

    asyncio.run(play())


def test_while_the_key_is_missing_deliveries_wait_and_with_it_all_come_in_order(sealing: Scene) -> None:
    without = with_seals(sealing, seals_with(2))

    async def play() -> None:
        async with a_receiver(status(500), status(204)) as receiver:
            endpoint = sealing.webhook(receiver.url, "pricing-engine.quote.")
            events = sealing.happen("quo_1")
            await sealing.deliver()
            [tried] = sealing.told(endpoint)
            events += sealing.happen("quo_2")
            sealing.clock.move(timedelta(days=30))
            for _ in range(3):
                await without.deliver()
            assert receiver.ids == events[:1]
            assert sealing.told(endpoint) == (tried,)
            assert state(without, endpoint) is SealState.CANNOT_BE_OPENED
            await sealing.deliver()
            assert receiver.ids == [events[0], *events]

    asyncio.run(play())
    waits = [entry for entry in logged(sealing) if entry["event"] == "webhook waits"]
    assert len(waits) == 3  # of three processes, each of which says it once
    assert "which this process does not have" in waits[0]["why"]
    assert "PRICING_ENGINE_SECRETS_KEYS_FILE" in waits[0]["fix"]


def test_a_deliverer_that_runs_says_once_that_one_waits_and_delivers_to_the_others(sealing: Scene) -> None:
    other = with_seals(sealing, seals_with(2, 1))

    async def play() -> None:
        async with a_receiver() as dead, a_receiver() as alive:
            sealed = other.webhook(dead.url, "pricing-engine.quote.")
            sealing.webhook(alive.url, "pricing-engine.quote.")
            events: list[str] = []
            looks: asyncio.Queue[None] = asyncio.Queue()
            running = asyncio.create_task(sealing.deliverer(wait=looks.get).run())
            for number in range(3):
                alive.arrived.clear()
                events += sealing.happen(f"quo_{number}")
                while not alive.arrived.is_set():
                    looks.put_nowait(None)
                    await asyncio.sleep(0)
            assert not running.done()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            assert (dead.ids, alive.ids) == ([], events)
            assert [(entry["event"], entry["webhook_id"]) for entry in logged(sealing)] == [
                ("webhook waits", sealed.id)
            ]

    asyncio.run(play())


def test_a_secret_that_another_process_replaces_meanwhile_gives_the_endpoint_back(sealing: Scene) -> None:
    endpoint = with_seals(sealing, seals_with(2, 1)).webhook(NOWHERE)
    sealing.happen("quo_1")
    deliverer = sealing.deliverer()
    asyncio.run(deliverer.deliver_to(endpoint.id))
    assert deliverer.tally.unopened == {endpoint.id}
    [told] = sealing.told(endpoint)
    assert (told.attempts, told.delivery.next_try) == ((), sealing.clock.now)
    assert due_webhooks(with_seals(sealing, seals_with(2)).desk) == (endpoint.id,)


def test_a_secret_moved_to_another_row_does_not_open_and_moved_back_it_does(sealing: Scene) -> None:
    one, other = sealing.webhook(NOWHERE), sealing.webhook(NOWHERE)

    def exchange() -> None:
        texts = {each.id: read_webhook(sealing.desk, webhook_id=each.id).secret.text for each in (one, other)}
        tamper(
            sealing.desk,
            f"UPDATE webhook_endpoint SET secret = '{texts[other.id]}' WHERE id = '{one.id}'",
            f"UPDATE webhook_endpoint SET secret = '{texts[one.id]}' WHERE id = '{other.id}'",
        )

    exchange()
    sealing.happen("quo_1")
    assert due_webhooks(sealing.desk) == ()
    assert {state(sealing, each) for each in (one, other)} == {SealState.CANNOT_BE_OPENED}
    assert len(read_secrets(sealing.desk).unopened) == 2
    exchange()
    assert due_webhooks(sealing.desk) == (one.id, other.id)


def test_a_lost_key_costs_a_rotation_that_does_not_keep_the_old_secret(sealing: Scene) -> None:
    endpoint = sealing.webhook(NOWHERE)
    without = with_seals(sealing, seals_with(2))
    with pytest.raises(SecretNotOpened):
        rotate_secret(without.desk, webhook_id=endpoint.id, keep_old=True, actor=ADA)
    assert state(sealing, endpoint) is SealState.SEALED
    rotated = rotate_secret(without.desk, webhook_id=endpoint.id, keep_old=False, actor=ADA)
    assert (rotated.secret_state, rotated.old_secret) == (SealState.SEALED, None)


def test_where_secrets_must_be_sealed_none_is_made_without_a_key_and_all_else_goes_on(scene: Scene) -> None:
    endpoint = scene.webhook(NOWHERE)
    strict = with_seals(scene, Seals(must_seal=True))
    with pytest.raises(SealingKeyMissing):
        make_webhook(strict.desk, url=NOWHERE, events=(), description="", actor=ADA)
    with pytest.raises(SealingKeyMissing):
        rotate_secret(strict.desk, webhook_id=endpoint.id, keep_old=False, actor=ADA)
    with pytest.raises(SealingKeyMissing):
        seal_secrets(strict.desk, actor=ADA)
    assert [each.id for each in list_webhooks(strict.desk, cursor=None, limit=9).items] == [endpoint.id]
    assert change_webhook(strict.desk, webhook_id=endpoint.id, changed={"description": "x"}, actor=ADA).enabled
    assert due_webhooks(strict.desk) == (endpoint.id,)
    assert [entry.type for entry in read_journal(scene.desk, after=0, limit=9)] == [
        "webhook.created",
        "webhook.changed",
    ]


def test_a_session_that_was_not_told_what_to_seal_with_keeps_no_secret(scene: Scene) -> None:
    with writing(scene.desk.database) as session, pytest.raises(SealingKeyMissing):
        webhook_endpoints.sealed(session, "whk_1", "secret", "whsec_open")


def test_an_open_secret_is_sealed_when_its_webhook_is_changed_and_that_alone_is_no_change(scene: Scene) -> None:
    endpoint = scene.webhook(NOWHERE)
    sealing = with_seals(scene, seals_with(1))
    assert state(sealing, endpoint) is SealState.OPEN
    change_webhook(sealing.desk, webhook_id=endpoint.id, changed={"url": NOWHERE}, actor=ADA)
    assert "whsec_" not in rows(scene.desk)
    assert read_webhook(sealing.desk, webhook_id=endpoint.id).secret.open() == endpoint.secret.open()
    assert [entry.type for entry in read_journal(scene.desk, after=0, limit=9)] == ["webhook.created"]


def test_all_is_sealed_anew_under_the_newest_key_and_a_second_time_nothing(scene: Scene) -> None:
    open_, older = scene.webhook(NOWHERE), with_seals(scene, seals_with(1)).webhook(NOWHERE)
    rotate_secret(scene.desk, webhook_id=open_.id, keep_old=True, actor=ADA)
    secrets = {each.id: read_webhook(scene.desk, webhook_id=each.id).secret for each in (open_, older)}
    both = with_seals(scene, seals_with(2, 1))
    assert read_secrets(both.desk).keys == (
        use(2, KeyState.NEWEST, 0),
        use(1, KeyState.OLDER, 1),
        KeyUse(None, KeyState.NONE, 2, 0),
    )
    done = seal_secrets(both.desk, actor=ADA)
    assert (done.webhook_secrets, done.kept_answers, done.stood_open) == (3, 0, 2)
    assert done.found == read_secrets(both.desk)
    assert done.found.keys == (use(2, KeyState.NEWEST, 3), use(1, KeyState.OLDER, 0))
    held = rows(scene.desk)
    assert "whsec_" not in held
    again = seal_secrets(both.desk, actor=ADA)
    assert (again.webhook_secrets, again.kept_answers, again.stood_open) == (0, 0, 0)
    assert rows(scene.desk) == held
    newest = with_seals(scene, seals_with(2))
    kept = read_webhook(newest.desk, webhook_id=open_.id)
    assert kept.secret.open() == secrets[open_.id].open()
    assert kept.old_secret is not None
    assert kept.old_secret.open() == open_.secret.open()
    assert read_webhook(newest.desk, webhook_id=older.id).secret.open() == older.secret.open()
    [entry] = [each for each in read_journal(scene.desk, after=0, limit=9) if each.type == "secrets.sealed"]
    assert (entry.subject, entry.by) == (seals_with(2).keys[0].id, "ada")
    assert entry.data == {"webhook_secrets": 3, "kept_answers": 0}


def test_what_cannot_be_opened_is_named_and_left_as_it_is_and_the_rest_is_sealed(scene: Scene) -> None:
    lost, open_ = with_seals(scene, seals_with(1)).webhook(NOWHERE), scene.webhook(NOWHERE)
    sealing = with_seals(scene, seals_with(2))
    done = seal_secrets(sealing.desk, actor=ADA)
    assert done.webhook_secrets == 1
    assert done.found.keys == (use(2, KeyState.NEWEST, 1), use(1, KeyState.MISSING, 1))
    [why] = done.found.unopened
    assert why.startswith(f"the secret of webhook {lost.id} is sealed under the key ")
    assert (state(sealing, open_), state(with_seals(scene, seals_with(1)), lost)) == (SealState.SEALED,) * 2


def test_an_old_secret_that_signs_no_longer_is_forgotten_and_needs_no_key(sealing: Scene) -> None:
    endpoint = sealing.webhook(NOWHERE)
    rotate_secret(sealing.desk, webhook_id=endpoint.id, keep_old=True, actor=ADA)
    sealing.clock.move(OLD_SECRET_COUNTS)
    assert seal_secrets(sealing.desk, actor=ADA).webhook_secrets == 0
    after = read_webhook(sealing.desk, webhook_id=endpoint.id)
    assert (after.old_secret, after.old_secret_until, after.secret_state) == (None, None, SealState.SEALED)


def test_secrets_of_other_tenants_are_left_alone(scene: Scene) -> None:
    scene.webhook(NOWHERE)
    theirs = replace(with_seals(scene, seals_with(1)).desk, tenant="other")
    assert read_secrets(theirs).keys == (use(1, KeyState.NEWEST, 0),)
    assert seal_secrets(theirs, actor=ADA).webhook_secrets == 0
    assert "whsec_" in rows(scene.desk)


def test_when_a_process_starts_the_log_says_what_stands_open_or_cannot_be_opened(scene: Scene) -> None:
    lost, _ = with_seals(scene, seals_with(1)).webhook(NOWHERE), scene.webhook(NOWHERE)
    log = scene.deliverer().log
    log_secrets(with_seals(scene, seals_with(1)).desk, log)
    log_secrets(with_seals(scene, Seals(must_seal=True)).desk, log)
    said = [(entry["event"], entry["level"]) for entry in logged(scene)]
    stand_open = ("secrets stand open", "warning")
    assert said == [stand_open, ("no key to seal secrets with", "warning"), ("secret not opened", "error"), stand_open]
    assert lost.id in logged(scene)[2]["why"]
    seal_secrets(with_seals(scene, seals_with(2, 1)).desk, actor=ADA)
    log_secrets(with_seals(scene, seals_with(2)).desk, log)
    assert len(logged(scene)) == len(said)


def test_no_failure_says_a_secret(sealing: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(secrets: Any, **_more: Any) -> dict[str, str]:
        raise RuntimeError("cannot be signed")

    monkeypatch.setattr(sending, "signed_headers", fail)
    endpoint = sealing.webhook(NOWHERE)
    sealing.happen("quo_1")
    asyncio.run(sealing.deliver())
    [entry] = logged(sealing)
    assert (entry["event"], entry["exception"][0]["exc_value"]) == ("webhook not delivered", "cannot be signed")
    assert endpoint.secret.open() not in sealing.log.getvalue()
    assert endpoint.secret.text not in sealing.log.getvalue()


def test_what_the_database_refuses_is_said_without_the_row(scene: Scene) -> None:
    endpoint = scene.webhook(NOWHERE)
    same = replace(scene.desk, new_id=lambda prefix: endpoint.id if prefix == "whk" else scene.desk.new_id(prefix))
    with pytest.raises(Exception, match="webhook_endpoint") as refused:
        make_webhook(same, url=NOWHERE, events=(), description="", actor=ADA)
    assert "whsec_" not in str(refused.value)
