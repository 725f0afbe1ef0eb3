"""Statements on the way of every quote: Core makes their SQL once, and the driver itself runs them.

What Core makes per run (a context, events, a result) takes several times as long as such a query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from psycopg import AsyncCursor, Error
from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update

from pricing_engine.storage.driver_errors import raise_as_core
from pricing_engine.storage.loop_connections import LoopSession
from pricing_engine.storage.session import Session

Converter = Callable[[Any], Any]
Answer = TypeVar("Answer")
Rows = Callable[[], list[tuple[Any, ...]]]
Statement = Select[Any] | Insert | Update | Delete


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in the words of one driver.

    `places` are its parameters in order, with what writes their values; `readers` are by the places of the columns
    whose values the driver gives in another type.
    """

    sql: str
    places: tuple[tuple[str, Converter | None], ...]
    readers: Mapping[int, Converter]
    constants: Mapping[str, Any]
    is_positional: bool

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        if self.constants:
            values = {**self.constants, **values}
        if self.is_positional:
            return [values[name] if write is None else write(values[name]) for name, write in self.places]
        return {name: values[name] if write is None else write(values[name]) for name, write in self.places}

    def read(self, row: Any) -> tuple[Any, ...]:
        """The row with the values of its columns' types."""
        values = list(row)
        for place, reader in self.readers.items():
            values[place] = reader(values[place])
        return tuple(values)


@dataclass(frozen=True, slots=True)
class HotStatement:
    """A select, an insert of a whole row, or a change; its parameters are bound by name."""

    statement: Statement
    compiled: dict[str, _Compiled] = field(default_factory=dict)

    def row(self, session: Session, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row of what is selected, or None.

        Raises: what Core would, such as OperationalError.
        """
        rows = self.rows(session, values)
        return rows[0] if rows else None

    def rows(self, session: Session, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Every row of what is selected; all at once, so that SQLite knows that nobody reads on.

        Raises: what Core would, such as OperationalError.
        """
        return self._run(session, values, _fetch)

    def ask(self, session: Session, values: Mapping[str, Any]) -> Rows:
        """What gives every row of what is selected; of statements that are sent together it waits when it is called.

        Raises: what Core would, such as OperationalError; when it is called, too.
        """
        if session.connection.dialect.name == "sqlite":
            found = self.rows(session, values)
            return lambda: found
        return self._run(session, values, partial(_later, session.connection))

    def run(self, session: Session, values: Mapping[str, Any]) -> None:
        """Does what it says.

        Raises: what Core would, such as OperationalError and IntegrityError.
        """
        self._run(session, values, _leave)

    async def rows_in_loop(self, session: LoopSession, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """As `rows`, waited for in an event loop."""
        compiled = self._compiled(session.dialect)
        cursor = await _run_in_loop(session, compiled, values)
        return [compiled.read(row) for row in await cursor.fetchall()]

    async def run_in_loop(self, session: LoopSession, values: Mapping[str, Any]) -> None:
        """As `run`, waited for in an event loop."""
        await _run_in_loop(session, self._compiled(session.dialect), values)

    def changed(self, session: Session, values: Mapping[str, Any]) -> int:
        """How many rows it changed.

        Raises: what Core would, such as OperationalError.
        """
        return self._run(session, values, _count)

    def run_each(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Does what it says with each of the rows.

        Raises: what Core would, such as OperationalError and IntegrityError.
        """
        compiled = self._compiled(session.connection.dialect)
        driver: Any = session.connection.connection.dbapi_connection
        try:
            driver.cursor().executemany(compiled.sql, [compiled.parameters(row) for row in rows])
        except session.connection.dialect.loaded_dbapi.Error as error:
            raise_as_core(session.connection, compiled.sql, error)

    def _run(self, session: Session, values: Mapping[str, Any], fetch: Callable[[Any, _Compiled], Answer]) -> Answer:
        connection = session.connection
        dialect = connection.dialect
        compiled = self._compiled(dialect)
        driver: Any = connection.connection.dbapi_connection
        try:
            return fetch(driver.execute(compiled.sql, compiled.parameters(values)), compiled)
        except dialect.loaded_dbapi.Error as error:
            raise_as_core(connection, compiled.sql, error)

    def _compiled(self, dialect: Dialect) -> _Compiled:
        return self.compiled.get(dialect.name) or self._compile(dialect)

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self.statement.compile(dialect=dialect)
        writers = {
            name: write
            for parameter, name in compiled.bind_names.items()
            if (write := parameter.type.dialect_impl(dialect).bind_processor(dialect))
        }
        constants = {name: parameter.value for parameter, name in compiled.bind_names.items() if not parameter.required}
        names = tuple(compiled.positiontup or compiled.bind_names.values())
        places = tuple((name, writers.get(name)) for name in names)
        readers = _readers(self.statement, dialect)
        made = _Compiled(str(compiled), places, readers, constants, is_positional=bool(compiled.positiontup))
        self.compiled[dialect.name] = made
        return made


async def _run_in_loop(session: LoopSession, compiled: _Compiled, values: Mapping[str, Any]) -> AsyncCursor[Any]:
    try:
        return await session.connection.execute(compiled.sql, compiled.parameters(values))
    except Error as error:
        session.fail(compiled.sql, error)


def _readers(statement: Statement, dialect: Dialect) -> Mapping[int, Converter]:
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    found = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return {place: reader for place, reader in enumerate(found) if reader is not None}


def _fetch(cursor: Any, compiled: _Compiled) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [compiled.read(row) for row in rows] if compiled.readers else rows


def _later(connection: Connection, cursor: Any, compiled: _Compiled) -> Rows:
    def fetch() -> list[tuple[Any, ...]]:
        try:
            return _fetch(cursor, compiled)
        except connection.dialect.loaded_dbapi.Error as error:
            raise_as_core(connection, compiled.sql, error)

    return fetch


def _count(cursor: Any, _compiled: _Compiled) -> int:
    changed: int = cursor.rowcount
    assert changed >= 0, "a statement that is sent with others cannot be asked how much it has changed"
    return changed


def _leave(_cursor: Any, _compiled: _Compiled) -> None:
    return None
