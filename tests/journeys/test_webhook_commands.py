"""`pricing-engine webhooks`: made, changed, seen and removed; and delivered to, once and until told to stop."""

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
from tests.api.conftest import Caller, open_caller
from tests.journeys.conftest import Run

SOLD = ("quote", "--account", "acc_bluefin", "--add", "crm:users=40", "--save", "--json")
URL = "http://127.0.0.1:1/hooks"
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


@pytest.fixture
def caller(demo_database: Path) -> Iterator[Caller]:
    """The API over the same database."""
    opened = open_caller(databases.sqlite_url(demo_database))
    yield opened
    opened.desk.close()


def made(run: Run, *options: str, url: str = URL) -> str:
    """The id of a new webhook."""
    done = run("webhooks", "add", url, *options, "--json")
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["id"])


def test_what_is_due_is_delivered_once(presented: str, inbox: Inbox, run: Run) -> None:
    done = run("webhooks", "deliver", "--once")
    assert (done.exit_code, done.stdout) == (0, "1 try, 1 accepted\n")
    event = inbox.got.get(timeout=SECONDS)
    assert (event["type"], event["data"]["quote_id"]) == ("pricing-engine.quote.presented", presented)
    again = run("webhooks", "deliver", "--once", "--json")
    assert json.loads(again.stdout) == {"tried": 0, "accepted": 0, "waiting": []}


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


def test_a_secret_is_printed_when_it_is_made_and_never_again(demo_database: Path, run: Run) -> None:
    added = run("webhooks", "add", URL, "--event", "pricing-engine.quote.", "--description", "for the CRM")
    assert added.exit_code == 0, added.output
    first, last = added.stdout.splitlines()
    id_, secret = first.split()[0], last.removeprefix("secret ")
    assert first == f"{id_} is enabled: pricing-engine.quote.* to {URL}"
    assert secret.startswith("whsec_")
    shown, kept = added.stderr.splitlines()
    assert shown == "The secret is not shown again: keep it where the receiver reads it."
    assert kept.startswith("It stands open in the database: set PRICING_ENGINE_SECRETS_KEYS_FILE")
    rotated = run("webhooks", "rotate-secret", id_)
    assert rotated.stderr == added.stderr
    new = rotated.stdout.splitlines()[-1].removeprefix("secret ")
    assert new.startswith("whsec_")
    assert new != secret
    assert "Old secret  signs too until " in run("webhooks", "show", id_).stdout
    leaked = json.loads(run("webhooks", "rotate-secret", id_, "--leaked", "--json").stdout)
    assert (leaked["old_secret_until"], leaked["secret"] in {secret, new}) == (None, False)
    for command in (["list"], ["show", id_], ["deliveries", id_], ["disable", id_], ["change", id_, "--every-event"]):
        for as_json in ([], ["--json"]):
            done = run("webhooks", *command, *as_json)
            assert (done.exit_code, "whsec_" in done.output) == (0, False), done.output


def test_json_is_what_the_api_answers_about_webhooks(presented: str, caller: Caller, run: Run) -> None:
    made(run)
    run("webhooks", "deliver", "--once")
    headers = {"X-Acting-Role": "integration"}
    listed = json.loads(run("webhooks", "list", "--json").stdout)
    assert listed == caller.get("/v1/webhooks", headers=headers).json()
    for found in listed["items"]:
        path = f"/v1/webhooks/{found['id']}"
        told = caller.get(f"{path}/deliveries", headers=headers).json()
        assert json.loads(run("webhooks", "deliveries", found["id"], "--json").stdout) == told
        shown = json.loads(run("webhooks", "show", found["id"], "--json").stdout)
        assert shown == caller.get(path, headers=headers).json() | {"deliveries": told}


