"""What the tables say was done with each quote, beside what the journal says: as stored, by whichever hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, cast, func, select

from pricing_engine.storage import journal, quote_bookings, tables
from pricing_engine.storage.driver_errors import is_unreadable
from pricing_engine.storage.journal import Entry
from pricing_engine.storage.quote_bookings import RowOfBooking, RowOfPresented
from pricing_engine.storage.quotes import hash_of
from pricing_engine.storage.session import Session

_QUOTE = tables.quote.c
_STEP = tables.quote_step.c
_ENTRY = tables.journal.c
_AT_ONCE: Final = 200
"""How many quotes are read together: what a history holds is little, and a query for each would take long."""

ABOUT_QUOTES: Final = "quote."
"""What the types of entries about quotes begin with."""


@dataclass(frozen=True, slots=True)
class RowOfQuote:
    """What a quote's own row says of where it is; `hash_of_stored` is that of what is stored of its content."""

    hash_of_stored: str
    state: str
    revision: int
    content_hash: str
    valid_until: str | None


@dataclass(frozen=True, slots=True)
class RowOfStep:
    """A step in the words of its row, which other hands may have changed to any."""

    number: int
    action: str
    from_state: str
    to_state: str
    at: datetime
    by: str
    role: str
    level: str | None
    comment: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class QuoteHistory:
    """A quote, or what is said of one that is not there (`row` is None); steps and entries are oldest first.

    `steps` and `booked`, the contracts' versions it made, are None where one of them cannot be read. `presented` is
    what it was to book, where that is kept.
    """

    quote_id: str
    row: RowOfQuote | None
    steps: tuple[RowOfStep, ...] | None
    entries: tuple[Entry, ...]
    booked: tuple[RowOfBooking, ...] | None
    presented: RowOfPresented | None


def count(session: Session) -> int:
    """How many quotes there are."""
    query = select(func.count()).select_from(tables.quote).where(_QUOTE.tenant_id == session.tenant)
    return session.connection.scalar(query) or 0


def every(session: Session) -> Iterator[QuoteHistory]:
    """The history of every quote, and of every id that steps or entries take for one; some are held at a time.

    Read it in one moment with the journal's chain, which must be whole: entries that cannot be read are left out.
    """
    after: str | None = None
    while True:
        quotes = _quotes(session, after)
        # What is said of quotes that are not there lies between those that are, or after the last.
        last = list(quotes)[-1] if len(quotes) == _AT_ONCE else None
        yield from _histories(session, quotes, after, last)
        if last is None:
            return
        after = last


def _quotes(session: Session, after: str | None) -> dict[str, RowOfQuote]:
    """The next quotes by their ids; what is stored of one is hashed as it is read, since that of many is much."""
    stored = [quote_bookings.bytes_of(session, column) for column in (_QUOTE.request, _QUOTE.priced)]
    query = (
        select(_QUOTE.id, _QUOTE.state, _QUOTE.revision, _QUOTE.content_hash, _as_text(session), *stored)
        .where(_QUOTE.tenant_id == session.tenant, *_range(_QUOTE.id, after, None))
        .order_by(_QUOTE.id)
        .limit(_AT_ONCE)
    )
    with session.connection.execute(query, execution_options=quote_bookings.STREAMED) as rows:
        return {id: RowOfQuote(hash_of(request, priced), *said) for id, *said, request, priced in rows}


def _as_text(session: Session) -> ColumnElement[str | None]:
    """The last day as it is stored, which another hand may have made no day at all."""
    if session.connection.dialect.name == "sqlite":
        return cast(_QUOTE.valid_until, Text)
    return func.to_char(_QUOTE.valid_until, "YYYY-MM-DD")


def _range(column: ColumnElement[str], after: str | None, last: str | None) -> list[ColumnElement[bool]]:
    """After one id up to another; the database compares, whose order of texts is its own."""
    return [*([] if after is None else [column > after]), *([] if last is None else [column <= last])]


def _histories(
    session: Session, quotes: Mapping[str, RowOfQuote], after: str | None, last: str | None
) -> Iterator[QuoteHistory]:
    steps = _steps(session, _range(_STEP.quote_id, after, last))
    entries = _entries(session, _range(_ENTRY.subject, after, last))
    booked = quote_bookings.of_quotes(session, _range(quote_bookings.QUOTE_ID, after, last))
    presented = quote_bookings.presented(session, _range(quote_bookings.PRESENTED_ID, after, last))
    for id in dict.fromkeys([*quotes, *steps, *entries]):
        said = quotes.get(id), steps.get(id, ()), entries.get(id, ())
        yield QuoteHistory(id, *said, booked.get(id, ()), presented.get(id))


def _steps(session: Session, which: Sequence[ColumnElement[bool]]) -> Mapping[str, tuple[RowOfStep, ...] | None]:
    query = select(*list(_STEP)[1:]).where(_STEP.tenant_id == session.tenant).order_by(_STEP.quote_id, _STEP.number)
    try:
        return _read_steps(session, query.where(*which))
    except Exception as error:
        if not is_unreadable(error):
            raise
    those = select(_STEP.quote_id).distinct().where(_STEP.tenant_id == session.tenant, *which)
    return {id: _steps_if_readable(session, query, id) for id in session.connection.scalars(those).all()}


def _steps_if_readable(session: Session, query: Select[Any], quote_id: str) -> tuple[RowOfStep, ...] | None:
    try:
        return _read_steps(session, query.where(_STEP.quote_id == quote_id)).get(quote_id, ())
    except Exception as error:
        if not is_unreadable(error):
            raise
        return None


def _read_steps(session: Session, query: Select[Any]) -> dict[str, tuple[RowOfStep, ...]]:
    found: dict[str, list[RowOfStep]] = {}
    for quote_id, *rest in session.connection.execute(query).all():
        found.setdefault(quote_id, []).append(RowOfStep(*rest))
    return {id: tuple(steps) for id, steps in found.items()}


def _entries(session: Session, which: Sequence[ColumnElement[bool]]) -> Mapping[str, tuple[Entry, ...]]:
    query = (
        select(tables.journal)
        .where(_ENTRY.tenant_id == session.tenant, _ENTRY.type.startswith(ABOUT_QUOTES), *which)
        .order_by(_ENTRY.subject, _ENTRY.number)
    )
    found: dict[str, list[Entry]] = {}
    for row in session.connection.execute(query):
        entry = journal.as_entry(row)
        if isinstance(entry, Entry):
            found.setdefault(entry.subject, []).append(entry)
    return {id: tuple(entries) for id, entries in found.items()}
