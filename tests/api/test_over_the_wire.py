"""What only a real server sees: broken framing, smuggling, huge headers. uvicorn on loopback, in a thread."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn

from tests.api.conftest import Caller

PATIENCE_SECONDS = 10


@contextmanager
def serving(caller: Caller) -> Iterator[int]:
    """The port of a real server of the caller's app; it is stopped at the end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(caller.app, lifespan="off", log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def port(sqlite_caller: Caller) -> Iterator[int]:
    """The port of the server that the tests of this file share."""
    with serving(sqlite_caller) as found:
        yield found


def exchange(port: int, request: bytes) -> bytes:
    """Everything the server answers until it closes the connection, which each request asks for."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(request)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
    return received


def statuses(received: bytes) -> list[int]:
    """The status of each answer on the connection."""
    return [int(line.split()[1]) for line in received.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


HEAD = b"POST /v1/quotes HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nConnection: close\r\n"


def test_a_benign_request_is_answered_on_the_same_server(port: int) -> None:
    received = exchange(port, b"GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
    assert statuses(received) == [200]


def test_an_understated_content_length_smuggles_nothing(port: int, sqlite_caller: Caller) -> None:
    before = sqlite_caller.rows()
    smuggled = b"GET /v1/accounts HTTP/1.1\r\nHost: test\r\n\r\n"
    received = exchange(port, HEAD + b'Content-Length: 5\r\n\r\n{"changes":[]}' + smuggled)
    # The first five bytes are no JSON; what follows them is never taken for a request.
    assert statuses(received)[0] == 400
    assert 200 not in statuses(received)
    assert sqlite_caller.rows() == before


def test_two_ways_to_say_how_long_the_body_is_are_refused(port: int, sqlite_caller: Caller) -> None:
    before = sqlite_caller.rows()
    body = b"0\r\n\r\nGET /v1/accounts HTTP/1.1\r\nHost: test\r\n\r\n"
    received = exchange(port, HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
    assert statuses(received) == [400]
    assert sqlite_caller.rows() == before


def test_two_lengths_that_differ_are_refused(port: int) -> None:
    assert statuses(exchange(port, HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ")) == [400]


def test_a_line_break_in_a_header_writes_no_header(port: int) -> None:
    received = exchange(
        port, b"GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\nX-Request-Id: a\r\nSet-Cookie: x=1\r\n\r\n"
    )
    assert b"set-cookie" not in received.lower()
    bare = exchange(port, b"GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\nX-Request-Id: a\nb: c\r\n\r\n")
    assert b"\r\nb: c" not in bare


def test_a_header_of_64_kilobytes_is_refused(port: int) -> None:
    large = b"X-A: " + b"a" * 65_536
    received = exchange(port, b"GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n" + large + b"\r\n\r\n")
    assert statuses(received)[0] in {400, 431}


def test_a_request_that_is_no_http_is_refused(port: int) -> None:
    assert statuses(exchange(port, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n")) == [400]


def test_a_body_over_the_limit_is_refused_before_it_is_all_sent(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(HEAD + b"Content-Length: 10000000000\r\n\r\n")
        sent = 0
        try:
            while sent < 50_000_000:
                sent += connection.send(b" " * 65_536)
        except OSError:
            # The server stopped reading and closed.
            refused_early = True
        else:
            refused_early = False
    assert refused_early
