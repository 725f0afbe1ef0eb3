"""The load: `python -m benchmarks.load PORT PATH BODY CONNECTIONS REQUESTS STATUS` posts over kept-alive connections.

Each connection sends its next request when it has the answer to the last, until so many are answered. Prints JSON: the
seconds it took and the time of each answer. Any other status, or a body of another length than the first, stops it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from time import perf_counter
from typing import cast

import uvloop

SECONDS_AT_MOST = 60


class Load:
    """What the connections share: what to send, what is left to do, and what was seen."""

    def __init__(self, request: bytes, requests: int, status: bytes) -> None:
        self.request = request
        self.left = requests
        self.status = status
        self.length: int | None = None
        self.seconds: list[float] = []
        self.wrong: str | None = None
        self.open = 0
        self.done = asyncio.Event()


class Caller(asyncio.Protocol):
    """One connection: one request at a time."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.buffer = b""
        self.sent = 0.0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sends the first request."""
        self.transport = cast(asyncio.Transport, transport)
        self.load.open += 1
        self._next()

    def data_received(self, data: bytes) -> None:
        """Takes a part of an answer; when it is whole, checks it and goes on."""
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        load = self.load
        load.seconds.append(perf_counter() - self.sent)
        load.length = load.length or length
        if head[9:12] != load.status or length != load.length:
            load.wrong = f"{head[9:12]!r} with {length} bytes instead of {load.length}: {body[:300]!r}"
            load.left = 0
        self.buffer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """Counts the connection out; one the server closed early is wrong."""
        if self.load.left > 0:
            self.load.wrong = f"the server closed a connection: {exc}"
        self.load.open -= 1
        if not self.load.open:
            self.load.done.set()

    def _next(self) -> None:
        if self.load.left <= 0:
            self.transport.close()
            return
        self.load.left -= 1
        self.sent = perf_counter()
        self.transport.write(self.load.request)


async def call(port: int, path: str, body: bytes, connections: int, requests: int, status: str) -> dict[str, object]:
    """The seconds it took, and the seconds of each answer.

    Raises: AssertionError for an answer that is not as expected; TimeoutError when it takes too long.
    """
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    load = Load(head.encode() + b"\r\n" + body, requests, status.encode())
    loop = asyncio.get_running_loop()
    begun = perf_counter()
    for _ in range(connections):
        await loop.create_connection(lambda: Caller(load), "127.0.0.1", port)
    await asyncio.wait_for(load.done.wait(), SECONDS_AT_MOST)
    took = perf_counter() - begun
    assert load.wrong is None, load.wrong
    assert len(load.seconds) == requests
    return {"seconds": took, "answers": load.seconds, "length": load.length}


def main(port: str, path: str, body: str, connections: str, requests: str, status: str) -> None:
    """Runs the load and prints what was seen."""
    content = Path(body).read_bytes()
    print(json.dumps(uvloop.run(call(int(port), path, content, int(connections), int(requests), status))))


if __name__ == "__main__":
    main(*sys.argv[1:])
