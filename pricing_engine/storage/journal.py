"""The journal: what happened, by whom, in one chain per tenant; auditors verify it, other systems read it as events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import orjson
from sqlalchemy import Row, RowMapping, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pricing_engine.storage import tables
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.session import Session

START: Final = "0" * 64
"""What the first entry follows."""

_ENTRY = tables.journal.c
_HEAD = tables.journal_head.c
_OF_TENANT = select(_HEAD.number, _HEAD.hash).where(_HEAD.tenant_id == bindparam("tenant"))
_HELD = HotStatement(_OF_TENANT.with_for_update())
_INSERT = HotStatement(insert(tables.journal))
_MOVE_HEAD = HotStatement(
    update(tables.journal_head)
    .where(_HEAD.tenant_id == bindparam("tenant"))
    .values(number=bindparam("new_number"), hash=bindparam("new_hash"))
)
_AFTER = (
    select(tables.journal)
    .where(_ENTRY.tenant_id == bindparam("tenant"), _ENTRY.number > bindparam("after"))
    .order_by(_ENTRY.number)
    .limit(bindparam("limit"))
)
_BEFORE_FIRST = select(func.count()).where(_ENTRY.tenant_id == bindparam("tenant"), _ENTRY.number < 1)
_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `subject` is the id of what it happened to; `data` its facts, as JSON knows them."""

    number: int
    id: str
    type: str
    subject: str
    at: datetime
    by: str
    role: str
    data: Mapping[str, Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to be entered."""

    id: str
    type: str
    subject: str
    at: datetime
    by: str
    role: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that is not as it was written, or does not follow the one before."""

    number: int
    what: str


def enter(session: Session, happening: Happening) -> Entry:
    """The entry as it stands at the end of the chain. Call it last: others wait from here on until the commit."""
    number, previous = _held_head(session)
    data = orjson.dumps(happening.data, option=orjson.OPT_SORT_KEYS).decode()
    row = {
        "tenant_id": session.tenant,
        "number": number + 1,
        "id": happening.id,
        "type": happening.type,
        "subject": happening.subject,
        "at": happening.at,
        "by": happening.by,
        "role": happening.role,
        "data": data,
        "previous_hash": previous,
    }
    row["hash"] = _hash_of(row)
    _INSERT.run(session, row)
    _MOVE_HEAD.run(session, {"tenant": session.tenant, "new_number": row["number"], "new_hash": row["hash"]})
    return _read(row)


def _held_head(session: Session) -> tuple[int, str]:
    """Where the chain ends; held, so that no other entry comes between."""
    found = _HELD.row(session, {"tenant": session.tenant})
    if found is None:
        dialect = sqlite if session.connection.dialect.name == "sqlite" else postgresql
        first = dialect.insert(tables.journal_head).values(tenant_id=session.tenant, number=0, hash=START)
        session.connection.execute(first.on_conflict_do_nothing())
        (found,) = _HELD.rows(session, {"tenant": session.tenant})
    number, hash = found
    return number, hash


def _hash_of(row: Mapping[str, Any] | RowMapping) -> str:
    """What binds an entry to all before it."""
    said = [
        *(row["tenant_id"], row["number"], row["id"], row["type"], row["subject"]),
        *(row["at"].astimezone(UTC).isoformat(), row["by"], row["role"], row["data"], row["previous_hash"]),
    ]
    return sha256(orjson.dumps(said)).hexdigest()


def after(session: Session, number: int, *, limit: int) -> list[Entry]:
    """Up to `limit` entries after the one of a number, oldest first; none is ever entered before one that was read."""
    which = {"tenant": session.tenant, "after": number, "limit": limit}
    return [_read(row._mapping) for row in session.connection.execute(_AFTER, which)]


def newest(session: Session) -> int:
    """The number of the last entry; 0 when there is none."""
    head = session.connection.execute(_OF_TENANT, {"tenant": session.tenant}).one_or_none()
    return 0 if head is None else int(head.number)


def first_of(session: Session, types: Sequence[str], *, after: int, up_to: int) -> Entry | None:
    """The first entry between two numbers whose type begins with one of `types`; without any, of every type."""
    query = select(tables.journal).where(
        _ENTRY.tenant_id == session.tenant, _ENTRY.number > after, _ENTRY.number <= up_to
    )
    if types:
        query = query.where(or_(*[_ENTRY.type.startswith(begin, autoescape=True) for begin in types]))
    row = session.connection.execute(query.order_by(_ENTRY.number).limit(1)).one_or_none()
    return None if row is None else _read(row._mapping)


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries are as they were written, the hash of the last of them, and the first that is not."""

    entries: int
    hash: str
    broken: Broken | None


def verify(session: Session) -> Verified:
    """Whether the chain is whole up to where it ended when this was asked; what is entered meanwhile is left out.

    Whoever may write to the database can also take the last entries away with the head: keep the hash elsewhere.
    """
    head = session.connection.execute(_OF_TENANT, {"tenant": session.tenant}).one_or_none()
    ends, head_hash = (0, START) if head is None else (head.number, head.hash)
    number, previous = 0, START
    if session.connection.scalar(_BEFORE_FIRST, {"tenant": session.tenant}):
        return Verified(0, START, Broken(0, "there is an entry before the first"))
    try:
        for row in _rows(session, ends):
            what = _fault(row, number + 1, previous)
            if what is not None:
                return Verified(number, previous, Broken(number + 1, what))
            number, previous = row.number, row.hash
    except _Unreadable as unreadable:
        return Verified(number, previous, Broken(unreadable.number, f"entry {unreadable.number} cannot be read"))
    if (number, previous) != (ends, head_hash):
        return Verified(number, previous, Broken(number + 1, f"the chain was {ends} entries long and has {number}"))
    return Verified(number, previous, None)


def _fault(row: Row[Any], number: int, previous: str) -> str | None:
    """What is wrong with the entry that should have this number and follow this hash."""
    if row.number != number:
        return f"entry {number} is missing"
    if row.previous_hash != previous:
        return f"entry {number} does not follow the one before it"
    if _hash_of(row._mapping) != row.hash:
        return f"entry {number} is not as it was written"
    return None


class _Unreadable(Exception):
    """A row holds what its columns cannot."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _rows(session: Session, last: int) -> Iterator[Row[Any]]:
    read = 0
    while read < last:
        rows = _batch(session, read)
        if not rows:
            return
        for row in rows:
            if row.number > last:
                return
            yield row
        read = rows[-1].number


def _batch(session: Session, after: int) -> Sequence[Row[Any]]:
    """Some rows; one where a row among them cannot be read, so that it can be named.

    Raises: _Unreadable.
    """
    for limit in (_BATCH, 1):
        try:
            return session.connection.execute(_AFTER, {"tenant": session.tenant, "after": after, "limit": limit}).all()
        except (ValueError, TypeError):
            continue
    raise _Unreadable(after + 1)


def _read(row: Mapping[str, Any] | RowMapping) -> Entry:
    return Entry(
        number=row["number"],
        id=row["id"],
        type=row["type"],
        subject=row["subject"],
        at=row["at"],
        by=row["by"],
        role=row["role"],
        data=orjson.loads(row["data"]),
        previous_hash=row["previous_hash"],
        hash=row["hash"],
    )
