"""One connection kept open for the thread that asks first: an event loop runs its use cases one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine


@dataclass(slots=True)
class KeptConnection:
    """Connections of an engine whose every statement is a transaction, so that nothing is left of one use to the next.

    Making and resetting one takes as long as the query it is made for. Other threads get one of the pool's.
    """

    engine: Engine
    _owner: int | None = None
    _kept: Connection | None = None
    _first: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def open(self) -> Iterator[Connection]:
        """A connection for the block."""
        thread = threading.get_ident()
        kept = self._kept
        if kept is None:
            kept = self._keep(thread)
        if self._owner != thread:
            with self.engine.connect() as connection:
                yield connection
            return
        try:
            yield kept
        finally:
            if kept.in_transaction():  # what Core takes for one: the driver has none
                kept.rollback()

    def close(self) -> None:
        """Gives the connection back; the next use keeps another."""
        with self._first:
            kept, self._kept, self._owner = self._kept, None, None
        if kept is not None:
            kept.close()

    def _keep(self, thread: int) -> Connection:
        with self._first:
            if self._kept is None:
                self._kept, self._owner = self.engine.connect(), thread
            return self._kept
