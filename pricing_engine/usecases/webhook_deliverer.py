"""Delivers to webhooks: each in order, all at the same time, so that none waits for one that is slow or dead."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from secrets import SystemRandom
from typing import Final

from structlog.typing import FilteringBoundLogger

from pricing_engine.desk import Desk
from pricing_engine.integrations.webhooks.destinations import Destinations
from pricing_engine.integrations.webhooks.sending import Sender
from pricing_engine.settings import Environment, Settings
from pricing_engine.storage.sealing import SecretNotOpened
from pricing_engine.storage.webhook_deliveries import Delivery
from pricing_engine.usecases.deliver_webhooks import (
    Posting,
    begin_delivery,
    due_webhooks,
    finish_delivery,
    give_back,
)

LOOK_SECONDS: Final = 1.0
"""How long until it is looked again whether there is something to deliver."""


def destinations_of(settings: Settings) -> Destinations:
    """Where webhooks may be posted to: anywhere on a developer's machine, else on the public internet."""
    return Destinations(anywhere=settings.environment is Environment.DEVELOPMENT)


def open_deliverer(desk: Desk, settings: Settings, log: FilteringBoundLogger) -> Deliverer:
    """What this process delivers with."""
    return Deliverer(desk, Sender(destinations_of(settings)), log)


async def _wait() -> None:
    await asyncio.sleep(LOOK_SECONDS)


@dataclass(slots=True)
class Tally:
    """How many tries were made, how many of them were accepted, and how many events could not be read.

    `unopened` are the endpoints that wait since their secret cannot be opened.
    """

    tried: int = 0
    accepted: int = 0
    damaged: int = 0
    unopened: set[str] = field(default_factory=set)

    @property
    def done(self) -> int:
        """What tells whether there was anything to do."""
        return self.tried + self.damaged


@dataclass(frozen=True, slots=True)
class Deliverer:
    """What one process delivers with; several processes share the work by leases. `jitter` is from 0 to 1."""

    desk: Desk
    sender: Sender
    log: FilteringBoundLogger
    jitter: Callable[[], float] = SystemRandom().random
    wait: Callable[[], Awaitable[None]] = _wait
    tally: Tally = field(default_factory=Tally)

    async def deliver_due(self) -> Tally:
        """Delivers until nothing is due any more, and says how that went in all."""
        while due := await self._due():
            before = self.tally.done
            await asyncio.gather(*map(self._deliver_logged, due))
            if self.tally.done == before:
                break
        return self.tally

    async def run(self) -> None:
        """Delivers until it is cancelled; what is under way then is posted again by whoever comes next."""
        running: dict[str, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as tasks:
            while True:
                for webhook_id in await self._due_logged():
                    if webhook_id not in running or running[webhook_id].done():
                        running[webhook_id] = tasks.create_task(self._deliver_logged(webhook_id))
                running = {name: task for name, task in running.items() if not task.done()}
                await self.wait()

    async def deliver_to(self, webhook_id: str) -> None:
        """Delivers to one endpoint what is due, one after the other."""
        posting = await self.desk.run(begin_delivery, self.desk, webhook_id=webhook_id, on_damaged=self._log_damaged)
        while posting is not None:
            posting = await self._posted(posting)

    async def _posted(self, posting: Posting) -> Posting | None:
        """Posts, keeps how it went, and says what comes next."""
        began, endpoint = self.desk.now(), posting.endpoint
        try:
            secrets = endpoint.secrets_at(began)
            self.tally.unopened.discard(endpoint.id)
            outcome = await self.sender.send(endpoint.url, posting.message, secrets=secrets, at=began)
            self.tally.tried += 1
            self.tally.accepted += outcome.is_accepted
            return await self.desk.run(
                finish_delivery,
                self.desk,
                posting=posting,
                outcome=outcome,
                began=began,
                jitter=self.jitter(),
                on_damaged=self._log_damaged,
            )
        except SecretNotOpened as why:  # it was given another one since it was looked for
            await self.desk.run(give_back, self.desk, posting=posting)
            self._log_unopened(endpoint.id, why)
            return None
        except asyncio.CancelledError:
            await self.desk.run(give_back, self.desk, posting=posting)
            raise

    def _due(self) -> Awaitable[tuple[str, ...]]:
        return self.desk.run(due_webhooks, self.desk, on_unopened=self._log_unopened)

    def _log_unopened(self, webhook_id: str, why: SecretNotOpened) -> None:
        """An endpoint that waits; it is said once, and not at every look."""
        if webhook_id not in self.tally.unopened:
            self.tally.unopened.add(webhook_id)
            self.log.error("webhook waits", webhook_id=webhook_id, why=why.what, fix=why.fix)

    def _log_damaged(self, delivery: Delivery) -> None:
        """A delivery that was given up, since nobody can say any more what its event was."""
        self.tally.damaged += 1
        self.log.error(
            "webhook event damaged",
            webhook_id=delivery.endpoint_id,
            event_number=delivery.event_number,
            fix="run `pricing-engine audit verify`",
        )

    async def _due_logged(self) -> tuple[str, ...]:
        try:
            return await self._due()
        except Exception:  # a database that is away now is back later
            self.log.exception("webhooks cannot be looked for")
            return ()

    async def _deliver_logged(self, webhook_id: str) -> None:
        try:
            await self.deliver_to(webhook_id)
        except Exception:  # it must not stop the others, and its lease ends by itself
            self.log.exception("webhook not delivered", webhook_id=webhook_id)
