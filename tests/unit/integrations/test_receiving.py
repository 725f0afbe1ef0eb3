"""The lines that the how-to gives to receivers take what we send."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError

from pricing_engine.integrations.cloud_events import event_bytes
from pricing_engine.integrations.webhooks.signing import new_secret, signed_headers
from pricing_engine.storage.journal import Entry

HOW_TO = (Path(__file__).parents[3] / "docs" / "how-to" / "receive-webhooks.md").read_text(encoding="utf-8")


def test_the_lines_of_the_how_to_verify_what_we_sign_and_nothing_else() -> None:
    [lines] = re.findall(r"```python\n(.*?)```", HOW_TO, flags=re.DOTALL)
    secret, now = new_secret(), datetime.now(UTC)
    entry = Entry(7, "evt_1", "quote.presented", "quo_1", now, "rob", "rep", {"quote_id": "quo_1"}, "", "")
    body = event_bytes(entry)
    names: dict[str, Any] = {}
    exec(lines.replace("whsec_…", secret), names)
    headers = signed_headers([new_secret(), secret], message_id=entry.id, at=now, body=body)
    assert names["receive"](body, headers) == "quo_1"
    with pytest.raises(WebhookVerificationError):
        names["receive"](body.replace(b"quo_1", b"quo_2"), headers)
