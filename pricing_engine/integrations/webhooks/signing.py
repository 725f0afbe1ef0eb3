"""Secrets of webhooks, and the headers that prove who sent a message and that it was not changed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Final

from standardwebhooks import Webhook

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 -- how secrets begin, and none itself
SECRET_BYTES: Final = 32


def new_secret() -> str:
    """A secret that nobody has seen: `whsec_` and 256 random bits in base64."""
    return SECRET_PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode("ascii")


def signed_headers(secrets: Iterable[str], *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a message; with several secrets one signature of each, so that either of them verifies.

    Source: Standard Webhooks, "Webhook metadata".
    """
    instant, text = at.astimezone(UTC), body.decode("utf-8")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(instant.timestamp())),
        "webhook-signature": " ".join([Webhook(secret).sign(message_id, instant, text) for secret in secrets]),
    }
