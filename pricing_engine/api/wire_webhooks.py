"""What is sent about webhooks: where to post to and what about, a new secret, and a request with nothing in it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_text import EventBeginning, Reason, WebAddress

MAX_BEGINNINGS = 20

Events = Annotated[
    list[EventBeginning],
    Field(
        max_length=MAX_BEGINNINGS,
        description="What types of events begin with, such as `pricing-engine.quote.`; empty for all events.",
    ),
]


class WebhookIn(WireModel):
    """Where events are to be posted to, and which."""

    url: Annotated[WebAddress, Field(description="https on port 443, and on the public internet, in production.")]
    events: Events = Field(default_factory=list)
    description: Reason = ""


class WebhookChangeIn(WireModel):
    """What is to be otherwise; what is left out or null stays as it is."""

    url: WebAddress | None = None
    events: Events | None = None
    description: Reason | None = None
    enabled: Annotated[
        bool | None, Field(description="When it is enabled again, it is told all that has happened since.")
    ] = None


class RotationIn(WireModel):
    """A new secret."""

    keep_old: Annotated[
        bool, Field(description="Whether the old one signs too for 24 hours; false when others may know it.")
    ] = True


class NothingIn(WireModel):
    """Nothing is said beyond the path."""


def changed_columns(wanted: WebhookChangeIn) -> dict[str, Any]:
    """The fields to replace."""
    return wanted.model_dump(exclude_none=True)
