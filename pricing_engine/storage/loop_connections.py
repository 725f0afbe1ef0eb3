"""PostgreSQL for an event loop: statements of a quote are waited for there, without a thread and its changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

from psycopg import Error
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Dialect, Engine

from pricing_engine.storage.driver_errors import as_core, has_something_to_read
from pricing_engine.storage.session import Session
from pricing_engine.storage.watched_connection import WatchedConnection


class NotForTheLoop(Exception):
    """Something has to be read first, or takes long: a thread does it, so that the loop need not wait."""


@dataclass(frozen=True, slots=True)
class LoopSession:
    """Where statements run in an event loop, each a transaction of its own, and whose rows they see."""

    connection: WatchedConnection
    dialect: Dialect
    tenant: str

    def fail(self, sql: str, error: Error) -> NoReturn:
        """Raises Core's error for the driver's."""
        raise as_core(self.dialect, sql, error, is_broken=self.connection.closed) from error


@dataclass(frozen=True, slots=True)
class LoopConnections:
    """Up to `size` connections, made as an engine makes its own; each serves one use case at a time.

    `options` are the arguments the engine was given for its own. Whoever finds none free waits.
    """

    engine: Engine
    options: dict[str, Any]
    size: int
    free: list[WatchedConnection] = field(default_factory=list)
    places: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", asyncio.Semaphore(self.size))

    @asynccontextmanager
    async def open(self, tenant: str) -> AsyncIterator[LoopSession]:
        """A session for the block. A connection that was lost meanwhile does not serve another.

        Raises: what Core would where there is no connection to be had.
        """
        async with self.places:
            connection = await self._take()
            try:
                yield LoopSession(connection, self.engine.dialect, tenant)
            finally:
                if connection.info.transaction_status is TransactionStatus.IDLE:
                    self.free.append(connection)
                else:
                    connection.end()

    def close(self) -> None:
        """Closes the connections that serve nobody."""
        while self.free:
            self.free.pop().end()

    async def _take(self) -> WatchedConnection:
        while self.free:
            connection = self.free.pop()
            if not has_something_to_read(connection):
                return connection
            connection.end()
        connect: Any = WatchedConnection.connect
        arguments, named = self.engine.dialect.create_connect_args(self.engine.url)
        try:
            made: WatchedConnection = await connect(*arguments, **{**named, **self.options})
        except Error as error:
            raise as_core(self.engine.dialect, None, error, is_broken=True) from error
        return made


class _Nothing:
    def __getattr__(self, name: str) -> NoReturn:
        raise NotForTheLoop(name)


def memory_only(session: LoopSession) -> Session:
    """A session for what may be in memory: whoever would read by it raises NotForTheLoop instead."""
    return Session(cast(Connection, _Nothing()), session.tenant)
