"""The load: `python -m benchmarks.load PORT METHOD PATH LINES CONNECTIONS REQUESTS STATUS`, by kept-alive connections.

Each line of the file makes a request, in turn, from any of them on: of a POST it is the body, of a GET it stands in the
path for `{}`. Each connection sends its next request when it has the answer to the last, until so many are answered.
Prints JSON: the seconds it took and the time of each answer. Any other status, or a body of another length than the
first, stops it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path
from random import randrange
from time import perf_counter
from typing import cast

import uvloop

SECONDS_AT_MOST = 60


class Load:
    """What the connections share: what to send, what is left to do, and what was seen."""

    def __init__(self, messages: Iterable[bytes], requests: int, status: bytes) -> None:
        self.messages = iter(list(messages))
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
        self.transport.write(next(self.load.messages))


def messages_of(method: str, path: str, lines: Iterable[str]) -> Iterator[bytes]:
    """The requests as they are sent."""
    for line in lines:
        if method == "GET":
            yield f"GET {path.format(line)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        else:
            body = line.encode()
            head = f"Host: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            yield f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def call(port: int, load: Load, connections: int) -> dict[str, object]:
    """The seconds it took, and the seconds of each answer.

    Raises: AssertionError for an answer that is not as expected; TimeoutError when it takes too long.
    """
    requests = load.left
    loop = asyncio.get_running_loop()
    begun = perf_counter()
    for _ in range(connections):
        await loop.create_connection(lambda: Caller(load), "127.0.0.1", port)
    await asyncio.wait_for(load.done.wait(), SECONDS_AT_MOST)
    took = perf_counter() - begun
    assert load.wrong is None, load.wrong
    assert len(load.seconds) == requests
    return {"seconds": took, "answers": load.seconds, "length": load.length}


async def run(port: str, method: str, path: str, file: str, connections: str, requests: str, status: str) -> None:
    """Runs the load and prints what was seen."""
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    first = randrange(len(lines))  # so that no two rounds read the same
    sent = islice(cycle(lines), first, first + int(requests))
    load = Load(messages_of(method, path, sent), int(requests), status.encode())
    print(json.dumps(await call(int(port), load, int(connections))))


if __name__ == "__main__":
    uvloop.run(run(*sys.argv[1:]))
