"""Log lines: those of requests go out together and in order, a warning at once, and none stays behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from io import StringIO

from structlog.typing import FilteringBoundLogger

from pricing_engine.api.access_log import open_log
from pricing_engine.api.log_lines import GatheredLines


class Written(StringIO):
    """A stream that knows how often it was written to, and says when."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0
        self.written = asyncio.Event()

    def write(self, text: str) -> int:
        """How much was written."""
        self.times += 1
        self.written.set()
        return super().write(text)

    def events(self) -> list[str]:
        """What each line is about."""
        return [json.loads(line)["event"] for line in self.getvalue().splitlines()]


def test_what_informs_waits_and_goes_out_together_by_itself() -> None:
    stream = Written()

    async def act(log: FilteringBoundLogger) -> None:
        log.info("first")
        log.info("second")
        assert stream.events() == []
        await asyncio.wait_for(stream.written.wait(), timeout=10)
        assert stream.events() == ["first", "second"]

    _while_gathered(stream, act)
    assert stream.times == 1


def test_an_error_goes_out_at_once_after_what_waited() -> None:
    stream = Written()

    async def act(log: FilteringBoundLogger) -> None:
        log.info("request")
        log.error("failed")
        assert stream.events() == ["request", "failed"]
        log.warning("odd")
        assert stream.events() == ["request", "failed", "odd"]

    _while_gathered(stream, act)


def test_what_waits_at_the_end_is_written_and_afterwards_nothing_waits() -> None:
    stream = Written()
    kept: list[FilteringBoundLogger] = []

    async def act(log: FilteringBoundLogger) -> None:
        log.info("last request")
        assert stream.events() == []
        kept.append(log)

    _while_gathered(stream, act)
    assert stream.events() == ["last request"]
    kept[0].info("stopped")
    assert stream.events() == ["last request", "stopped"]


def _while_gathered(stream: Written, act: Callable[[FilteringBoundLogger], Awaitable[None]]) -> None:
    async def play() -> None:
        lines = GatheredLines(stream)
        running = asyncio.create_task(lines.run())
        await asyncio.sleep(0)
        await act(open_log("info", lines=lines))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(play())
