"""The secrets of webhooks: what they sign, for how long, and that nobody reads them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from pricing_engine.usecases.read_journal import read_journal, verify_journal
from pricing_engine.usecases.webhooks import (
    OLD_SECRET_COUNTS,
    change_webhook,
    remove_webhook,
    rotate_secret,
)
from tests.builders import NOON
from tests.receivers import a_receiver, is_signed
from tests.storage.webhook_scenes import ADA, Scene


def test_for_a_day_after_a_rotation_both_secrets_verify_and_then_only_the_new_one(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url, "pricing-engine.quote.")
            rotated = rotate_secret(scene.desk, webhook_id=endpoint.id, keep_old=True, actor=ADA)
            assert rotated.secret.open() != endpoint.secret.open()
            for pause in (timedelta(0), OLD_SECRET_COUNTS - timedelta(seconds=1), timedelta(seconds=1)):
                scene.clock.move(pause)
                scene.happen("quo_1")
                await scene.deliver()
                got = receiver.got[-1]
                assert is_signed(got, rotated.secret.open(), scene.clock.now)
                is_within = scene.clock.now < NOON + OLD_SECRET_COUNTS
                assert is_signed(got, endpoint.secret.open(), scene.clock.now) == is_within
                assert got.headers["webhook-signature"].count("v1,") == 1 + is_within

    asyncio.run(play())


def test_a_secret_that_leaked_signs_nothing_once_it_is_replaced_without_keeping_it(scene: Scene) -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            endpoint = scene.webhook(receiver.url, "pricing-engine.quote.")
            rotate_secret(scene.desk, webhook_id=endpoint.id, keep_old=False, actor=ADA)
            scene.happen("quo_1")
            await scene.deliver()
            assert not is_signed(receiver.got[0], endpoint.secret.open(), scene.clock.now)

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
    assert not [secret for secret in (endpoint.secret.open(), rotated.secret.open()) if secret in shown]
    assert {entry.data["host"] for entry in entries} == {"example.com"}
    assert "known-to-us-alone" not in str(entries)
