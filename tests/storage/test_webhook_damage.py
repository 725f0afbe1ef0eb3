"""Events whose entry in the journal somebody has damaged: they are given up and named, and every other is delivered."""

from __future__ import annotations

import asyncio
import json

from pricing_engine.integrations.webhooks.backoff import PAUSES
from pricing_engine.storage.webhook_deliveries import DeliveryState
from pricing_engine.usecases import deliver_webhooks
from pricing_engine.usecases.deliver_webhooks import DAMAGED, due_webhooks
from pricing_engine.usecases.webhook_deliveries import retry_delivery
from tests.receivers import a_receiver, status
from tests.storage.tampering import tamper
from tests.storage.webhook_scenes import Scene, words


def damage(scene: Scene, *events: str, change: str = "data = 'no JSON'") -> None:
    for event in events:
        tamper(scene.desk, f"UPDATE journal SET {change} WHERE id = '{event}'")


def logged(scene: Scene) -> list[tuple[str, int]]:
    """What the log says, and of which event."""
    lines = [json.loads(line) for line in scene.log.getvalue().splitlines()]
    return [(line["event"], line["event_number"]) for line in lines]


def test_a_damaged_event_is_given_up_and_those_before_and_after_are_delivered_once(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url, "pricing-engine.quote.")
            first, second, third = scene.happen("quo_1", "quo_2", "quo_3")
            damage(scene, second)
            await scene.deliver()
            assert receiver.ids == [first, third]
            states = [(told.delivery.state, words(told)) for told in scene.told(endpoint)]
            assert states == [
                (DeliveryState.DELIVERED, ["accepted"]),
                (DeliveryState.DEAD, [DAMAGED]),
                (DeliveryState.DELIVERED, ["accepted"]),
            ]
            dead = scene.told(endpoint)[1].delivery
            assert (dead.event_id, dead.event_type) == (second, "pricing-engine.quote.presented")
            assert logged(scene) == [("webhook event damaged", 3)]
            assert due_webhooks(scene.desk) == ()

    asyncio.run(play())


def test_once_the_entry_is_mended_the_delivery_is_retried_and_before_that_given_up_again(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url, "pricing-engine.quote.")
            [event] = scene.happen("quo_1")
            damage(scene, event)
            await scene.deliver()
            delivery_id = scene.told(endpoint)[0].delivery.id
            retry_delivery(scene.desk, webhook_id=endpoint.id, delivery_id=delivery_id)
            await scene.deliver()
            assert (receiver.ids, words(scene.told(endpoint)[0])) == ([], [DAMAGED, DAMAGED])
            damage(scene, event, change="""data = '{"quote_id":"quo_1"}'""")
            retry_delivery(scene.desk, webhook_id=endpoint.id, delivery_id=delivery_id)
            await scene.deliver()
            assert (receiver.ids, words(scene.told(endpoint)[0])) == ([event], [DAMAGED, DAMAGED, "accepted"])

    asyncio.run(play())


def test_an_event_that_is_damaged_between_two_tries_is_given_up_too(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver(status(500), status(204)) as receiver:
            endpoint = scene.webhook(receiver.url, "pricing-engine.quote.")
            first, second = scene.happen("quo_1", "quo_2")
            await scene.deliver()
            damage(scene, first)
            scene.clock.move(PAUSES[0])
            await scene.deliver()
            assert receiver.ids == [first, second]
            assert [words(told) for told in scene.told(endpoint)] == [["not accepted", DAMAGED], ["accepted"]]

    asyncio.run(play())


def test_an_entry_that_the_driver_cannot_read_stops_nothing_either(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url, "pricing-engine.quote.")
            first, second = scene.happen("quo_1", "quo_2")
            damage(scene, first, change="at = 'infinity'")
            await scene.deliver()
            assert receiver.ids == [second]
            assert words(scene.told(endpoint)[0]) == [DAMAGED]

    asyncio.run(play())


def test_damage_that_an_endpoint_does_not_ask_for_is_none_of_its(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url, "pricing-engine.quote.accepted")
            other, wanted = scene.happen("quo_1") + scene.happen("quo_1", what="quote.accepted")
            damage(scene, other)
            await scene.deliver()
            assert receiver.ids == [wanted]
            assert [words(told) for told in scene.told(endpoint)] == [["accepted"]]
            assert scene.log.getvalue() == ""

    asyncio.run(play())


def test_more_damage_than_one_transaction_passes_over_is_passed_over_in_several(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url, "pricing-engine.quote.")
            *damaged, last = scene.happen(*[f"quo_{each}" for each in range(2 * deliver_webhooks.GIVEN_UP_AT_ONCE + 6)])
            tamper(scene.desk, f"UPDATE journal SET data = '[]' WHERE type = 'quote.presented' AND id <> '{last}'")
            await scene.deliver()
            assert receiver.ids == [last]
            assert len(logged(scene)) == len(damaged)
            assert scene.told(endpoint)[-1].delivery.state is DeliveryState.DELIVERED

    asyncio.run(play())


def test_a_deliverer_that_runs_goes_on_to_every_endpoint(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as one, a_receiver() as other:
            scene.webhook(one.url, "pricing-engine.quote.")
            scene.webhook(other.url, "pricing-engine.quote.")
            damaged, sound = scene.happen("quo_1", "quo_2")
            damage(scene, damaged)
            looks: asyncio.Queue[None] = asyncio.Queue()
            running = asyncio.create_task(scene.deliverer(wait=looks.get).run())
            await asyncio.gather(one.arrived.wait(), other.arrived.wait())
            assert one.ids == other.ids == [sound]
            assert not running.done()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(play())
