"""What webhooks are told, over real databases: every event asked for, in order, again after failures, never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from pricing_engine.integrations.webhooks.backoff import PAUSES, SPREAD, TRIES, pause_after
from pricing_engine.integrations.webhooks.destinations import Destinations, Resolve
from pricing_engine.storage.webhook_deliveries import DeliveryState
from pricing_engine.usecases.deliver_webhooks import KEPT, due_webhooks
from pricing_engine.usecases.read_journal import read_journal
from pricing_engine.usecases.webhook_deliveries import WebhookDisabled, retry_delivery
from pricing_engine.usecases.webhooks import change_webhook, read_webhook
from tests.builders import NOON
from tests.receivers import a_receiver, is_signed, status
from tests.storage.webhook_scenes import ADA, Scene, words


def test_an_event_comes_as_a_cloud_event_that_the_specification_s_library_verifies(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url)
            [event] = scene.happen("quo_1")
            await scene.deliver()
            [got] = receiver.got
            assert got.line == "POST /hooks HTTP/1.1"
            assert got.headers["content-type"] == "application/cloudevents+json"
            assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
            assert got.headers["webhook-id"] == event == got.event["id"]
            assert got.headers["webhook-timestamp"] == str(int(NOON.timestamp()))
            assert (got.event["type"], got.event["subject"]) == ("pricing-engine.quote.presented", "quo_1")
            assert is_signed(got, endpoint.secret.open(), scene.clock.now)
            assert not is_signed(replace(got, body=got.body.replace(b"quo_1", b"quo_2")), endpoint.secret.open(), NOON)
            assert not is_signed(got, scene.webhook(receiver.url).secret.open(), NOON)

    asyncio.run(play())


def test_an_endpoint_is_told_what_comes_after_it_and_only_what_it_asked_for(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            scene.happen("before")
            scene.webhook(receiver.url, "pricing-engine.quote.acc", "pricing-engine.rulebook.")
            scene.happen("no")
            wanted = scene.happen("yes", what="quote.accepted") + scene.happen("too", what="rulebook.withdrawn")
            scene.happen("neither", what="quotexacc")
            await scene.deliver()
            assert receiver.ids == wanted
            assert due_webhooks(scene.desk) == ()

    asyncio.run(play())


def test_events_arrive_in_order_also_when_one_has_to_be_tried_again(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver(status(204), status(500), status(503), status(204)) as receiver:
            endpoint = scene.webhook(receiver.url)
            first, second, third = scene.happen("quo_1", "quo_2", "quo_3")
            await scene.deliver()
            assert receiver.ids == [first, second]
            scene.clock.move(PAUSES[0] - timedelta(microseconds=1))
            await scene.deliver()
            assert len(receiver.got) == 2
            scene.clock.move(timedelta(microseconds=1))
            await scene.deliver()
            scene.clock.move(PAUSES[1])
            await scene.deliver()
            assert receiver.ids == [first, second, second, second, third]
            assert all(is_signed(got, endpoint.secret.open(), scene.clock.now) for got in receiver.got[2:])
            assert receiver.got[1].body == receiver.got[3].body
            assert [words(told) for told in scene.told(endpoint)] == [
                ["accepted"],
                ["not accepted", "not accepted", "accepted"],
                ["accepted"],
            ]
            assert [attempt.status for attempt in scene.told(endpoint)[1].attempts] == [500, 503, 204]

    asyncio.run(play())


def test_what_fails_every_time_is_dead_after_the_last_try_and_the_next_event_comes(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver(*[status(500)] * TRIES, status(204)) as receiver:
            endpoint = scene.webhook(receiver.url)
            first, second = scene.happen("quo_1", "quo_2")
            await scene.deliver()
            for pause in PAUSES:
                assert scene.told(endpoint)[0].delivery.next_try == scene.clock.now + pause
                scene.clock.move(pause)
                await scene.deliver()
            assert receiver.ids == [first] * TRIES + [second]
            dead, delivered = scene.told(endpoint)
            assert (dead.delivery.state, dead.delivery.next_try) == (DeliveryState.DEAD, None)
            assert delivered.delivery.state is DeliveryState.DELIVERED

            retry_delivery(scene.desk, webhook_id=endpoint.id, delivery_id=dead.delivery.id)
            await scene.deliver()
            assert receiver.ids[-1] == first
            assert scene.told(endpoint)[0].delivery.state is DeliveryState.DELIVERED

    asyncio.run(play())


def test_a_dead_delivery_that_is_retried_and_fails_holds_nothing_up(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver(*[status(500)] * (TRIES + 1), status(204)) as receiver:
            endpoint = scene.webhook(receiver.url)
            first, second = scene.happen("quo_1", "quo_2")
            await scene.deliver()
            for pause in PAUSES[:-1]:
                scene.clock.move(pause)
                await scene.deliver()
            scene.clock.move(PAUSES[-1])
            # The last try of the first fails, and so does the first try of the second.
            await scene.deliver()
            dead = scene.told(endpoint)[0].delivery
            assert dead.state is DeliveryState.DEAD
            retry_delivery(scene.desk, webhook_id=endpoint.id, delivery_id=dead.id)
            await scene.deliver()
            scene.clock.move(PAUSES[0])
            await scene.deliver()
            assert receiver.ids[TRIES:] == [second, first, second]

    asyncio.run(play())


def test_gone_disables_the_endpoint_which_goes_on_where_it_stopped_when_it_is_enabled(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver(status(410), status(204)) as receiver:
            endpoint = scene.webhook(receiver.url)
            first, second = scene.happen("quo_1", "quo_2")
            await scene.deliver()
            await scene.deliver()
            assert receiver.ids == [first]
            disabled = read_webhook(scene.desk, webhook_id=endpoint.id)
            assert (disabled.enabled, disabled.disabled_because) == (False, "gone")
            assert read_journal(scene.desk, after=0, limit=50)[-1].type == "webhook.disabled"
            waiting = scene.told(endpoint)[0].delivery.id
            with pytest.raises(WebhookDisabled):
                retry_delivery(scene.desk, webhook_id=endpoint.id, delivery_id=waiting)

            change_webhook(scene.desk, webhook_id=endpoint.id, changed={"enabled": True}, actor=ADA)
            await scene.deliver()
            told = [got.event["type"].removeprefix("pricing-engine.") for got in receiver.got[1:]]
            assert receiver.ids[:3] == [first, first, second]
            assert told[2:] == ["webhook.disabled", "webhook.changed"]

    asyncio.run(play())


def test_at_another_url_what_waits_is_tried_at_once(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver(status(500)) as old, a_receiver() as new:
            endpoint = scene.webhook(old.url, "pricing-engine.quote.")
            events = scene.happen("quo_1", "quo_2")
            await scene.deliver()
            change_webhook(scene.desk, webhook_id=endpoint.id, changed={"url": new.url}, actor=ADA)
            await scene.deliver()
            assert (old.ids, new.ids) == (events[:1], events)

    asyncio.run(play())


def test_what_was_told_long_ago_is_forgotten_with_its_tries(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url)
            for moved in (timedelta(0), KEPT, timedelta(seconds=1)):
                scene.clock.move(moved)
                scene.happen("quo_1")
                await scene.deliver()
            assert [told.delivery.event_number for told in scene.told(endpoint)] == [3, 4]
            assert len(receiver.got) == 3

    asyncio.run(play())


def _fake(*rounds: Sequence[str]) -> tuple[Resolve, list[str]]:
    """A resolver that answers with one round after the other, and the names it was asked for."""
    asked: list[str] = []

    async def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return rounds[min(len(asked), len(rounds)) - 1]

    return resolve, asked


def test_in_production_a_name_that_turns_private_after_it_was_checked_is_not_posted_to(scene: Scene) -> None:
    async def play() -> None:
        resolve, asked = _fake(["93.184.215.14"], ["127.0.0.1"])
        destinations = Destinations(resolve=resolve)
        await destinations.check("https://hooks.example.com/")
        endpoint = scene.webhook("https://hooks.example.com/")
        scene.happen("quo_1")
        await scene.deliver(destinations=destinations)
        assert words(scene.told(endpoint)[0]) == ["the host stands for an address that is not public"]
        assert asked == ["hooks.example.com"] * 2

    asyncio.run(play())


def test_pauses_grow_and_are_spread_by_up_to_a_fifth() -> None:
    plain = [pause_after(TRIES - 1 - done, jitter=0.0) for done in range(TRIES - 1)]
    assert plain == list(PAUSES) == sorted(PAUSES)
    assert pause_after(TRIES - 1, jitter=0.5) == PAUSES[0] * (1 + SPREAD / 2)
