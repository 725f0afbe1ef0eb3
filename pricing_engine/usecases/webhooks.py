"""Webhooks: make one, read, change, give it a new secret, remove it. What is done is entered in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.integrations.webhooks.destinations import host_of
from pricing_engine.integrations.webhooks.signing import new_secret
from pricing_engine.storage import journal, webhook_deliveries, webhook_endpoints
from pricing_engine.storage.pages import Page
from pricing_engine.storage.sealing import KeptSecret
from pricing_engine.storage.session import Session
from pricing_engine.storage.webhook_endpoints import Endpoint
from pricing_engine.usecases.once import Once, keep_answer
from pricing_engine.usecases.quote_life import Actor

MAX_WEBHOOKS: Final = 100
OLD_SECRET_COUNTS: Final = timedelta(hours=24)


class TooManyWebhooks(DomainError):
    """There are as many webhooks as there may be."""

    code = "too-many-webhooks"


def make_webhook(
    desk: Desk,
    *,
    url: str,
    events: Sequence[str],
    description: str,
    actor: Actor,
    once: Once[Endpoint] | None = None,
) -> Endpoint:
    """The new endpoint with its secret. It is told what comes after it; what was before is at `/v1/events`.

    Raises: TooManyWebhooks; SealingKeyMissing.
    """
    with desk.transaction() as session:
        if webhook_endpoints.count(session) >= MAX_WEBHOOKS:
            raise TooManyWebhooks(
                f"there are {MAX_WEBHOOKS} webhooks already", fix="remove one that is not needed", limit=MAX_WEBHOOKS
            )
        now, webhook_id = desk.now(), desk.new_id("whk")
        endpoint = Endpoint(
            id=webhook_id,
            url=url,
            events=tuple(events),
            description=description,
            enabled=True,
            disabled_because=None,
            secret=webhook_endpoints.sealed(session, webhook_id, "secret", new_secret()),
            old_secret=None,
            old_secret_until=None,
            cursor=0,
            created_at=now,
            created_by=actor.user,
        )
        endpoint = replace(endpoint, cursor=enter(desk, session, "webhook.created", endpoint, actor))
        webhook_endpoints.add(session, endpoint)
        keep_answer(desk, session, once, endpoint)
        return endpoint


def list_webhooks(desk: Desk, *, cursor: str | None, limit: int) -> Page[Endpoint]:
    """Up to `limit` endpoints, newest first.

    Raises: CursorUnreadable.
    """
    with desk.reading() as session:
        return webhook_endpoints.page(session, cursor=cursor, limit=limit)


def read_webhook(desk: Desk, *, webhook_id: str) -> Endpoint:
    """The endpoint.

    Raises: WebhookNotFound.
    """
    with desk.reading() as session:
        return webhook_endpoints.load(session, webhook_id)


def change_webhook(desk: Desk, *, webhook_id: str, changed: dict[str, Any], actor: Actor) -> Endpoint:
    """The endpoint with other values of `url`, `events`, `description` or `enabled`.

    At another URL, or enabled again, it is told at once what waits, and then all that has happened since. Secrets that
    stand open are sealed meanwhile, if there is a key.
    Raises: WebhookNotFound.
    """
    columns = dict(changed)
    if "enabled" in columns:
        columns["disabled_because"] = None if columns["enabled"] else "asked"
    with desk.transaction() as session:
        before = webhook_endpoints.load(session, webhook_id, held=True)
        after = webhook_endpoints.change(session, webhook_id, **columns, **sealed_anew(before))
        if after == before:
            return after
        if after.enabled and (after.url != before.url or not before.enabled):
            webhook_deliveries.hasten(session, webhook_id, now=desk.now())
        enter(desk, session, "webhook.changed", after, actor)
        return after


def rotate_secret(
    desk: Desk, *, webhook_id: str, keep_old: bool, actor: Actor, once: Once[Endpoint] | None = None
) -> Endpoint:
    """The endpoint with a new secret; with `keep_old` the one before signs too, for a day.

    Raises: WebhookNotFound; SealingKeyMissing; with `keep_old` SecretNotOpened.
    """
    with desk.transaction() as session:
        before = webhook_endpoints.load(session, webhook_id, held=True)
        sealed = partial(webhook_endpoints.sealed, session, webhook_id)
        after = webhook_endpoints.change(
            session,
            webhook_id,
            secret=sealed("secret", new_secret()),
            old_secret=sealed("old_secret", before.secret.open()) if keep_old else None,
            old_secret_until=desk.now() + OLD_SECRET_COUNTS if keep_old else None,
        )
        enter(desk, session, "webhook.rotated", after, actor)
        keep_answer(desk, session, once, after)
        return after


def remove_webhook(desk: Desk, *, webhook_id: str, actor: Actor) -> None:
    """Removes the endpoint, its secrets and its deliveries; that there was one stays in the audit log.

    Raises: WebhookNotFound.
    """
    with desk.transaction() as session:
        endpoint = webhook_endpoints.load(session, webhook_id, held=True)
        webhook_deliveries.forget(session, webhook_id)
        webhook_endpoints.remove(session, webhook_id)
        enter(desk, session, "webhook.removed", endpoint, actor)


def sealed_anew(endpoint: Endpoint) -> dict[str, KeptSecret]:
    """By column, the secrets of an endpoint that are to be sealed under the newest key and can be."""
    found = {column: kept.anew() for column, kept in endpoint.kept_secrets()}
    return {column: anew for column, anew in found.items() if anew is not None}


def enter(desk: Desk, session: Session, what: str, endpoint: Endpoint, actor: Actor) -> int:
    """The number of the entry in the audit log, an event too: it holds no secret, and of the URL its host alone."""
    data = {
        "webhook_id": endpoint.id,
        "host": host_of(endpoint.url),
        "events": list(endpoint.events),
        "enabled": endpoint.enabled,
        "disabled_because": endpoint.disabled_because,
    }
    return journal.enter(session, journal.Happening(desk.new_id("evt"), what, endpoint.id, desk.now(), *actor, data))
