"""Pages of a list, newest first, with a cursor that stays right while rows are added."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Row, Select, literal, tuple_

from pricing_engine.errors import DomainError
from pricing_engine.storage.column_types import UtcInstant
from pricing_engine.storage.session import Session

Item = TypeVar("Item")

_ID = re.compile(r"[\w-]+", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class CursorUnreadable(DomainError):
    """The cursor is not one that a page of this list with these filters gave."""

    code = "cursor-unreadable"


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of a list, and the cursor of the next page (None: these were the last)."""

    items: tuple[Item, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Which list is paged through, and what it is restricted to; None does not restrict."""

    name: str
    filters: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Text that tells this list from others, and from itself under other filters."""
        # A hash, since a filter may be longer than a cursor; it is no secret, so a short one does.
        filters = json.dumps(dict(self.filters), sort_keys=True).encode()
        return f"{self.name}.{sha256(filters).hexdigest()[:16]}"


def encode_cursor(listing: Listing, created_at: datetime, id: str) -> str:
    """A place in a list, as text whose inside is nobody's business."""
    microseconds = (created_at - _EPOCH) // _MICROSECOND
    return base64.urlsafe_b64encode(f"{listing.mark}.{microseconds}.{id}".encode()).decode().rstrip("=")


def decode_cursor(listing: Listing, cursor: str) -> tuple[datetime, str]:
    """The place `encode_cursor` was given for the same list.

    Raises: CursorUnreadable.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode("ascii")
        microseconds, _, id_ = text.removeprefix(f"{listing.mark}.").partition(".")
        created_at = _EPOCH + int(microseconds) * _MICROSECOND
    except (binascii.Error, UnicodeError, ValueError, OverflowError):
        created_at, id_ = _EPOCH, ""
    if not _ID.fullmatch(id_) or encode_cursor(listing, created_at, id_) != cursor:
        raise CursorUnreadable(
            "the cursor is not one that a page of this list with these filters gave",
            fix="send next_cursor as it came, with the same filters, or none for the first page",
        )
    return created_at, id_


def fetch_page(
    session: Session,
    query: Select[Any],
    *,
    of: Listing,
    made: Column[datetime],
    key: Column[str],
    cursor: str | None,
    limit: int,
    read: Callable[[Row[Any]], Item],
) -> Page[Item]:
    """Up to `limit` rows of a query that selects the columns `made` and `key`, newest first, each read to an item.

    Raises: CursorUnreadable; ValueError for a limit that is no number of rows.
    """
    if limit < 1:
        raise ValueError(f"a page of {limit} rows has no end")
    if cursor is not None:
        created_at, id_ = decode_cursor(of, cursor)
        query = query.where(tuple_(made, key) < tuple_(literal(created_at, UtcInstant()), id_))
    newest_first = query.order_by(made.desc(), key.desc())
    # One more than asked for tells whether there is a next page.
    rows = session.connection.execute(newest_first.limit(limit + 1)).all()
    items = tuple(read(row) for row in rows[:limit])
    if len(rows) <= limit:
        return Page(items, None)
    last = rows[limit - 1]._mapping
    return Page(items, encode_cursor(of, last[made], last[key]))
