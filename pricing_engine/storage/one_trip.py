"""Statements that are sent together where the database is behind a network: who writes much waits seldom."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final

from pricing_engine.storage.driver_errors import raise_as_core
from pricing_engine.storage.session import Session

_AT_ONCE: Final = nullcontext()

# Of a connection that broke in the middle the driver says beside the error, in plain text where nobody else logs, that
# it cannot end what it sent together either. Who has handlers of their own still hears it.
logging.getLogger("psycopg").addHandler(logging.NullHandler())


def in_one_trip(session: Session) -> AbstractContextManager[None]:
    """Has hot statements whose answer nobody asks for wait for the next whose answer is, or for the end of the block.

    What one of them is refused for is raised there. They run in their order, each seeing what those before it did; only
    hot statements may be run meanwhile, as Core does not know of it. SQLite is no trip away, and runs each at once.
    """
    return _AT_ONCE if session.connection.dialect.name == "sqlite" else _sent_together(session)


@contextmanager
def _sent_together(session: Session) -> Iterator[None]:
    connection = session.connection
    driver: Any = connection.connection.dbapi_connection
    try:
        with driver.pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise_as_core(connection, "statements sent together", error)
