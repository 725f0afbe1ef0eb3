"""An async call begun by hand, to see whether it returns at once, before a clock is started for the wait."""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class BegunCall(Generic[Result]):
    """A call up to where it waits. `returned` is its result if it did not have to; awaiting it gives it in any case."""

    __slots__ = ("_call", "_waits_for", "returned")

    def __init__(self, call: Coroutine[Any, Any, Result]) -> None:
        self.returned: Result | None = None
        self._call = call
        try:
            self._waits_for = call.send(None)
        except StopIteration as ended:
            self.returned = ended.value

    def __await__(self) -> Generator[Any, Any, Result]:
        """Waits for what the call waits for, and then goes on with it."""
        if self.returned is None:
            yield self._waits_for
            self.returned = yield from self._call.__await__()
        return self.returned
