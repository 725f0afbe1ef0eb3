"""A scene to deliver webhooks in: a desk with a clock moved by hand, a log, and what endpoints were told."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import httpx

from pricing_engine.api.access_log import open_log
from pricing_engine.desk import Desk
from pricing_engine.integrations.webhooks.destinations import Destinations
from pricing_engine.integrations.webhooks.sending import Sender
from pricing_engine.storage import journal
from pricing_engine.storage.webhook_endpoints import Endpoint
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.webhook_deliverer import Deliverer
from pricing_engine.usecases.webhook_deliveries import Told, list_deliveries
from pricing_engine.usecases.webhooks import make_webhook
from tests.receivers import Clock

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
                journal.enter(session, entry)
                ids.append(entry.id)
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


def words(told: Told) -> list[str]:
    """How each try of a delivery went."""
    return [attempt.outcome for attempt in told.attempts]


def url_of(desk: Desk) -> str:
    """The URL of its database."""
    return desk.database.engine.url.render_as_string(hide_password=False)
