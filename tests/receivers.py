"""A receiver of webhooks on loopback that answers as it is told to, and keeps what it got."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Self
from unittest.mock import patch

import orjson
from standardwebhooks import Webhook, WebhookVerificationError

Answer = Callable[["Receiver", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Got:
    """A request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The CloudEvent in it."""
        found: dict[str, Any] = orjson.loads(self.body)
        return found


@dataclass
class Receiver:
    """Answers one request after the other by `answers`, then by the last of them for ever."""

    answers: list[Answer]
    got: list[Got] = field(default_factory=list)
    port: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}/hooks"

    @property
    def ids(self) -> list[str]:
        """The webhook-id of each request, in order."""
        return [got.headers["webhook-id"] for got in self.got]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Reads one request and answers it."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *fields = head.strip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in fields)}
            body = await reader.readexactly(int(headers["content-length"]))
            answer = self.answers[min(len(self.got), len(self.answers) - 1)]
            self.got.append(Got(line, headers, body))
            self.arrived.set()
            await answer(self, writer)
        with suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()


@asynccontextmanager
async def a_receiver(*answers: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver, listening on a free port; without answers it accepts everything."""
    receiver = Receiver(list(answers) or [status(204)])
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        receiver.closing.set()
        server.close()
        await server.wait_closed()


def status(code: int, **headers: str) -> Answer:
    """An empty answer with a status."""

    async def answer(_receiver: Receiver, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {code} Whatever", "Content-Length: 0", *(f"{name}: {headers[name]}" for name in headers)]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        await writer.drain()

    return answer


async def hang(receiver: Receiver, _writer: asyncio.StreamWriter) -> None:
    """No answer, until the receiver is closed."""
    await receiver.closing.wait()


async def leave(_receiver: Receiver, _writer: asyncio.StreamWriter) -> None:
    """The connection is closed instead of an answer."""


async def stumble(_receiver: Receiver, writer: asyncio.StreamWriter) -> None:
    """A status, and then less of a body than was announced."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort")
    await writer.drain()


async def flood(_receiver: Receiver, writer: asyncio.StreamWriter) -> None:
    """A body without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def babble(_receiver: Receiver, writer: asyncio.StreamWriter) -> None:
    """Headers without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x-more: " + b"x" * 65_536 + b"\r\n")
        await writer.drain()


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        """The instant it shows."""
        return self.now

    def move(self, by: timedelta) -> None:
        """Moves it on."""
        self.now += by


def is_signed(got: Got, secret: str, at: datetime) -> bool:
    """Whether the specification's own library takes the request for ours, at an instant."""

    class At(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(at.timestamp(), tz)

    with patch("standardwebhooks.webhooks.datetime", At):
        try:
            return bool(Webhook(secret).verify(got.body, got.headers) == got.event)
        except WebhookVerificationError:
            return False
