"""The schema of the database: bring it up or down, and say whether a desk could work with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from pricing_engine.storage.database import downgrade, is_current, open_engine, upgrade


class SchemaState(StrEnum):
    """Whether a database can be used: only one whose schema is current can."""

    CURRENT = "current"
    OUTDATED = "outdated"
    ABSENT = "absent"
    UNREACHABLE = "unreachable"


class UnknownRevision(ValueError):
    """There is no migration of this name."""


def upgrade_schema(database_url: str, *, revision: str = "head") -> None:
    """Brings the schema up to a revision; a SQLite file and its folder are made when they are not there.

    Raises: UnknownRevision.
    """
    if (file := _sqlite_file(database_url)) is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    with _revisions_named():
        upgrade(database_url, revision=revision)


def downgrade_schema(database_url: str, *, revision: str) -> None:
    """Takes the schema down to a revision; "base" removes every table and what is in them.

    Raises: UnknownRevision.
    """
    with _revisions_named():
        downgrade(database_url, revision=revision)


def read_schema_state(database_url: str) -> SchemaState:
    """How the database stands. A SQLite file that is not there is not made by asking."""
    if (file := _sqlite_file(database_url)) is not None and not file.is_file():
        return SchemaState.ABSENT
    engine = open_engine(database_url, pool_size=1)
    try:
        return SchemaState.CURRENT if is_current(engine) else SchemaState.OUTDATED
    except SQLAlchemyError:
        return SchemaState.UNREACHABLE
    finally:
        engine.dispose()


def shown_database(database_url: str) -> str:
    """The URL as it may be printed: a password in it is left out."""
    return make_url(database_url).render_as_string(hide_password=True)


@contextmanager
def _revisions_named() -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        raise UnknownRevision(str(error)) from None


def _sqlite_file(database_url: str) -> Path | None:
    parsed = make_url(database_url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None
