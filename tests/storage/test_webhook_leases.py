"""Who delivers to a webhook: one at a time, none kept waiting by another, the same again after a crash."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from pricing_engine.usecases.deliver_webhooks import LEASE, begin_delivery, due_webhooks
from pricing_engine.usecases.webhooks import remove_webhook
from tests.builders import NOON, a_desk
from tests.receivers import Receiver, a_receiver, hang, status
from tests.storage.webhook_scenes import ADA, Scene, url_of


def test_an_endpoint_that_hangs_keeps_no_other_waiting(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver(hang) as dead, a_receiver() as alive:
            scene.webhook(dead.url, "pricing-engine.quote.")
            scene.webhook(alive.url, "pricing-engine.quote.")
            events = scene.happen("quo_1")
            looks: asyncio.Queue[None] = asyncio.Queue()
            running = asyncio.create_task(scene.deliverer(wait=looks.get).run())
            await dead.arrived.wait()
            await alive.arrived.wait()
            # The first one is still waited for; what happens now reaches the second.
            alive.arrived.clear()
            events += scene.happen("quo_2")
            while not alive.arrived.is_set():
                looks.put_nowait(None)
                await asyncio.sleep(0)
            assert (dead.ids, alive.ids) == (events[:1], events)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(play())


def test_a_deliverer_that_is_stopped_gives_its_endpoints_back_and_the_same_is_posted_again(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver(hang, status(204)) as receiver:
            endpoint = scene.webhook(receiver.url)
            [event] = scene.happen("quo_1")
            running = asyncio.create_task(scene.deliverer().run())
            await receiver.arrived.wait()
            assert due_webhooks(scene.desk) == ()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            assert due_webhooks(scene.desk) == (endpoint.id,)
            await scene.deliver()
            assert receiver.ids == [event, event]

    asyncio.run(play())


def test_two_deliverers_at_once_post_each_event_once(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            for _ in range(3):
                scene.webhook(receiver.url, "pricing-engine.quote.")
            events = scene.happen("quo_1", "quo_2", "quo_3")
            with a_desk(url_of(scene.desk), now=scene.clock, new_id=lambda prefix: f"{prefix}_other") as other:
                await asyncio.gather(scene.deliver(), scene.deliver(desk=replace(other, new_id=scene.desk.new_id)))
            assert sorted(receiver.ids) == sorted(events * 3)

    asyncio.run(play())


def test_who_has_claimed_an_endpoint_has_it_to_themselves_until_the_lease_ends(scene: Scene) -> None:
    endpoint = scene.webhook("http://127.0.0.1:1/")
    scene.happen("quo_1")
    mine = begin_delivery(scene.desk, webhook_id=endpoint.id)
    assert mine is not None
    assert begin_delivery(scene.desk, webhook_id=endpoint.id) is None
    scene.clock.move(LEASE - timedelta(microseconds=1))
    assert begin_delivery(scene.desk, webhook_id=endpoint.id) is None
    scene.clock.move(timedelta(microseconds=1))
    theirs = begin_delivery(scene.desk, webhook_id=endpoint.id)
    assert theirs is not None
    assert (theirs.message, theirs.delivery.id) == (mine.message, mine.delivery.id)


def test_a_crash_between_posting_and_keeping_loses_nothing_and_the_same_id_comes_again(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url)
            first, second = scene.happen("quo_1", "quo_2")
            posting = begin_delivery(scene.desk, webhook_id=endpoint.id)
            assert posting is not None
            sender = scene.deliverer().sender
            await sender.send(endpoint.url, posting.message, secrets=[endpoint.secret.open()], at=NOON)
            # Here the process is killed: nothing is kept, and the lease is not given back.
            await scene.deliver()
            assert receiver.ids == [first]
            scene.clock.move(LEASE)
            await scene.deliver()
            assert receiver.ids == [first, first, second]

    asyncio.run(play())


def test_an_endpoint_that_is_removed_while_it_is_posted_to_is_gone_and_no_failure(scene: Scene) -> None:
    async def play() -> None:
        async def remove(_receiver: Receiver, writer: asyncio.StreamWriter) -> None:
            remove_webhook(scene.desk, webhook_id=endpoint.id, actor=ADA)
            await status(204)(_receiver, writer)

        async with a_receiver(remove) as receiver:
            endpoint = scene.webhook(receiver.url)
            scene.happen("quo_1", "quo_2")
            await scene.deliver()
            assert len(receiver.got) == 1
            assert scene.log.getvalue() == ""

    asyncio.run(play())