def test_what_was_told_is_seen_and_told_again(presented: str, inbox: Inbox, run: Run) -> None:
    run("webhooks", "deliver", "--once")
    (found,) = json.loads(run("webhooks", "list", "--json").stdout)["items"]
    (delivery,) = json.loads(run("webhooks", "deliveries", found["id"], "--json").stdout)["items"]
    rows = run("webhooks", "show", found["id"]).stdout.splitlines()
    (row,) = [at for at, line in enumerate(rows) if line.startswith(delivery["id"])]
    assert rows[row].split()[1] == "delivered"
    assert rows[row].endswith(" 204 accepted")
    assert rows[row + 1] == "pricing-engine.quote.presented"
    assert max(map(len, rows)) <= 100
    again = run("webhooks", "retry", found["id"], delivery["id"])
    assert again.stdout == f"{delivery['id']} (pricing-engine.quote.presented) is due now\n"
    assert json.loads(run("webhooks", "retry", found["id"], delivery["id"], "--json").stdout)["state"] == "waiting"
    assert run("webhooks", "deliver", "--once").stdout == "1 try, 1 accepted\n"
    assert [inbox.got.get(timeout=SECONDS)["id"] for _ in range(2)] == [delivery["event_id"]] * 2
    assert " 2, the last " not in run("webhooks", "deliveries", found["id"]).stdout
    assert " 2, the last " in run("webhooks", "show", found["id"]).stdout
    assert run("webhooks", "retry", found["id"], "dlv_nobody").exit_code == 1
    run("webhooks", "disable", found["id"])
    refused = run("webhooks", "retry", found["id"], delivery["id"], "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]["code"]) == (1, "webhook-disabled")


def test_a_webhook_is_changed_disabled_enabled_and_removed(demo_database: Path, run: Run) -> None:
    id_ = made(run, "--event", "pricing-engine.quote.", "--by", "ada")
    assert json.loads(run("webhooks", "show", id_, "--json").stdout)["created_by"] == "ada"
    changed = run("webhooks", "change", id_, "--url", f"{URL}/new", "--description", "moved")
    assert changed.stdout == f"{id_} is enabled: pricing-engine.quote.* to {URL}/new\n"
    run("webhooks", "change", id_, "--event", "pricing-engine.quote.accepted", "--event", "pricing-engine.rulebook.")
    assert "quote.accepted*, pricing-engine.rulebook.*" in run("webhooks", "show", id_).stdout
    assert "every event" in run("webhooks", "change", id_, "--every-event").stdout
    assert "is disabled, as was asked:" in run("webhooks", "disable", id_).stdout
    assert "disabled, as was asked" in run("webhooks", "list").stdout
    assert json.loads(run("webhooks", "enable", id_, "--json").stdout)["enabled"]
    kept = run("webhooks", "remove", id_, given="n\n")
    assert (kept.exit_code, f"Remove {id_}, which posts to {URL}/new?" in kept.stderr) == (1, True)
    assert run("webhooks", "show", id_).exit_code == 0
    assert run("webhooks", "remove", id_, given="y\n").stdout.endswith(f"{id_} is removed\n")
    assert run("webhooks", "show", id_).exit_code == 1
    assert json.loads(run("webhooks", "remove", made(run), "--yes", "--json").stdout)["removed"].startswith("whk_")
    assert run("webhooks", "list").stdout == "there are no webhooks\n"
    assert run("audit", "verify").stdout.startswith("all 9 entries are as they were written")


def test_webhooks_and_deliveries_are_listed_by_the_page(demo_database: Path, run: Run) -> None:
    newest_first = [made(run, url=f"{URL}/{'x' * 100}") for _ in range(2)][::-1]
    first = run("webhooks", "list", "--limit", "1")
    assert first.stdout.splitlines()[2].split()[0] == newest_first[0]
    assert max(map(len, first.stdout.splitlines())) <= 100
    typed = first.stderr.removeprefix("there are more: pricing-engine ").split()
    second = run(*typed)
    assert (second.stdout.splitlines()[2].split()[0], second.stderr) == (newest_first[1], "")
    for command in (["list"], ["deliveries", newest_first[0]]):
        assert run("webhooks", *command, "--cursor", "abc").exit_code == 2
        assert run("webhooks", *command, "--limit", "201").exit_code == 2
    assert run("webhooks", "deliveries", newest_first[0]).stdout == "it was told nothing yet\n"


@pytest.mark.parametrize(
    ("typed", "exit_code", "where"),
    [
        (("add", "ftp://example.com/x"), 2, "URL"),
        (("add", "http://ada:pw@127.0.0.1/x"), 1, "URL"),
        (("add", URL, "--event", "quote."), 2, "--event"),
        (("add", URL, "--description", "x" * 501), 2, "--description"),
        (("add", URL, "--role", "king"), 2, "--role"),
        (("add", URL, "--by", "a b"), 2, "--by"),
        (("add", URL, "--role", "rep"), 1, ""),
        (("change", "whk_x"), 2, ""),
        (("change", "whk_x", "--event", "pricing-engine.", "--every-event"), 2, ""),
        (("change", "whk_x", "--url", "http://127.0.0.1:99999/"), 1, "--url"),
        (("change", "whk_x", "--description", "y"), 1, ""),
        (("show", "whk_x"), 1, ""),
        (("deliveries", "whk_x"), 1, ""),
        (("enable", "whk_x"), 1, ""),
        (("rotate-secret", "whk_x"), 1, ""),
        (("remove", "whk_x", "--yes"), 1, ""),
        (("retry", "whk_x", "dlv_x"), 1, ""),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_place(
    typed: tuple[str, ...], exit_code: int, where: str, demo_database: Path, run: Run
) -> None:
    done = run("webhooks", *typed, "--json")
    assert done.exit_code == exit_code, done.output
    error = json.loads(done.stdout)["error"]
    assert [each["where"] for each in error.get("errors", [error])] == [where]


def test_in_production_only_public_hosts_are_posted_to(
    demo_database: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = made(run)
    monkeypatch.setenv("PRICING_ENGINE_ENVIRONMENT", "production")
    for typed in (["add", "https://127.0.0.1/x"], ["change", id_, "--url", "https://10.0.0.1/x"]):
        refused = run("webhooks", *typed)
        assert (refused.exit_code, "not public" in refused.stderr) == (1, True)
