"""The handle of a service that can be killed, and what is asked of it over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple

from tests.architecture.layout import ROOT

PATIENCE_SECONDS = 30
BROKEN = (OSError, HTTPException)
"""What a client sees of a server that is killed."""


class Answer(NamedTuple):
    """What one request was answered."""

    status: int
    body: bytes

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(json.loads(self.body)["code"])


@dataclass
class Service:
    """Servers on one port, of which there may be none for a while: who asks then waits for the next one."""

    process: subprocess.Popen[str]
    port: int
    log: Path
    alive: list[int] = field(default_factory=list)

    def start(self) -> None:
        """One more server."""
        self.alive.append(int(self._told("start")))

    def kill(self) -> list[int]:
        """Kills every server, with what it is doing; none of those whose process ids are returned is left."""
        killed, self.alive = self.alive, []
        for pid in killed:
            self._told(f"kill {pid}")
        return killed

    def client(self) -> HTTPConnection:
        """A connection of one's own, which is opened by the first request."""
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)

    def _told(self, what: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the service is gone"
        return answer


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Service]:
    """A service without a server yet, over a database that has rules; everything of it is gone at the end."""
    log = folder / "served.log"
    command = [sys.executable, "-m", "tests.torture.served", url, str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Service(process, int(process.stdout.readline()), log)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(PATIENCE_SECONDS)


def ask_to_accept(client: HTTPConnection, quote_id: str, *, key: str | None = None, revision: str = '"2"') -> None:
    """Sends an acceptance, and does not wait for the answer."""
    headers = {"If-Match": revision} | ({} if key is None else {"Idempotency-Key": key})
    client.request("POST", f"/v1/quotes/{quote_id}/accept", headers=headers)


def answer_of(client: HTTPConnection) -> Answer:
    """The answer to what was sent."""
    answer = client.getresponse()
    return Answer(answer.status, answer.read())


def accept(client: HTTPConnection, quote_id: str, *, key: str | None = None) -> Answer | None:
    """The answer; None when the connection broke, so that nobody knows what was done."""
    try:
        ask_to_accept(client, quote_id, key=key)
        return answer_of(client)
    except BROKEN:
        client.close()
        return None


def failures(answers: Sequence[Answer], log: Path, *, expected: frozenset[int] = frozenset()) -> list[str]:
    """The answers that say that the service failed, with the end of its log; but for statuses that are `expected`."""
    failed = [each for each in answers if each.status >= 500 and each.status not in expected]
    found = [f"{each.status}: {each.body.decode()}" for each in failed]
    return [*found, log.read_text()[-3_000:]] if found else []


def facts_of(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer."""
    read: dict[str, Any] = json.loads(answer.body)
    return read
