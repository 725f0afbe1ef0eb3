"""A body is read whole, however it arrives, and no more of it than is allowed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pricing_engine.api.begun_call import BegunCall
from pricing_engine.api.body import BodyTooLarge, read_body


def arriving(*chunks: bytes, waits: bool) -> Callable[[], Awaitable[dict[str, Any]]]:
    """A `receive` that gives the chunks one by one, at once or after a turn of the loop."""
    left = list(chunks)

    async def receive() -> dict[str, Any]:
        if waits:
            await asyncio.sleep(0.001)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    return receive


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("chunks", [(b"",), (b"whole",), (b"in ", b"two"), (b"", b"late", b"")])
def test_a_body_is_its_chunks_whether_they_are_there_or_waited_for(chunks: tuple[bytes, ...], waits: bool) -> None:
    assert asyncio.run(read_body(arriving(*chunks, waits=waits), max_bytes=6)) == b"".join(chunks)


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("chunks", [(b"123456",), (b"123", b"456"), (b"12345", b"6")])
def test_a_body_beyond_the_limit_is_refused_in_one_chunk_or_many(chunks: tuple[bytes, ...], waits: bool) -> None:
    with pytest.raises(BodyTooLarge):
        asyncio.run(read_body(arriving(*chunks, waits=waits), max_bytes=5))


def test_a_begun_call_raises_where_it_is_begun_or_awaited() -> None:
    async def fails(*, waits: bool) -> None:
        if waits:
            await asyncio.sleep(0)
        raise ValueError("as it must")

    async def begin_and_await() -> None:
        with pytest.raises(ValueError, match="as it must"):
            BegunCall(fails(waits=False))
        begun = BegunCall(fails(waits=True))
        with pytest.raises(ValueError, match="as it must"):
            await begun

    asyncio.run(begin_and_await())


def test_a_call_that_waits_can_be_cancelled() -> None:
    ended: list[str] = []

    async def waits_forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    async def wait_a_little() -> None:
        begun = BegunCall(waits_forever())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await begun

    asyncio.run(wait_a_little())
    assert ended == ["ended"]
