"""A service that can be killed: `python -m tests.torture.served URL LOG` keeps a socket and forks servers on it.

What it is told on stdin, line by line: `start` (answers the new server's process id), `kill PID` (answers once it is
dead). Everything is imported beforehand, so that a server is back within milliseconds. With stdin all servers end.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from sqlalchemy.engine import make_url

from pricing_engine.api.access_log import open_log
from pricing_engine.api.application import build_app
from pricing_engine.app import answer_database_failures, lifespan_of, readiness_of
from pricing_engine.desk import open_desk
from pricing_engine.settings import Settings

NOON = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
"""The instant of every server's clock."""

SERVED = "served-"
"""How the name of a server's sessions begins in PostgreSQL; its process id follows."""


def main(url: str, log: str) -> None:
    """Does what it is told until stdin ends."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    say(listener.getsockname()[1])
    alive: set[int] = set()
    for line in sys.stdin:
        match line.split():
            case ["start"]:
                pid = os.fork()
                if not pid:
                    serve(listener, url, Path(log))
                alive.add(pid)
                say(pid)
            case ["kill", asked]:
                end(int(asked))
                alive.discard(int(asked))
                say("dead")
    for pid in alive:
        end(pid)


def say(what: object) -> None:
    """Answers one line."""
    print(what, flush=True)


def end(pid: int) -> None:
    """Kills a server and waits until it is gone."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def named(url: str) -> str:
    """The URL by which PostgreSQL is told whose connections these are."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return url
    name = parsed.update_query_dict({"application_name": f"{SERVED}{os.getpid()}"})
    return name.render_as_string(hide_password=False)


def serve(listener: socket.socket, url: str, log: Path) -> None:
    """Serves as `pricing-engine serve` does, on a day that does not change."""
    with log.open("a") as stream:
        writer = open_log("info", stream=stream)
        desk = replace(open_desk(Settings(database_url=named(url))), now=lambda: NOON)
        app = build_app(
            desk,
            log=writer,
            max_body_bytes=100_000,
            check_ready=readiness_of(desk),
            lifespan=lifespan_of(desk, writer),
        )
        answer_database_failures(app, writer)
        uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listener])
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
