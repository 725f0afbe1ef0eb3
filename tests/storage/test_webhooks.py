"""Deliveries to a receiver on loopback, over real databases: signed, in order, again after failures, never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import StringIO
from typing import Any

import httpx
import pytest

from pricing_engine.api.access_log import open_log
from pricing_engine.desk import Desk
from pricing_engine.integrations.webhooks.backoff import PAUSES, SPREAD, TRIES, pause_after
from pricing_engine.integrations.webhooks.destinations import Destinations, Resolve
from pricing_engine.integrations.webhooks.sending import Sender
from pricing_engine.storage import journal
from pricing_engine.storage.webhook_deliveries import DeliveryState
from pricing_engine.storage.webhook_endpoints import Endpoint
from pricing_engine.usecases.deliver_webhooks import KEPT, LEASE, begin_delivery, due_webhooks
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.read_journal import read_journal, verify_journal
from pricing_engine.usecases.webhook_deliverer import Deliverer
from pricing_engine.usecases.webhook_deliveries import Told, WebhookDisabled, list_deliveries, retry_delivery
from pricing_engine.usecases.webhooks import (
    OLD_SECRET_COUNTS,
    change_webhook,
    make_webhook,
    read_webhook,
    remove_webhook,
    rotate_secret,
)
from tests.builders import NOON, a_desk
from tests.receivers import (
    Clock,
    Receiver,
    a_receiver,
    hang,
    is_signed,
    status,
)

ADA = Actor("ada", "admin")
TRUST = httpx.create_ssl_context()


@dataclass
class Scene:
    """A desk whose clock is moved by hand, and what is delivered from it."""

    desk: Desk
    clock: Clock
    log: StringIO = field(default_factory=StringIO)

    def webhook(self, url: str, *events: str) -> Endpoint:
        return make_webhook(self.desk, url=url, events=events, description="", actor=ADA)

    def happen(self, *subjects: str, what: str = "quote.presented") -> list[str]:
        """Enters one thing for each subject; the ids of the events."""
        ids = []
        for subject in subjects:
            with self.desk.transaction() as session:
                entry = journal.Happening(
                    self.desk.new_id("evt"), what, subject, self.desk.now(), *ADA, {"quote_id": subject}
                )
                ids.append(journal.enter(session, entry).id)
        return ids

    def deliverer(
        self, *, destinations: Destinations | None = None, desk: Desk | None = None, **more: Any
    ) -> Deliverer:
        sender = Sender(destinations or Destinations(anywhere=True), trust=TRUST)
        log = open_log("info", stream=self.log)
        return Deliverer(desk or self.desk, sender, log, **({"jitter": lambda: 0.0} | more))

    async def deliver(self, **more: Any) -> None:
        await self.deliverer(**more).deliver_due()

    def told(self, endpoint: Endpoint) -> tuple[Told, ...]:
        """Its deliveries, oldest event first."""
        page = list_deliveries(self.desk, webhook_id=endpoint.id, cursor=None, limit=200)
        return tuple(sorted(page.items, key=lambda told: told.delivery.event_number))


@pytest.fixture
def scene(database_url: str) -> Iterator[Scene]:
    """A scene over each kind of database."""
    clock = Clock(NOON)
    with a_desk(database_url, now=clock) as desk:
        yield Scene(desk, clock)


def words(told: Told) -> list[str]:
    return [attempt.outcome for attempt in told.attempts]


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
            assert is_signed(got, endpoint.secret, scene.clock.now)
            assert not is_signed(replace(got, body=got.body.replace(b"quo_1", b"quo_2")), endpoint.secret, NOON)
            assert not is_signed(got, scene.webhook(receiver.url).secret, NOON)

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
            assert all(is_signed(got, endpoint.secret, scene.clock.now) for got in receiver.got[2:])
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


def test_for_a_day_after_a_rotation_both_secrets_verify_and_then_only_the_new_one(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url, "pricing-engine.quote.")
            rotated = rotate_secret(scene.desk, webhook_id=endpoint.id, keep_old=True, actor=ADA)
            assert rotated.secret != endpoint.secret
            for pause in (timedelta(0), OLD_SECRET_COUNTS - timedelta(seconds=1), timedelta(seconds=1)):
                scene.clock.move(pause)
                scene.happen("quo_1")
                await scene.deliver()
                got = receiver.got[-1]
                assert is_signed(got, rotated.secret, scene.clock.now)
                is_within = scene.clock.now < NOON + OLD_SECRET_COUNTS
                assert is_signed(got, endpoint.secret, scene.clock.now) == is_within
                assert got.headers["webhook-signature"].count("v1,") == 1 + is_within

    asyncio.run(play())


def test_a_secret_that_leaked_signs_nothing_once_it_is_replaced_without_keeping_it(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url, "pricing-engine.quote.")
            rotate_secret(scene.desk, webhook_id=endpoint.id, keep_old=False, actor=ADA)
            scene.happen("quo_1")
            await scene.deliver()
            assert not is_signed(receiver.got[0], endpoint.secret, scene.clock.now)

    asyncio.run(play())


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
            with a_desk(_url(scene.desk), now=scene.clock, new_id=lambda prefix: f"{prefix}_other") as other:
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
            await sender.send(endpoint.url, posting.message, secrets=[endpoint.secret], at=NOON)
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


def test_what_is_done_with_webhooks_is_in_the_audit_log_and_no_secret_is(scene: Scene) -> None:
    endpoint = scene.webhook("https://example.com/hooks/known-to-us-alone")
    change_webhook(scene.desk, webhook_id=endpoint.id, changed={"enabled": False}, actor=ADA)
    change_webhook(scene.desk, webhook_id=endpoint.id, changed={"enabled": False}, actor=ADA)
    rotated = rotate_secret(scene.desk, webhook_id=endpoint.id, keep_old=True, actor=ADA)
    remove_webhook(scene.desk, webhook_id=endpoint.id, actor=ADA)
    entries = read_journal(scene.desk, after=0, limit=50)
    assert [(entry.type, entry.by) for entry in entries] == [
        (f"webhook.{what}", "ada") for what in ("created", "changed", "rotated", "removed")
    ]
    assert verify_journal(scene.desk).broken is None
    shown = f"{entries} {endpoint!r} {rotated!r}"
    assert not [secret for secret in (endpoint.secret, rotated.secret) if secret in shown]
    assert {entry.data["host"] for entry in entries} == {"example.com"}
    assert "known-to-us-alone" not in str(entries)


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


def _url(desk: Desk) -> str:
    return desk.database.engine.url.render_as_string(hide_password=False)
