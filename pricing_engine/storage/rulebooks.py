"""Published rulebook versions, which never change, and the activations that say from when each counts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import orjson
from sqlalchemy import Row, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from pricing_engine.errors import DomainError
from pricing_engine.storage import tables
from pricing_engine.storage.loop_connections import LoopSession
from pricing_engine.storage.pages import Listing, Page, fetch_page
from pricing_engine.storage.session import Session

_VERSION = tables.rulebook_version.c
_ACTIVATION = tables.rulebook_activation.c
# Made once, since making a statement costs more than running it.
_ACTIVATION_IN_FORCE = (
    select(tables.rulebook_activation)
    .where(_ACTIVATION.tenant_id == bindparam("tenant"), _ACTIVATION.from_instant < bindparam("day_end"))
    .order_by(_ACTIVATION.from_instant.desc(), _ACTIVATION.created_at.desc(), _ACTIVATION.id.desc())
    .limit(1)
)
IN_FORCE = _ACTIVATION_IN_FORCE.with_only_columns(_ACTIVATION.rulebook_hash)
"""Selects the hash of the version in force, with the parameters of `by_the_end_of`."""
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


class RulebookNotFound(DomainError):
    """There is no published rulebook with this hash."""

    code = "rulebook-not-found"


class NoRulebookInForce(DomainError):
    """No published rulebook had been activated by the end of the day asked for."""

    code = "no-rulebook-in-force"


@dataclass(frozen=True, slots=True)
class RulebookSummary:
    """A published version without its files: who published it, when, and with which engine and rule language."""

    hash: str
    name: str
    engine_version: str
    language: str
    author: str
    commit: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRulebook:
    """A published version with all that compiling it again needs: original bytes and the currencies' digits."""

    summary: RulebookSummary
    files: Mapping[str, bytes]
    currency_digits: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Activation:
    """From an instant on a version counts, until a later activation; rolling back is a new one."""

    id: str
    rulebook: str
    from_instant: datetime
    reason: str
    by: str
    created_at: datetime


def save_version(session: Session, version: StoredRulebook) -> bool:
    """Whether it was new; a version that is stored already stays as it is."""
    summary = version.summary
    table = tables.rulebook_version
    dialect_insert = sqlite.insert if session.connection.dialect.name == "sqlite" else postgresql.insert
    row = {
        "tenant_id": session.tenant,
        "hash": summary.hash,
        "name": summary.name,
        "files": pack_files(version.files),
        "currency_digits": orjson.dumps(dict(version.currency_digits)).decode(),
        "engine_version": summary.engine_version,
        "language": summary.language,
        "author": summary.author,
        "commit": summary.commit,
        "created_at": summary.created_at,
    }
    statement = dialect_insert(table).values(row).on_conflict_do_nothing().returning(table.c.hash)
    return session.connection.execute(statement).one_or_none() is not None


def load_version(session: Session, hash: str) -> StoredRulebook:
    """The published version with this hash.

    Raises: RulebookNotFound, also for one of another tenant.
    """
    query = select(tables.rulebook_version).where(_VERSION.tenant_id == session.tenant, _VERSION.hash == hash)
    row = session.connection.execute(query).one_or_none()
    if row is None:
        raise RulebookNotFound(
            f"there is no rulebook {hash}", fix="publish it first, or list rulebooks to see those there are", hash=hash
        )
    return StoredRulebook(_summary(row), unpack_files(row.files), orjson.loads(row.currency_digits))


def page(session: Session, *, cursor: str | None, limit: int) -> Page[RulebookSummary]:
    """Up to `limit` published versions, newest first.

    Raises: CursorUnreadable.
    """
    shown = [column for column in tables.rulebook_version.columns if column is not _VERSION.files]
    query = select(*shown).where(_VERSION.tenant_id == session.tenant)
    return fetch_page(
        session,
        query,
        of=Listing("rulebooks"),
        made=_VERSION.created_at,
        keys=(_VERSION.hash,),
        cursor=cursor,
        limit=limit,
        read=_summary,
    )


def activate(session: Session, activation: Activation) -> None:
    """Adds an activation; the version it names must be published."""
    session.connection.execute(
        insert(tables.rulebook_activation),
        {
            "tenant_id": session.tenant,
            "id": activation.id,
            "rulebook_hash": activation.rulebook,
            "from_instant": activation.from_instant,
            "reason": activation.reason,
            "activated_by": activation.by,
            "created_at": activation.created_at,
        },
    )


def activations(session: Session, hash: str) -> tuple[Activation, ...]:
    """Every activation of a version, the first one first."""
    query = (
        select(tables.rulebook_activation)
        .where(_ACTIVATION.tenant_id == session.tenant, _ACTIVATION.rulebook_hash == hash)
        .order_by(_ACTIVATION.from_instant, _ACTIVATION.created_at, _ACTIVATION.id)
    )
    return tuple(_activation(row) for row in session.connection.execute(query))


def hash_in_force(session: Session, as_of: date) -> str:
    """The hash of the version in force at the end of a day, in UTC; of activations from one instant the last made wins.

    Raises: NoRulebookInForce.
    Source: P17a.
    """
    found: str | None = session.connection.scalar(IN_FORCE, by_the_end_of(as_of, session))
    return found_in_force(found, as_of)


def found_in_force(found: str | None, as_of: date) -> str:
    """The hash that was found.

    Raises: NoRulebookInForce when none was.
    """
    if found is None:
        raise NoRulebookInForce(
            f"no rulebook is in force on {as_of}",
            fix="publish the rules and activate them from that day or earlier, or ask for a later day",
            as_of=as_of,
        )
    return found


def activation_in_force(session: Session, as_of: date) -> Activation | None:
    """The activation that makes `hash_in_force` what it is; None when no rulebook is in force."""
    row = session.connection.execute(_ACTIVATION_IN_FORCE, by_the_end_of(as_of, session)).one_or_none()
    return None if row is None else _activation(row)


def by_the_end_of(day: date, session: Session | LoopSession) -> dict[str, Any]:
    """What finds the activation in force at the end of a day, in UTC."""
    # The year 9999 ends with the calendar.
    day_end = datetime.max.replace(tzinfo=UTC) if day == date.max else _midnight(day + timedelta(days=1))
    return {"tenant": session.tenant, "day_end": day_end}


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip archive that anyone can open; equal files make equal archives."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DAY), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unpack_files(packed: bytes) -> dict[str, bytes]:
    """The files `pack_files` was given, byte by byte."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _summary(row: Row[Any]) -> RulebookSummary:
    return RulebookSummary(
        hash=row.hash,
        name=row.name,
        engine_version=row.engine_version,
        language=row.language,
        author=row.author,
        commit=row.commit,
        created_at=row.created_at,
    )


def _activation(row: Row[Any]) -> Activation:
    return Activation(
        id=row.id,
        rulebook=row.rulebook_hash,
        from_instant=row.from_instant,
        reason=row.reason,
        by=row.activated_by,
        created_at=row.created_at,
    )
