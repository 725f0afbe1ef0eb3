"""The steps of delivering to a webhook, each one transaction: claim it and say what to post, keep how it went.

An event whose entry in the journal cannot be read, since somebody has changed the database, is never posted: its
delivery is given up at once, which its list of tries and the log say, and the next event comes. Once the entry is
mended, the delivery is retried by hand as any that is dead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pricing_engine.desk import Desk
from pricing_engine.integrations.cloud_events import entry_types, event_bytes, event_type
from pricing_engine.integrations.webhooks.backoff import TRIES, pause_after
from pricing_engine.integrations.webhooks.sending import Message, Outcome
from pricing_engine.storage import journal, webhook_deliveries, webhook_endpoints
from pricing_engine.storage.journal import DamagedEntry, Entry
from pricing_engine.storage.sealing import SecretNotOpened
from pricing_engine.storage.session import Session
from pricing_engine.storage.webhook_deliveries import Attempt, Delivery, DeliveryState
from pricing_engine.storage.webhook_endpoints import Endpoint
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.webhooks import enter

LEASE: Final = timedelta(seconds=60)
"""How long nobody else delivers to an endpoint: well beyond a try, and what is waited after a process was killed."""

KEPT: Final = timedelta(days=30)
"""How long it is known what an endpoint was told."""

DAMAGED: Final = "the event's entry in the journal cannot be read: run `pricing-engine audit verify`"
"""How the only try of such a delivery went."""

_BY: Final = Actor("pricing-engine", "admin")
GIVEN_UP_AT_ONCE: Final = 100
"""How many damaged events one transaction passes over; the others' turn is when it is looked again."""

OnDamaged = Callable[[Delivery], None]
"""What is told of a delivery that is given up since its event cannot be read."""

OnUnopened = Callable[[str, SecretNotOpened], None]
"""What is told of an endpoint that waits since its secret cannot be opened, and why."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Something to be posted to an endpoint by whoever holds the lease."""

    lease: str
    endpoint: Endpoint
    delivery: Delivery
    message: Message


def due_webhooks(desk: Desk, *, on_unopened: OnUnopened = lambda webhook_id, why: None) -> tuple[str, ...]:
    """The ids of the endpoints that have something to be told, and that nobody delivers to just now.

    Those whose secret cannot be opened are left out: what they are to be told waits, and costs none of its tries.
    """
    now = desk.now()
    with desk.reading() as session:
        found = webhook_endpoints.due(session, now=now)
    ready = []
    for endpoint in found:
        try:
            endpoint.secrets_at(now)
        except SecretNotOpened as why:
            on_unopened(endpoint.id, why)
        else:
            ready.append(endpoint.id)
    return tuple(ready)


def begin_delivery(desk: Desk, *, webhook_id: str, on_damaged: OnDamaged = lambda delivery: None) -> Posting | None:
    """What is to be posted to an endpoint now, which is claimed for it; None: nothing, or another is at it.

    A delivery is kept before it is posted, and over only when its outcome is: after a crash it is posted again.
    """
    with desk.transaction() as session:
        now = desk.now()
        lease = desk.new_id("lea")
        endpoint = webhook_endpoints.claim(session, webhook_id, lease=lease, now=now, until=now + LEASE)
        return None if endpoint is None else _next(desk, session, endpoint, lease, now, on_damaged)


def finish_delivery(
    desk: Desk,
    *,
    posting: Posting,
    outcome: Outcome,
    began: datetime,
    jitter: float,
    on_damaged: OnDamaged = lambda delivery: None,
) -> Posting | None:
    """What is to be posted to the endpoint next, once it is kept how this went; None when there is nothing just now.

    Whoever has lost the lease keeps nothing: the other one posts the same again, and keeps how that went.
    """
    with desk.transaction() as session:
        now, webhook_id, lease = desk.now(), posting.endpoint.id, posting.lease
        endpoint = webhook_endpoints.keep_claim(session, webhook_id, lease=lease, until=now + LEASE)
        if endpoint is None:
            return None
        milliseconds = (now - began) // timedelta(milliseconds=1)
        attempt = Attempt(began, milliseconds, outcome.status, outcome.words)
        webhook_deliveries.add_attempt(session, posting.delivery.id, attempt)
        _keep(session, posting.delivery, outcome, now=now, jitter=jitter)
        if outcome.is_gone:
            endpoint = webhook_endpoints.change(session, webhook_id, enabled=False, disabled_because="gone")
        following = _next(desk, session, endpoint, lease, now, on_damaged)
        if outcome.is_gone:
            enter(desk, session, "webhook.disabled", endpoint, _BY)
        return following


