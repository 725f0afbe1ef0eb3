"""What a webhook was told: list it, and have one of it told again."""

from __future__ import annotations

from typing import NamedTuple

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.storage import webhook_deliveries, webhook_endpoints
from pricing_engine.storage.pages import Page
from pricing_engine.storage.webhook_deliveries import Attempt, Delivery, DeliveryState
from pricing_engine.usecases.once import Once, keep_answer


class WebhookDisabled(DomainError):
    """Nothing is posted to a webhook that is disabled."""

    code = "webhook-disabled"


class Told(NamedTuple):
    """A delivery with its tries, oldest first; `is_held`: nothing is tried while its endpoint is disabled."""

    delivery: Delivery
    attempts: tuple[Attempt, ...]
    is_held: bool


def list_deliveries(desk: Desk, *, webhook_id: str, cursor: str | None, limit: int) -> Page[Told]:
    """Up to `limit` deliveries of an endpoint, newest first.

    Raises: WebhookNotFound; CursorUnreadable.
    """
    with desk.reading() as session:
        endpoint = webhook_endpoints.load(session, webhook_id)
        page = webhook_deliveries.page(session, webhook_id, cursor=cursor, limit=limit)
        attempts = webhook_deliveries.attempts_of(session, [delivery.id for delivery in page.items])
    told = tuple(Told(delivery, attempts[delivery.id], not endpoint.enabled) for delivery in page.items)
    return Page(told, page.next_cursor)


def retry_delivery(desk: Desk, *, webhook_id: str, delivery_id: str, once: Once[Told] | None = None) -> Told:
    """The delivery, which is due now: one that waits goes on with the tries it has left, one that is over gets one.

    Raises: WebhookNotFound; DeliveryNotFound; WebhookDisabled.
    """
    with desk.transaction() as session:
        endpoint = webhook_endpoints.load(session, webhook_id, held=True)
        delivery = webhook_deliveries.load(session, webhook_id, delivery_id)
        if not endpoint.enabled:
            raise WebhookDisabled(f"webhook {webhook_id} is disabled", fix="enable it first", webhook_id=webhook_id)
        tries = delivery.tries_left if delivery.state is DeliveryState.WAITING else 1
        webhook_deliveries.move(session, delivery, DeliveryState.WAITING, tries_left=tries, next_try=desk.now())
        after = webhook_deliveries.load(session, webhook_id, delivery_id)
        told = Told(after, webhook_deliveries.attempts_of(session, [delivery_id])[delivery_id], False)
        keep_answer(desk, session, once, told)
        return told
