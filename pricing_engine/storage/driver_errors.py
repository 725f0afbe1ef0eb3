"""What a driver raises: as Core would for statements that we hand to it ourselves, and told from what it means."""

from __future__ import annotations

import select
from typing import Any, NoReturn

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DataError, DBAPIError, OperationalError


def raise_as_core(connection: Connection, sql: str, error: Any) -> NoReturn:
    """Raises Core's error for a driver's; a connection that is broken does not go back to the pool."""
    dialect = connection.dialect
    is_broken = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if is_broken:
        connection.invalidate(error)
    raise as_core(dialect, sql, error, is_broken=is_broken) from error


def as_core(dialect: Dialect, sql: str | None, error: Any, *, is_broken: bool) -> BaseException:
    """Core's error for a driver's."""
    made: BaseException = DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, connection_invalidated=is_broken, dialect=dialect
    )
    return made


def has_something_to_read(connection: Any) -> bool:
    """Whether PostgreSQL has sent what nobody asked for: on an idle connection that is its end."""
    poller = select.poll()
    poller.register(connection.pgconn.socket, select.POLLIN)
    return bool(poller.poll(0))


def is_unreadable(error: Exception) -> bool:
    """Whether a row holds what its columns cannot, such as a day that is none: only other hands can have put it there.

    SQLite's driver says of bytes that are no text only in words that they are none.
    """
    if isinstance(error, OperationalError):
        return "could not decode" in str(error.orig).lower()
    return isinstance(error, ValueError | TypeError | ArithmeticError | DataError)
