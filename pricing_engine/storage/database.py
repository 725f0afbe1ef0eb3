"""The engine of a database URL, and its schema: `open_engine` to use a database, `upgrade` to bring it up to date."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError

from pricing_engine.storage.driver_errors import has_something_to_read, raise_as_core
from pricing_engine.storage.kept_connection import KeptConnection
from pricing_engine.storage.loop_connections import LoopConnections

LOCK_WAIT_MILLISECONDS = 5_000
SWITCH_PAUSE_MILLISECONDS = 10
MIGRATION_LOCK = 7_261_943
LONG_READS = 1
"""How many connections there are beside the pool's size: who reads the whole book takes none of those."""
KEPT_FOR_LOOP = 2
"""The same of those that SQLite keeps for its loop, one to read and one to write with, which nobody gives back."""
BEGIN = "pricing_engine_begin"
"""The execution option that says with which statement a transaction begins; None: there is none."""

_MOST_SHOWN = 10
"""How many of the rows that a migration would break are named."""

SQLITE_READS = "BEGIN"
SQLITE_WRITES = "BEGIN IMMEDIATE"
"""A transaction that will write takes the lock at once: upgrading a read later can fail with no way to wait."""

POSTGRESQL = "BEGIN ISOLATION LEVEL READ COMMITTED"
POSTGRESQL_STILL = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
POSTGRESQL_CONNECTS: Final[dict[str, Any]] = {
    "options": f"-c lock_timeout={LOCK_WAIT_MILLISECONDS}",
    "autocommit": True,
}

_PACKAGE = Path(__file__).resolve().parents[1]


def open_engine(url: str, *, pool_size: int = 5) -> Engine:
    """The engine of a SQLite file or a PostgreSQL database, set so that what is committed stays.

    SQLite writes ahead and syncs at every commit; PostgreSQL runs READ COMMITTED over a pool that never grows.
    Raises: ValueError for another kind of database.
    """
    return _open(_normalised(url), pool_size=pool_size, foreign_keys=True)


@dataclass(frozen=True, slots=True)
class Database:
    """An engine in the ways it is used. `pool_size` is how many sessions there can be at once.

    `reader` shows SQLite as it was at the first statement; under `autocommit` every statement is a transaction.
    `in_loop` are further connections, as many, for an event loop that waits for PostgreSQL without a thread.
    """

    engine: Engine
    writer: Engine
    reader: Engine
    autocommit: Engine
    pool_size: int
    kept: KeptConnection | None = None
    kept_writer: KeptConnection | None = None
    in_loop: LoopConnections | None = None

    def statements(self) -> AbstractContextManager[Connection]:
        """A connection under which every statement is a transaction: on SQLite the one that is kept for the loop."""
        return self.autocommit.connect() if self.kept is None else self.kept.open()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection in a transaction that will write: on SQLite one that is kept for the loop, as well."""
        if self.kept_writer is None:
            with self.writer.begin() as connection:
                yield connection
        else:
            with self.kept_writer.open() as connection, _sqlite_writes(connection):
                yield connection

    def snapshot(self) -> AbstractContextManager[Connection]:
        """A connection to read with, which shows SQLite as it was at the first statement; it begins before it."""
        return self.reader.connect() if self.waits_on_network else self.reader.begin()

    def still(self) -> AbstractContextManager[Connection]:
        """A connection that shows either database as it was at the first statement, for what takes several to read."""
        if not self.waits_on_network:
            return self.reader.begin()
        return self.engine.execution_options(**{BEGIN: POSTGRESQL_STILL}).begin()

    def close(self) -> None:
        """Closes every connection."""
        for kept in (self.kept, self.kept_writer, self.in_loop):
            if kept is not None:
                kept.close()
        self.engine.dispose()

    @property
    def waits_on_network(self) -> bool:
        """Whether a query leaves the process, so that it must not be waited for in an event loop."""
        return self.engine.dialect.name != "sqlite"


def open_database(url: str, *, pool_size: int = 5) -> Database:
    """The database of a URL, for the life of a process.

    Raises: ValueError for another kind of database.
    """
    kept_for_loop = KEPT_FOR_LOOP if _normalised(url).get_backend_name() == "sqlite" else 0
    engine = open_engine(url, pool_size=pool_size + LONG_READS + kept_for_loop)
    autocommit = engine.execution_options(**{BEGIN: None})
    if engine.dialect.name == "sqlite":
        writer = engine.execution_options(**{BEGIN: SQLITE_WRITES})
        kept, kept_writer = KeptConnection(autocommit), KeptConnection(autocommit)
        return Database(engine, writer, engine, autocommit, pool_size, kept, kept_writer)
    # Under READ COMMITTED each statement has its own snapshot anyway; without BEGIN and COMMIT it is one trip of three.
    in_loop = LoopConnections(engine, POSTGRESQL_CONNECTS, pool_size)
    return Database(engine, engine, autocommit, autocommit, pool_size, in_loop=in_loop)


def upgrade(url: str, *, revision: str = "head") -> None:
    """Brings the schema up to a revision, in one transaction; does nothing when it is there already."""
    _migrate(url, revision, command.upgrade)


def downgrade(url: str, *, revision: str) -> None:
    """Takes the schema down to a revision ("base": nothing left), in one transaction."""
    _migrate(url, revision, command.downgrade)


def is_current(engine: Engine) -> bool:
    """Whether the schema is the one this code was written for."""
    with engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == set(ScriptDirectory.from_config(migration_config()).get_heads())


def migration_config() -> Config:
    """Alembic's settings for our migrations, from the repository or from an installed package."""
    places = (_PACKAGE / "storage" / "migrations", _PACKAGE.parent / "migrations")
    config = Config()
    # Alembic reads % as the start of a variable.
    config.set_main_option("script_location", str(next(place for place in places if place.is_dir())).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _normalised(url: str) -> URL:
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return parsed.set(drivername="sqlite+pysqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise ValueError(f"{other} is not supported: name a sqlite:///file or a postgresql:// database")


def _open(url: URL, *, pool_size: int, foreign_keys: bool) -> Engine:
    # What a statement was given is no part of an error: errors are logged, and rows hold secrets.
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, pool_size=pool_size, max_overflow=0, hide_parameters=True)
        _prepare_sqlite(engine, foreign_keys=foreign_keys)
        return engine
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
        connect_args=POSTGRESQL_CONNECTS,
    )
    _begin_with(engine, POSTGRESQL)
    event.listen(engine, "checkout", _refuse_dead_connection)
    return engine


