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
    """In the loop itself for SQLite, whose queries are shorter than a change of threads; else in `threads`."""

    threads: ThreadPoolExecutor | None

    async def run(self, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """What the function returns or raises. It sees the caller's context variables."""
        if self.threads is None:
            return function(*args, **kwargs)
        call = partial(copy_context().run, function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self.threads, call)

    def close(self) -> None:
        """Waits for what is running."""
        if self.threads is not None:
            self.threads.shutdown()


def open_dispatch(database: Database) -> Dispatch:
    """One thread for each connection of the pool, so that no thread ever waits for one."""
    if not database.waits_on_network:
        return Dispatch(None)
    return Dispatch(ThreadPoolExecutor(database.pool_size, thread_name_prefix="use-case"))
