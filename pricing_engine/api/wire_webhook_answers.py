"""The shapes of webhooks and their deliveries, for the OpenAPI document; a test compares."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, NextCursor


class WebhookOut(Answer):
    """Where events are posted to."""

    id: str
    url: str
    events: tuple[str, ...]
    description: str
    enabled: bool
    disabled_because: Annotated[
        Literal["asked", "gone"] | None, Field(description="`gone`: the receiver answered 410.")
    ]
    old_secret_until: Annotated[datetime | None, Field(description="Until when the secret before signs too.")]
    secret_state: Annotated[
        Literal["sealed", "under_older_key", "open", "cannot_be_opened"],
        Field(description="How its secrets are kept; while one cannot be opened, nothing is posted and all waits."),
    ]
    created_at: datetime
    created_by: str


class WebhookSecretOut(WebhookOut):
    """A webhook with its secret, which is shown this once."""

    secret: Annotated[str, Field(pattern=r"^whsec_[A-Za-z0-9+/]+=*$")]


class WebhooksOut(Answer):
    """A page of webhooks, newest first."""

    items: tuple[WebhookOut, ...]
    next_cursor: NextCursor


class AttemptOut(Answer):
    """One try to deliver."""

    at: datetime
    milliseconds: int
    status: Annotated[int | None, Field(description="What the receiver answered; null: nothing.")]
    outcome: str


class DeliveryOut(Answer):
    """An event that a webhook is told, and every try."""

    id: str
    event_id: Annotated[str, Field(description="The event's id, which is sent as webhook-id at each try.")]
    event_type: str
    event_sequence: str
    state: Literal["waiting", "delivered", "dead"]
    next_try: Annotated[datetime | None, Field(description="Null when there is none, or the webhook is disabled.")]
    created_at: datetime
    attempts: tuple[AttemptOut, ...]


class DeliveriesOut(Answer):
    """A page of deliveries, newest first."""

    items: tuple[DeliveryOut, ...]
    next_cursor: NextCursor