@contextmanager
def _sqlite_writes(connection: Connection) -> Iterator[None]:
    """Begins and ends a transaction that will write, by the driver: what Core makes of one takes as long as a query."""
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute(SQLITE_WRITES)
        yield
        driver.commit()
    except sqlite3.Error as error:
        raise_as_core(connection, SQLITE_WRITES, error)
    finally:
        driver.rollback()


def _begin_with(engine: Engine, usual: str) -> None:
    """Has transactions begun by us: the drivers themselves begin nothing, so that nothing need be set per session."""

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        statement = connection.get_execution_options().get(BEGIN, usual)
        if statement is not None:
            # Straight to the driver: this is on the way of every session, and the detour costs as much as a query.
            driver: Any = connection.connection.dbapi_connection
            try:
                driver.execute(statement)
            except connection.dialect.loaded_dbapi.Error as error:
                raise_as_core(connection, statement, error)


def _prepare_sqlite(engine: Engine, *, foreign_keys: bool) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        # The driver would begin transactions late and end them around DDL.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_MILLISECONDS}")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    _begin_with(engine, SQLITE_READS)


def _refuse_dead_connection(connection: Any, _record: object, _proxy: object) -> None:
    """Replaces a pooled connection the server has closed: unlike a live idle one it has something to read."""
    if has_something_to_read(connection):
        raise DisconnectionError("the server closed the connection")


def _write_ahead(connection: Any) -> None:
    """Switches the file to its write-ahead log; it stays so.

    SQLite does not wait where two connections switch a new file at the same moment, so the loser tries again.
    """
    for left in range(LOCK_WAIT_MILLISECONDS // SWITCH_PAUSE_MILLISECONDS, -1, -1):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if not left:
                raise
            time.sleep(SWITCH_PAUSE_MILLISECONDS / 1000)
        else:
            return


def _migrate(url: str, revision: str, step: Callable[[Config, str], None]) -> None:
    # SQLite changes a table by copying it, which must not cascade; what hangs together is checked at the end instead.
    engine = _open(_normalised(url), pool_size=1, foreign_keys=False)
    try:
        begin = SQLITE_WRITES if engine.dialect.name == "sqlite" else POSTGRESQL
        with engine.execution_options(**{BEGIN: begin}).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            config = migration_config()
            config.attributes["connection"] = connection
            step(config, revision)
            if connection.dialect.name == "sqlite":
                _refuse_broken_references(connection)
    finally:
        engine.dispose()


def _refuse_broken_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        rows = ", ".join(f"{row[0]} {row[1]} to {row[2]}" for row in broken[:_MOST_SHOWN])
        rows += f" and {len(broken) - _MOST_SHOWN} more" if len(broken) > _MOST_SHOWN else ""
        raise RuntimeError(f"the migration broke references and was undone: {rows}")
