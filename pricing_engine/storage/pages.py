"""Pages of a list, newest first, with a cursor that stays right while rows are added."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import zip_longest
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Integer, Row, Select, literal, tuple_

from pricing_engine.errors import DomainError
from pricing_engine.storage.column_types import UtcInstant
from pricing_engine.storage.session import Session

Item = TypeVar("Item")

_KEY = re.compile(r"[\w-]+(?:\.[\w-]+)*", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,9}")
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


def encode_cursor(listing: Listing, created_at: datetime, key: str) -> str:
    """A place in a list, as text whose inside is nobody's business. `key`: what a row is known by, with "." between."""
    microseconds = (created_at - _EPOCH) // _MICROSECOND
    return base64.urlsafe_b64encode(f"{listing.mark}.{microseconds}.{key}".encode()).decode().rstrip("=")


def decode_cursor(listing: Listing, cursor: str) -> tuple[datetime, str]:
    """The place `encode_cursor` was given for the same list.

    Raises: CursorUnreadable.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode("ascii")
        microseconds, _, key = text.removeprefix(f"{listing.mark}.").partition(".")
        created_at = _EPOCH + int(microseconds) * _MICROSECOND
    except (binascii.Error, UnicodeError, ValueError, OverflowError):
        created_at, key = _EPOCH, ""
    if not _KEY.fullmatch(key) or encode_cursor(listing, created_at, key) != cursor:
        raise _unreadable()
    return created_at, key


def fetch_page(
    session: Session,
    query: Select[Any],
    *,
    of: Listing,
    made: Column[datetime],
    keys: Sequence[Column[Any]],
    cursor: str | None,
    limit: int,
    read: Callable[[Row[Any]], Item],
) -> Page[Item]:
    """Up to `limit` rows of a query that selects the columns `made` and `keys`, newest first, each read to an item.

    The keys tell apart what was made at one instant; they are text without a "." or whole numbers.
    Raises: CursorUnreadable; ValueError for a limit that is no number of rows.
    """
    if limit < 1:
        raise ValueError(f"a page of {limit} rows has no end")
    if cursor is not None:
        created_at, key = decode_cursor(of, cursor)
        query = query.where(tuple_(made, *keys) < tuple_(literal(created_at, UtcInstant()), *_values(keys, key)))
    newest_first = query.order_by(made.desc(), *[key.desc() for key in keys])
    # One more than asked for tells whether there is a next page.
    rows = session.connection.execute(newest_first.limit(limit + 1)).all()
    items = tuple(read(row) for row in rows[:limit])
    if len(rows) <= limit:
        return Page(items, None)
    last = rows[limit - 1]._mapping
    return Page(items, encode_cursor(of, last[made], ".".join([str(last[key]) for key in keys])))


def _values(keys: Sequence[Column[Any]], text: str) -> list[str | int]:
    """The keys of the row that a cursor names, each as its column has it."""
    values: list[str | int] = []
    parts = text.split(".")
    for column, part in zip_longest(keys, parts):
        is_whole = column is not None and isinstance(column.type, Integer)
        if column is None or part is None or (is_whole and not _WHOLE.fullmatch(part)):
            raise _unreadable()
        values.append(int(part) if is_whole else part)
    return values


def _unreadable() -> CursorUnreadable:
    return CursorUnreadable(
        "the cursor is not one that a page of this list with these filters gave",
        fix="send next_cursor as it came, with the same filters, or none for the first page",
        pointer="/cursor",
    )
