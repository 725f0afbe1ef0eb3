"""One try to post: whatever a receiver on loopback does is an outcome, and only checked addresses are connected to."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import httpx
import pytest

from pricing_engine.integrations.webhooks.backoff import PAUSES, SPREAD, TRIES, pause_after
from pricing_engine.integrations.webhooks.destinations import Destinations, Resolve
from pricing_engine.integrations.webhooks.sending import MAX_ANSWER_BYTES, Message, Outcome, Sender
from pricing_engine.integrations.webhooks.signing import new_secret
from tests.receivers import Answer, a_receiver, babble, flood, hang, leave, status, stumble

NOON = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
MESSAGE = Message("evt_1", b'{"id":"evt_1"}')
TRUST = httpx.create_ssl_context()
SHORT = 0.1
"""Seconds that a receiver which hangs is waited for; nothing else is cut short, so that it must end by itself."""


async def sent(url: str, destinations: Destinations, *, total: float = 15.0, trust: ssl.SSLContext = TRUST) -> Outcome:
    sender = Sender(destinations, total_seconds=total, trust=trust)
    return await sender.send(url, MESSAGE, secrets=[new_secret()], at=NOON)


def resolver(*rounds: Sequence[str]) -> tuple[Resolve, list[str]]:
    """A resolver that answers with one round after the other, and the names it was asked for."""
    asked: list[str] = []

    async def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return rounds[min(len(asked), len(rounds)) - 1]

    return resolve, asked


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (status(200), 200, "accepted"),
        (status(299), 299, "accepted"),
        (status(500), 500, "not accepted"),
        (status(404), 404, "not accepted"),
        (status(410), 410, "gone, and disabled therefore"),
        (status(302, Location="/elsewhere"), 302, "redirected, which is not followed"),
        (status(307, Location="http://127.0.0.1:1/"), 307, "redirected, which is not followed"),
        (hang, None, "no answer within 0.1 seconds"),
        (leave, None, "the connection ended before there was an answer"),
        (babble, None, "the connection ended before there was an answer"),
        (flood, 200, "accepted"),
        (stumble, 200, "accepted"),
    ],
    ids=["200", "299", "500", "404", "410", "302", "307", "hangs", "leaves", "endless headers", "flood", "short body"],
)
def test_whatever_a_receiver_does_is_an_outcome(answer: Answer, code: int | None, said: str) -> None:
    async def play() -> None:
        async with a_receiver(answer) as receiver:
            total = SHORT if answer is hang else 15.0
            assert await sent(receiver.url, Destinations(anywhere=True), total=total) == Outcome(code, said)
            assert len(receiver.got) == 1

    asyncio.run(play())


def test_of_an_endless_answer_little_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0
    plain = httpx.Response.aiter_raw

    async def counted(response: httpx.Response) -> object:
        nonlocal read
        async for chunk in plain(response):
            read += len(chunk)
            yield chunk

    monkeypatch.setattr(httpx.Response, "aiter_raw", counted)

    async def play() -> None:
        async with a_receiver(flood) as receiver:
            await sent(receiver.url, Destinations(anywhere=True))

    asyncio.run(play())
    assert MAX_ANSWER_BYTES <= read < 3 * MAX_ANSWER_BYTES


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1/", "no connection"),
        ("http://[::1]:1/", "no connection"),
        ("gopher://127.0.0.1/", "only web addresses can be posted to"),
        ("http://127.0.0.1:99999/", "there is no such port"),
        ("http://127.0.0.1:0/", "there is no such port"),
    ],
)
def test_what_cannot_be_reached_is_an_outcome(url: str, said: str) -> None:
    assert asyncio.run(sent(url, Destinations(anywhere=True))) == Outcome(None, said)


def test_a_name_that_does_not_resolve_or_hangs_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pricing_engine.integrations.webhooks.destinations.RESOLVE_SECONDS", SHORT)

    async def unknown(_host: str, _port: int) -> Sequence[str]:
        raise OSError

    async def hangs(_host: str, _port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return ()

    for resolve in (unknown, hangs, resolver([])[0]):
        outcome = asyncio.run(sent("https://hooks.invalid/", Destinations(resolve=resolve)))
        assert outcome == Outcome(None, "the name of the host does not resolve")


def test_the_address_that_was_looked_at_is_connected_to_under_the_host_s_own_name() -> None:
    async def play() -> None:
        async with a_receiver() as receiver:
            # Nobody listens at the first address; the second is tried. The name itself resolves nowhere.
            resolve, asked = resolver(["127.0.0.2", "127.0.0.1"])
            url = f"http://hooks.invalid:{receiver.port}/hooks"
            outcome = await sent(url, Destinations(anywhere=True, resolve=resolve))
            assert outcome.is_accepted
            assert receiver.got[0].headers["host"] == f"hooks.invalid:{receiver.port}"
            assert asked == ["hooks.invalid"]

    asyncio.run(play())


def test_a_name_that_turns_private_after_it_was_checked_is_not_posted_to() -> None:
    async def play() -> None:
        resolve, asked = resolver(["93.184.215.14"], ["127.0.0.1"])
        destinations = Destinations(resolve=resolve)
        await destinations.check("https://hooks.example.com/")
        outcome = await sent("https://hooks.example.com/", destinations)
        assert outcome == Outcome(None, "the host stands for an address that is not public")
        assert asked == ["hooks.example.com"] * 2

    asyncio.run(play())


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    async def play() -> None:
        async with a_receiver() as receiver:
            assert (await sent(receiver.url, Destinations(anywhere=True))).is_accepted

    asyncio.run(play())


@pytest.mark.skipif(which("openssl") is None, reason="a certificate of the test's own is made with openssl")
def test_a_certificate_is_that_of_the_name_and_not_of_the_address(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=hooks.invalid"
    made = ["-addext", "subjectAltName=DNS:hooks.invalid", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *made], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    trust = ssl.create_default_context(cafile=certificate)

    async def play() -> None:
        resolve, _ = resolver(["127.0.0.1"])
        destinations = Destinations(anywhere=True, resolve=resolve)
        async with a_receiver(tls=tls) as receiver:
            right = f"https://hooks.invalid:{receiver.port}/"
            assert await sent(right, destinations, trust=trust) == Outcome(204, "accepted")
            untrusted = Outcome(None, "its certificate is not trusted")
            assert await sent(right, destinations) == untrusted
            assert await sent(f"https://other.invalid:{receiver.port}/", destinations, trust=trust) == untrusted
            assert await sent(f"https://127.0.0.1:{receiver.port}/", destinations, trust=trust) == untrusted
            assert len(receiver.got) == 1

    asyncio.run(play())


def test_pauses_grow_and_are_spread_by_up_to_a_fifth() -> None:
    plain = [pause_after(TRIES - 1 - done, jitter=0.0) for done in range(TRIES - 1)]
    assert plain == list(PAUSES) == sorted(PAUSES)
    assert pause_after(TRIES - 1, jitter=0.5) == PAUSES[0] * (1 + SPREAD / 2)
