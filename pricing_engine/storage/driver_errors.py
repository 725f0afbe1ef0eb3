"""What a driver raises, raised as Core would: for the few statements that we hand to the driver ourselves."""

from __future__ import annotations

from typing import Any, NoReturn

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def raise_as_core(connection: Connection, sql: str, error: Any) -> NoReturn:
    """Raises Core's error for a driver's; a connection that is broken does not go back to the pool."""
    dialect = connection.dialect
    is_broken = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if is_broken:
        connection.invalidate(error)
    raise DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, connection_invalidated=is_broken, dialect=dialect
    ) from error
