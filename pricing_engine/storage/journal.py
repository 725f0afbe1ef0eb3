"""The journal: what happened, by whom, in one chain per tenant; auditors verify it, other systems read it as events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Row, RowMapping, bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pricing_engine.errors import DomainError
from pricing_engine.storage import tables
from pricing_engine.storage.driver_errors import is_unreadable
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
_NUMBERS_AFTER = _AFTER.with_only_columns(_ENTRY.number)


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
class DamagedEntry:
    """An entry that cannot be read any more, as somebody has changed the database; id and type as far as they can."""

    number: int
    id: str = "unknown"
    type: str = "unknown"


class JournalDamaged(DomainError):
    """What is stored of an entry cannot be read."""

    code = "journal-damaged"


def enter(session: Session, happening: Happening) -> int:
    """The number of the entry at the end of the chain. Call it last: others wait from here on until the commit."""
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
    row["hash"] = hash_of(row)
    _INSERT.run(session, row)
    _MOVE_HEAD.run(session, {"tenant": session.tenant, "new_number": row["number"], "new_hash": row["hash"]})
    return number + 1


def hold(session: Session) -> None:
    """Has whoever enters something wait for this transaction to end, so that what it goes by stays as it is."""
    _held_head(session)


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


def hash_of(row: Mapping[str, Any] | RowMapping) -> str:
    """What binds an entry to all before it."""
    said = [
        *(row["tenant_id"], row["number"], row["id"], row["type"], row["subject"]),
        *(row["at"].astimezone(UTC).isoformat(), row["by"], row["role"], row["data"], row["previous_hash"]),
    ]
    return sha256(orjson.dumps(said)).hexdigest()


def after(session: Session, number: int, *, limit: int) -> list[Entry]:
    """Up to `limit` entries after the one of a number, oldest first; none is ever entered before one that was read.

    Raises: JournalDamaged where one of them cannot be read.
    """
    found = []
    for row in rows_after(session, number, limit=limit):
        entry = as_entry(row)
        if isinstance(entry, DamagedEntry):
            raise JournalDamaged(
                f"entry {entry.number} of the journal cannot be read: somebody has changed the database",
                fix=f"run `pricing-engine audit verify`; what came after it is read with after={entry.number}",
                number=entry.number,
            )
        found.append(entry)
    return found


def rows_after(session: Session, number: int, *, limit: int) -> Sequence[Row[Any] | DamagedEntry]:
    """What is stored after a number; a row with what its columns cannot hold stands as damaged among the others."""
    which = {"tenant": session.tenant, "after": number, "limit": limit}
    try:
        return session.connection.execute(_AFTER, which).all()
    except Exception as error:
        if not is_unreadable(error):
            raise
    numbers = session.connection.scalars(_NUMBERS_AFTER, which).all()
    found = [_first_row(session, _ENTRY.number == each) for each in numbers]
    return [row for row in found if row is not None]


def _first_row(session: Session, *which: ColumnElement[bool]) -> Row[Any] | DamagedEntry | None:
    query = select(tables.journal).where(_ENTRY.tenant_id == session.tenant, *which).order_by(_ENTRY.number).limit(1)
    try:
        return session.connection.execute(query).one_or_none()
    except Exception as error:
        if not is_unreadable(error):
            raise
    return DamagedEntry(session.connection.scalars(query.with_only_columns(_ENTRY.number)).one())


def newest(session: Session) -> int:
    """The number of the last entry; 0 when there is none."""
    return end_of(session)[0]


def end_of(session: Session) -> tuple[int, str]:
    """The number of the last entry, and its hash."""
    head = session.connection.execute(_OF_TENANT, {"tenant": session.tenant}).one_or_none()
    return (0, START) if head is None else (head.number, head.hash)


def has(session: Session, number: int, hash: str) -> bool:
    """Whether the journal goes on from an entry; not where the database was put back to an earlier state meanwhile."""
    if number == 0:
        return hash == START
    query = select(_ENTRY.hash).where(_ENTRY.tenant_id == session.tenant, _ENTRY.number == number)
    return session.connection.scalar(query) == hash


def first_of(session: Session, types: Sequence[str], *, after: int, up_to: int) -> Entry | DamagedEntry | None:
    """The first entry between two numbers whose type begins with one of `types`; without any, of every type."""
    which = [_ENTRY.number > after, _ENTRY.number <= up_to]
    if types:
        which.append(or_(*[_ENTRY.type.startswith(begin, autoescape=True) for begin in types]))
    row = _first_row(session, *which)
    return None if row is None else as_entry(row)


def accounts_named(session: Session, types: Sequence[str], *, after: int, up_to: int) -> set[str]:
    """The accounts that the data of entries of some types between two numbers name."""
    which = _ENTRY.tenant_id == session.tenant, _ENTRY.number > after, _ENTRY.number <= up_to, _ENTRY.type.in_(types)
    found = [orjson.loads(data) for data in session.connection.scalars(select(_ENTRY.data).where(*which))]
    one, several = "account_id", "account_ids"
    return {id_ for data in found for id_ in (data[several] if several in data else [data[one]])}


def numbered(session: Session, number: int) -> Entry | DamagedEntry:
    """The entry of a number; one that is gone is damaged too."""
    row = _first_row(session, _ENTRY.number == number)
    return DamagedEntry(number) if row is None else as_entry(row)


def as_entry(row: Row[Any] | DamagedEntry) -> Entry | DamagedEntry:
    """The entry that is stored in a row, if its facts are what JSON calls an object."""
    if isinstance(row, DamagedEntry):
        return row
    try:
        data = orjson.loads(row.data)
    except ValueError:
        data = None
    return _entry(row._mapping, data) if isinstance(data, dict) else DamagedEntry(row.number, row.id, row.type)


def _entry(row: Mapping[str, Any] | RowMapping, data: Mapping[str, Any]) -> Entry:
    return Entry(
        number=row["number"],
        id=row["id"],
        type=row["type"],
        subject=row["subject"],
        at=row["at"],
        by=row["by"],
        role=row["role"],
        data=data,
        previous_hash=row["previous_hash"],
        hash=row["hash"],
    )