def give_back(desk: Desk, *, posting: Posting) -> None:
    """Lets others deliver to the endpoint at once, when this process stops in the middle."""
    with desk.transaction() as session:
        webhook_endpoints.release(session, posting.endpoint.id, lease=posting.lease)


def _keep(session: Session, delivery: Delivery, outcome: Outcome, *, now: datetime, jitter: float) -> None:
    """Puts the delivery where the outcome leads; one that was answered "gone" stays for when it is enabled again."""
    left = delivery.tries_left - 1
    if outcome.is_accepted:
        webhook_deliveries.move(session, delivery, DeliveryState.DELIVERED, tries_left=0, next_try=None)
    elif outcome.is_gone:
        webhook_deliveries.move(session, delivery, DeliveryState.WAITING, tries_left=delivery.tries_left, next_try=now)
    elif left > 0:
        again = now + pause_after(left, jitter=jitter)
        webhook_deliveries.move(session, delivery, DeliveryState.WAITING, tries_left=left, next_try=again)
    else:
        webhook_deliveries.move(session, delivery, DeliveryState.DEAD, tries_left=0, next_try=None)


def _next(
    desk: Desk, session: Session, endpoint: Endpoint, lease: str, now: datetime, on_damaged: OnDamaged
) -> Posting | None:
    """What is to be posted now; when there is nothing the lease is given back. What is damaged is given up."""
    for _ in range(GIVEN_UP_AT_ONCE if endpoint.enabled else 0):
        found = _due(desk, session, endpoint, now)
        if found is None:
            break
        delivery, entry = found
        if isinstance(entry, Entry):
            return Posting(lease, endpoint, delivery, Message(entry.id, event_bytes(entry)))
        webhook_deliveries.add_attempt(session, delivery.id, Attempt(now, 0, None, DAMAGED))
        webhook_deliveries.move(session, delivery, DeliveryState.DEAD, tries_left=0, next_try=None)
        on_damaged(delivery)
        endpoint = webhook_endpoints.load(session, endpoint.id)
    webhook_endpoints.release(session, endpoint.id, lease=lease)
    return None


def _due(
    desk: Desk, session: Session, endpoint: Endpoint, now: datetime
) -> tuple[Delivery, Entry | DamagedEntry] | None:
    """The delivery whose turn it is, if its time has come: what waits goes before what is new, to keep the order."""
    waiting = webhook_deliveries.first_waiting(session, endpoint.id)
    if waiting is None:
        return _begun(desk, session, endpoint, now)
    if waiting.next_try is None or waiting.next_try > now:
        return None
    return waiting, journal.numbered(session, waiting.event_number)


def _begun(
    desk: Desk, session: Session, endpoint: Endpoint, now: datetime
) -> tuple[Delivery, Entry | DamagedEntry] | None:
    """A new delivery, of the next event the endpoint wants; what it does not want is passed over."""
    newest = journal.newest(session)
    if newest <= endpoint.cursor:
        return None
    wanted = journal.first_of(session, entry_types(endpoint.events), after=endpoint.cursor, up_to=newest)
    webhook_endpoints.change(session, endpoint.id, cursor=newest if wanted is None else wanted.number)
    if wanted is None:
        return None
    webhook_deliveries.forget(session, endpoint.id, before=now - KEPT)
    delivery = Delivery(
        id=desk.new_id("dlv"),
        endpoint_id=endpoint.id,
        event_number=wanted.number,
        event_id=wanted.id,
        event_type=event_type(wanted),
        state=DeliveryState.WAITING,
        tries_left=TRIES,
        next_try=now,
        created_at=now,
    )
    webhook_deliveries.add(session, delivery)
    return delivery, wanted
