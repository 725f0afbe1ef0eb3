"""Webhooks and their deliveries as the JSON a caller gets; wire_webhook_answers.py has the shape."""

from __future__ import annotations

from typing import Any

from pricing_engine.usecases.records import Endpoint
from pricing_engine.usecases.webhook_deliveries import Told


def webhook_json(endpoint: Endpoint) -> dict[str, Any]:
    """The webhook, without its secrets."""
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": endpoint.events,
        "description": endpoint.description,
        "enabled": endpoint.enabled,
        "disabled_because": endpoint.disabled_because,
        "old_secret_until": endpoint.old_secret_until,
        "secret_state": endpoint.secret_state.value,
        "created_at": endpoint.created_at,
        "created_by": endpoint.created_by,
    }


def secret_json(endpoint: Endpoint) -> dict[str, Any]:
    """The webhook with its secret: for the answers that made it, and no other."""
    return webhook_json(endpoint) | {"secret": endpoint.secret.open()}


def delivery_json(told: Told) -> dict[str, Any]:
    """The delivery with its tries."""
    delivery = told.delivery
    return {
        "id": delivery.id,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "event_sequence": str(delivery.event_number),
        "state": delivery.state.value,
        "next_try": None if told.is_held else delivery.next_try,
        "created_at": delivery.created_at,
        "attempts": [
            {"at": each.at, "milliseconds": each.milliseconds, "status": each.status, "outcome": each.outcome}
            for each in told.attempts
        ],
    }
