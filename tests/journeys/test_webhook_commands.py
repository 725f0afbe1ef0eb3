"""`pricing-engine webhooks deliver`: once, and until it is told to stop."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from pricing_engine.desk import open_desk
from pricing_engine.settings import Settings
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.webhooks import make_webhook
from tests import databases
from tests.journeys.conftest import Run

SOLD = ("quote", "--account", "acc_bluefin", "--add", "crm:users=40", "--save", "--json")
SECONDS = 60
"""After which a test that waits has failed."""


@dataclass
class Inbox:
    """What was posted to a receiver in a thread of its own."""

    url: str
    got: Queue[dict[str, Any]] = field(default_factory=Queue)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A receiver that accepts everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.got.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_said: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Inbox(f"http://127.0.0.1:{server.server_port}/")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def presented(demo_database: Path, inbox: Inbox, run: Run) -> str:
    """A quote that was presented after a webhook was made; the quote's id."""
    desk = open_desk(Settings(database_url=databases.sqlite_url(demo_database)))
    make_webhook(desk, url=inbox.url, events=["pricing-engine.quote."], description="", actor=Actor("ada", "admin"))
    desk.close()
    quote = str(json.loads(run(*SOLD).stdout)["id"])
    assert run("quotes", "present", quote).exit_code == 0
    return quote


def test_what_is_due_is_delivered_once(presented: str, inbox: Inbox, run: Run) -> None:
    done = run("webhooks", "deliver", "--once")
    assert (done.exit_code, done.stdout) == (0, "1 tries, 1 accepted\n")
    event = inbox.got.get(timeout=SECONDS)
    assert (event["type"], event["data"]["quote_id"]) == ("pricing-engine.quote.presented", presented)
    again = run("webhooks", "deliver", "--once", "--json")
    assert json.loads(again.stdout) == {"tried": 0, "accepted": 0}


def test_json_is_of_what_ends(demo_database: Path, run: Run) -> None:
    assert run("webhooks", "deliver", "--json").exit_code == 2


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_delivers_until_it_is_told_to_stop(presented: str, inbox: Inbox, told: signal.Signals) -> None:
    command = [sys.executable, "-m", "pricing_engine", "webhooks", "deliver"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert inbox.got.get(timeout=SECONDS)["subject"] == presented
        process.send_signal(told)
        _, said = process.communicate(timeout=SECONDS)
    assert (process.returncode, said.decode()) == (0, "Delivering; Ctrl-C stops\n")
