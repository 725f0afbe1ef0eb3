"""Where a use case runs when an event loop asks for one: the seam between async routes and synchronous use cases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, TypeVar

from pricing_engine.storage.database import Database

P = ParamSpec("P")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Dispatch:
    """In the loop itself for SQLite, whose queries are shorter than a change of threads; else in `threads`.

    What reads for long is run in `apart`, one after the other, so that nobody waits for it.
    """

    threads: ThreadPoolExecutor | None
    apart: ThreadPoolExecutor

    async def run(self, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """What the function returns or raises. It sees the caller's context variables."""
        if self.threads is None:
            return function(*args, **kwargs)
        return await _in(self.threads, partial(function, *args, **kwargs))

    async def run_apart(self, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """The same of what reads for long, such as figures of the whole book."""
        return await _in(self.apart, partial(function, *args, **kwargs))

    def close(self) -> None:
        """Waits for what is running."""
        self.apart.shutdown()
        if self.threads is not None:
            self.threads.shutdown()


async def _in(threads: ThreadPoolExecutor, call: Callable[[], Result]) -> Result:
    return await asyncio.get_running_loop().run_in_executor(threads, partial(copy_context().run, call))


def open_dispatch(database: Database) -> Dispatch:
    """One thread for each connection of the pool, so that no thread ever waits for one, and one for long reads."""
    apart = ThreadPoolExecutor(1, thread_name_prefix="long-read")
    if not database.waits_on_network:
        return Dispatch(None, apart)
    return Dispatch(ThreadPoolExecutor(database.pool_size, thread_name_prefix="use-case"), apart)
