"""An entry of the journal as other systems read it: a CloudEvent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson

from pricing_engine.storage.journal import DamagedEntry, Entry

SOURCE: Final = "/pricing-engine"
PREFIX: Final = "pricing-engine."
MEDIA_TYPE: Final = "application/cloudevents+json"

_TOLD: Final = frozenset({"quote.declined"})
"""What is told with its comment; others are words among those who see costs."""


def event_type(entry: Entry | DamagedEntry) -> str:
    """The type of the event that an entry is."""
    return f"{PREFIX}{entry.type}"


def entry_types(event_types: Sequence[str]) -> tuple[str, ...]:
    """What the types of entries begin with, for beginnings of types of events."""
    return tuple(event_type.removeprefix(PREFIX) for event_type in event_types)


def cloud_event(entry: Entry) -> dict[str, Any]:
    """The entry in its envelope, ready for JSON. Who did it is for the audit log alone.

    Source: CloudEvents 1.0.
    """
    return {
        "specversion": "1.0",
        "id": entry.id,
        "source": SOURCE,
        "type": event_type(entry),
        "subject": entry.subject,
        "time": entry.at,
        "datacontenttype": "application/json",
        "sequence": str(entry.number),
        "data": {name: value for name, value in entry.data.items() if name != "comment" or entry.type in _TOLD},
    }


def event_bytes(entry: Entry) -> bytes:
    """The envelope as it is posted and signed: the same bytes for the same entry every time."""
    return orjson.dumps(cloud_event(entry), option=orjson.OPT_UTC_Z)
