"""A connection to PostgreSQL that its event loop watches for as long as it is open, so that waiting takes little."""

from __future__ import annotations

import asyncio
from typing import Any, Final, TypeVar

from psycopg import AsyncConnection
from psycopg.abc import PQGen
from psycopg.waiting import Ready, Wait

Result = TypeVar("Result")
WATCHED_SECONDS: Final = 0.1
"""How long a loop watches until it is asked anew: uvloop stops without a word when a connection is reset, although
there may be a part of an answer to read first, after which nobody would ever be told of the end."""


class WatchedConnection(AsyncConnection[Any]):
    """As the driver's, which for each answer begins to watch, starts a clock, and ends both: a tenth of a quote.

    Whoever stops waiting has to close it: the query goes on.
    """

    _loop: asyncio.AbstractEventLoop | None = None
    _socket = -1
    _waiting: asyncio.Future[Ready] | None = None
    _until: asyncio.TimerHandle | None = None

    async def wait(self, gen: PQGen[Result], interval: float = 0.0, timeout: float | None = None) -> Result:
        """What the driver's steps come to. There is no limit of time: `interval` and `timeout` are for other uses."""
        assert timeout is None
        try:
            wanted = next(gen)
            while True:
                wanted = gen.send(await self._ready(wanted))
        except StopIteration as ended:
            result: Result = ended.value
            return result

    async def close(self) -> None:
        """Closes it."""
        self.end()

    def end(self) -> None:
        """Closes it; whoever does need not have a loop."""
        self._unwatch()
        self.pgconn.finish()

    async def _ready(self, wanted: Wait) -> Ready:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._socket = loop, self.pgconn.socket
            loop.add_reader(self._socket, self._tell, Ready.R)
            self._until = loop.call_later(WATCHED_SECONDS, self._look)
        self._waiting = loop.create_future()
        if wanted != Wait.R:  # more to send than the system takes at once
            loop.add_writer(self._socket, self._tell, Ready.W)
        try:
            return await self._waiting
        finally:
            self._waiting = None
            if wanted != Wait.R:
                loop.remove_writer(self._socket)

    def _tell(self, ready: Ready) -> None:
        if self._waiting is None:
            self._unwatch()  # the server says what nobody asked for, and would be heard again and again
        elif not self._waiting.done():
            self._waiting.set_result(ready)

    def _look(self) -> None:
        self._unwatch()
        if self._waiting is not None:
            self._tell(Ready.R)  # whether there is anything to read is for the driver to see

    def _unwatch(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._socket)
            if self._until is not None:
                self._until.cancel()
        self._loop = None
