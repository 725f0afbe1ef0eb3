"""Proves on this machine that the demo serves: starts it as a child, runs its printed lines, compares, stops it."""

from __future__ import annotations

import json
import os
import re
import selectors
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pricing_engine.cli.lines_to_try import DATABASE_VARIABLE, PREVIEW
from pricing_engine.cli.outcome import failed
from pricing_engine.settings import PREFIX

START_SECONDS: Final = 60
LINE_SECONDS: Final = 60
STOP_SECONDS: Final = 15

_NET: Final = re.compile(r"^Net, \d+ months \(TCV\)\s+(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Announcement:
    """Where a running demo serves, and the two lines it prints."""

    address: str
    curl: str
    cli: str


def run_smoke() -> Iterator[str]:
    """What was done and seen, step by step.

    Raises: CommandStopped when a step does not come out as it must; the service is stopped in any case.
    """
    with tempfile.TemporaryDirectory(prefix="pricing-engine-smoke-") as folder:
        environment = _environment(Path(folder))
        log = Path(folder, "log")
        with demo_running(_this_program(), environment, log) as child:
            said = announced(child, log)
            yield f"the demo serves on {said.address}"
            _wait_until_ready(said.address)
            yield f"$ {said.curl}"
            asked = _total_over_http(said.curl, environment)
            yield f"  answers a quote of {asked}"
            yield f"$ {said.cli}"
            printed = _total_of_cli(said.cli, environment)
            yield f"  prints a quote of {printed}"
            if asked != _plain(printed):
                raise failed(f"the two lines disagree: {asked} over HTTP, {printed} on the command line", code="smoke")
        yield "both agree; the demo has been stopped"


def _environment(folder: Path) -> dict[str, str]:
    """This process's environment without the settings of the developer, on a database and a port of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | {DATABASE_VARIABLE: f"sqlite:///{folder / 'smoke.sqlite'}", "COLUMNS": "100"}


@contextmanager
def demo_running(program: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[str]]:
    """The demo as a child on a free port, stopped at the end; its log goes to a file."""
    command = [*program, "demo", "--serve", "--port", "0"]
    with (
        log.open("w") as stderr,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True) as child,  # noqa: S603
    ):
        try:
            yield child
        finally:
            _stop(child)


def _this_program() -> list[str]:
    script = Path(sys.argv[0])
    return (
        [str(script)]
        if script.name == "pricing-engine" and script.is_file()
        else [sys.executable, "-m", "pricing_engine"]
    )


def _stop(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


def announced(child: subprocess.Popen[str], log: Path) -> Announcement:
    """What the demo prints once it serves.

    Raises: CommandStopped with the end of its log when it does not.
    """
    curl, cli = "", ""
    for line in _lines_within(child, START_SECONDS):
        text = line.strip()
        if text.startswith("curl "):
            curl = text
        elif " quote --account " in text:
            cli = text
        if curl and cli:
            address = next(word for word in shlex.split(curl) if word.endswith(PREVIEW)).removesuffix(PREVIEW)
            return Announcement(address, curl, cli)
    said = log.read_text(encoding="utf-8", errors="replace").strip()[-2_000:]
    raise failed(f"the demo did not start within {START_SECONDS} seconds", fix=said, code="smoke")


def _lines_within(child: subprocess.Popen[str], seconds: float) -> Iterator[str]:
    """The lines the child writes, until it ends or the time is over."""
    assert child.stdout is not None
    deadline = time.monotonic() + seconds
    pending = ""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0 and selector.select(left):
            chunk = os.read(child.stdout.fileno(), 65_536)
            if not chunk:
                return
            *lines, pending = (pending + chunk.decode()).split("\n")
            yield from lines


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310 -- our own address
                if answer.status == 200:
                    return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise failed(f"{address} is not ready after {START_SECONDS} seconds", code="smoke")


def _total_over_http(line: str, environment: dict[str, str]) -> str:
    answer = _run(line, environment) if shutil.which("curl") else _post(line)
    try:
        return str(json.loads(answer)["totals"]["tcv"])
    except (ValueError, KeyError, TypeError):
        raise failed(f"the answer holds no quote: {answer[:500]}", code="smoke") from None


def _post(line: str) -> str:
    """What the `curl` line would do, on a machine without curl."""
    words = shlex.split(line)
    url = next(word for word in words if word.startswith("http"))
    name, _, value = words[words.index("-H") + 1].partition(": ")
    body = words[words.index("-d") + 1].encode()
    request = urllib.request.Request(url, data=body, headers={name: value})  # noqa: S310 -- our own address
    with urllib.request.urlopen(request, timeout=LINE_SECONDS) as answer:  # noqa: S310
        text: str = answer.read().decode()
        return text


def _total_of_cli(line: str, environment: dict[str, str]) -> str:
    printed = _run(line, environment)
    found = _NET.search(printed)
    if found is None:
        raise failed(f"the command printed no total: {printed[-500:]}", code="smoke")
    return found[1]


def _run(line: str, environment: dict[str, str]) -> str:
    """What a shell line writes."""
    try:
        done = subprocess.run(  # noqa: S602 -- the line as a person would paste it
            line, shell=True, env=environment, capture_output=True, text=True, timeout=LINE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise failed(f"no end after {LINE_SECONDS} seconds: {line}", code="smoke") from None
    if done.returncode != 0:
        raise failed(f"exit code {done.returncode}: {line}", fix=done.stderr.strip()[-1_000:], code="smoke")
    return done.stdout


def _plain(printed: str) -> str:
    """An amount in the usual spelling of US dollars as plain digits."""
    return printed.replace("$", "").replace(",", "")
