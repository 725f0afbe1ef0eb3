"""Usage readings in the database: each once, all of them readable, and the one that counts of each metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, FromClause, Row, Text, and_, bindparam, cast, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from pricing_engine.errors import DomainError
from pricing_engine.storage import tables
from pricing_engine.storage.pages import Listing, Page, fetch_page
from pricing_engine.storage.session import Session

_READING = tables.usage_reading.c


class ReadingConflict(DomainError):
    """The account has another reading with this id."""

    code = "reading-conflict"


class Reading(NamedTuple):
    """How much of a metric was measured at an instant; of one instant the reading counts that was recorded last.

    `id` is the sender's: what comes again under it is the same reading.
    """

    id: str
    metric: str
    measured_at: datetime
    quantity: Decimal
    recorded_at: datetime

    @property
    def day(self) -> date:
        """The day it is of, in UTC."""
        return self.measured_at.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class StoredReading:
    """A reading as it was kept. `counts`: no other of its metric and day was measured, or recorded, later."""

    reading: Reading
    counts: bool
    received_at: datetime
    received_by: str


@dataclass(frozen=True, slots=True)
class UsageFilter:
    """Which readings: of a metric, from a day to a day, both included; None does not restrict."""

    metric: str | None = None
    first: date | None = None
    last: date | None = None


def _later(than: Any, other: FromClause, *among: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the account has a later reading of the same metric, that also meets the conditions."""
    later = other.c
    order = tuple_(later.measured_at, later.recorded_at, later.id)
    return (
        select(1)
        .where(
            later.tenant_id == than.tenant_id,
            later.account_id == than.account_id,
            later.metric == than.metric,
            order > tuple_(than.measured_at, than.recorded_at, than.id),
            *among,
        )
        .exists()
    )


_SAME_DAY = tables.usage_reading.alias("same_day")
_COUNTS = (~_later(_READING, _SAME_DAY, _SAME_DAY.c.day == _READING.day)).label("counts")
_LISTED = select(tables.usage_reading, _COUNTS).where(
    _READING.tenant_id == bindparam("tenant"), _READING.account_id == bindparam("account")
)


class object_of(FunctionElement[str]):  # noqa: N801 - a function of SQL is written like one
    """One JSON object as text, of keys and values over rows; NULL or {} over none."""

    inherit_cache = True
    type = Text()


@compiles(object_of, "sqlite")
def _of_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"json_group_object({compiler.process(element.clauses, **more)})"


@compiles(object_of, "postgresql")
def _of_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"json_object_agg({compiler.process(element.clauses, **more)})::text"


_OF = tables.usage_reading.alias("of")
_AFTER = tables.usage_reading.alias("after")
LATEST = (
    select(object_of(_OF.c.metric, cast(_OF.c.quantity, Text)))
    .select_from(_OF)
    .where(
        _OF.c.tenant_id == tables.account.c.tenant_id,
        _OF.c.account_id == tables.account.c.id,
        _OF.c.day <= bindparam("used_until"),
        ~_later(_OF.c, _AFTER, _AFTER.c.day <= bindparam("used_until")),
    )
    .correlate(tables.account)
)
"""Selects what an account was last measured to use by the day `used_until`, as text that `read_latest` takes."""


def read_latest(text: str | None) -> dict[str, Decimal]:
    """The latest use by metric."""
    return {metric: Decimal(quantity) for metric, quantity in orjson.loads(text or "{}").items()}


def latest(session: Session, account_id: str, *, on: date) -> dict[str, Decimal]:
    """What the account was last measured to use by the end of a day, by metric."""
    account = tables.account.c
    query = select(LATEST.scalar_subquery()).where(account.tenant_id == session.tenant, account.id == account_id)
    return read_latest(session.connection.scalar(query, {"used_until": on}))


def save_all(session: Session, account_id: str, readings: Sequence[Reading], *, at: datetime, by: str) -> int:
    """How many of the readings are new; those that came before are left as they are.

    Raises: ReadingConflict for an id that another reading has. Called in a transaction, which that undoes.
    """
    known = _with_ids(session, account_id, readings)
    rows = [_row(session, account_id, each, at=at, by=by) for each in readings if each.id not in known]
    if rows:
        # What another call stored meanwhile is found, and compared, below.
        session.connection.execute(_insert(session).on_conflict_do_nothing(), rows)
    stored = _with_ids(session, account_id, readings)
    for place, reading in enumerate(readings):
        metric, measured_at, quantity = stored[reading.id]
        if (metric, measured_at, quantity) != (reading.metric, reading.measured_at, reading.quantity):
            raise ReadingConflict(
                f"the reading {reading.id} is {quantity:f} {metric} at {measured_at:%Y-%m-%d %H:%M:%S} UTC",
                fix="give a correction an id of its own",
                pointer=f"/readings/{place}/id",
            )
    return len(rows)


def page(
    session: Session, account_id: str, only: UsageFilter, *, cursor: str | None, limit: int
) -> Page[StoredReading]:
    """Up to `limit` of the account's readings that fit, those measured last first.

    Raises: CursorUnreadable.
    """
    query = _LISTED.params(tenant=session.tenant, account=account_id)
    if only.metric is not None:
        query = query.where(_READING.metric == only.metric)
    if only.first is not None:
        query = query.where(_READING.day >= only.first)
    if only.last is not None:
        query = query.where(_READING.day <= only.last)
    days = [None if day is None else day.isoformat() for day in (only.first, only.last)]
    return fetch_page(
        session,
        query,
        of=Listing("usage", {"account_id": account_id, "metric": only.metric, "from": days[0], "to": days[1]}),
        made=_READING.measured_at,
        keys=(_READING.id,),
        cursor=cursor,
        limit=limit,
        read=_stored,
    )


def _with_ids(
    session: Session, account_id: str, readings: Sequence[Reading]
) -> Mapping[str, tuple[str, datetime, Decimal]]:
    """What is kept under the readings' ids."""
    query = select(_READING.id, _READING.metric, _READING.measured_at, _READING.quantity).where(
        and_(_READING.tenant_id == session.tenant, _READING.account_id == account_id),
        _READING.id.in_([each.id for each in readings]),
    )
    return {row.id: (row.metric, row.measured_at, row.quantity) for row in session.connection.execute(query)}


def _insert(session: Session) -> Any:
    is_sqlite = session.connection.dialect.name == "sqlite"
    return (sqlite.insert if is_sqlite else postgresql.insert)(tables.usage_reading)


def _row(session: Session, account_id: str, reading: Reading, *, at: datetime, by: str) -> dict[str, Any]:
    return {
        "tenant_id": session.tenant,
        "account_id": account_id,
        "id": reading.id,
        "metric": reading.metric,
        "day": reading.day,
        "measured_at": reading.measured_at,
        "recorded_at": reading.recorded_at,
        "quantity": reading.quantity,
        "received_at": at,
        "received_by": by,
    }


def _stored(row: Row[Any]) -> StoredReading:
    reading = Reading(row.id, row.metric, row.measured_at, row.quantity, row.recorded_at)
    return StoredReading(reading, bool(row.counts), row.received_at, row.received_by)
