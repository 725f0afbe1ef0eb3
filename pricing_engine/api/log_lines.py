"""Log lines on their way out: those of requests together, every few hundredths of a second."""

from __future__ import annotations

import asyncio
from typing import Final, TextIO

GATHER_SECONDS: Final = 0.05
"""How long a line may wait: those of a killed process are lost."""


class GatheredLines:
    """A structlog logger. While `run` runs, what informs is gathered; a warning or worse goes out at once.

    Each write lets every other thread go first that wants to run, which takes longer than making the line. Only the
    thread of the event loop may inform; lines keep their order.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._waiting: list[str] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> None:
        """Gathers lines until it is cancelled, and then writes out what is left."""
        self._loop = asyncio.get_running_loop()
        try:
            await self._loop.create_future()
        finally:
            self._loop = None
            self._write_out()

    def info(self, line: str) -> None:
        """Writes the line soon."""
        self._waiting.append(line + "\n")
        if self._loop is None:
            self._write_out()
        elif len(self._waiting) == 1:
            self._loop.call_later(GATHER_SECONDS, self._write_out)

    def error(self, line: str) -> None:
        """Writes the line now, after those that wait."""
        self._waiting.append(line + "\n")
        self._write_out()

    debug = info
    warning = critical = error

    def _write_out(self) -> None:
        lines, self._waiting = self._waiting, []
        if lines:
            self._stream.write("".join(lines))
            self._stream.flush()
