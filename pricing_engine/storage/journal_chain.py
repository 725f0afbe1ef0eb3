"""The chain of the journal, recomputed: whether every entry is as it was written and follows the one before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, func, select

from pricing_engine.storage import journal, tables
from pricing_engine.storage.journal import START, DamagedEntry
from pricing_engine.storage.session import Session

_ENTRY = tables.journal.c
_BATCH: Final = 1_000


_FIX: Final = (
    "find out who has changed the table journal, and restore it from a backup; what comes before can be relied on if "
    "its last hash is one that you have kept elsewhere"
)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that is not as it was written, and what to do about it.

    `number` is that of the entry it shows at (None: there is none); `quote_id` and `step` say where in a quote it is.
    """

    number: int | None
    what: str
    fix: str
    quote_id: str | None = None
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries are as they were written, the hash of the last of them, and the first thing that is not.

    `quotes`, `steps` and `bookings` are how many were compared with the entries, and are as those say.
    """

    entries: int
    hash: str
    broken: Broken | None = None
    quotes: int = 0
    steps: int = 0
    bookings: int = 0


def recompute(session: Session, *, on_entries: Callable[[int, int], None]) -> Verified:
    """Whether the chain is whole up to where it ended when this was asked; what is entered meanwhile is left out.

    Whoever may write to the database can also take the last entries away with the head: keep the hash elsewhere.
    """
    ends, head_hash = journal.end_of(session)
    number, previous = 0, START
    if _has_entry_before_first(session):
        return Verified(0, START, Broken(0, "there is an entry before the first", _FIX))
    for row in _rows(session, ends):
        what = _fault(row, number + 1, previous)
        if what is not None or isinstance(row, DamagedEntry):
            return Verified(number, previous, Broken(number + 1, what or "", _FIX))
        number, previous = row.number, row.hash
        if number % _BATCH == 0:
            on_entries(number, ends)
    if (number, previous) != (ends, head_hash):
        what = f"the chain was {ends} entries long and has {number}"
        return Verified(number, previous, Broken(number + 1, what, _FIX))
    return Verified(number, previous)


def _has_entry_before_first(session: Session) -> bool:
    query = select(func.count()).where(_ENTRY.tenant_id == session.tenant, _ENTRY.number < 1)
    return bool(session.connection.scalar(query))


def _fault(row: Row[Any] | DamagedEntry, number: int, previous: str) -> str | None:
    """What is wrong with the entry that should have this number and follow this hash."""
    if row.number != number:
        return f"entry {number} is missing"
    if isinstance(row, DamagedEntry):
        return f"entry {number} cannot be read"
    if row.previous_hash != previous:
        return f"entry {number} does not follow the one before it"
    if not _is_as_written(row):
        return f"entry {number} is not as it was written"
    if isinstance(journal.as_entry(row), DamagedEntry):
        return f"the data of entry {number} is not JSON"
    return None


def _is_as_written(row: Row[Any]) -> bool:
    try:
        return bool(journal.hash_of(row._mapping) == row.hash)
    except TypeError:
        return False  # a column of a SQLite row holds bytes: we wrote none


def _rows(session: Session, last: int) -> Iterator[Row[Any] | DamagedEntry]:
    read = 0
    while read < last:
        rows = journal.rows_after(session, read, limit=_BATCH)
        if not rows:
            return
        for row in rows:
            if row.number > last:
                return
            yield row
        read = rows[-1].number
