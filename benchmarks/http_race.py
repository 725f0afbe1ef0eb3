"""`http-…`: requests per second of our app beside the bare one, each one uvicorn process, called by a third process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from benchmarks.collector import MILLISECONDS, percentile
from benchmarks.databases import BODY, prepare, two_databases
from benchmarks.in_process import MICROSECONDS
from benchmarks.readings import Effort, Reading, Target

LINES = 5
CONNECTIONS = 16
WARM_UP = 400
ROUNDS = 9
AT_LEAST = {"preview": Target(0.5, at_least=True), "stored": Target(0.6, at_least=True)}
_ROOT = Path(__file__).parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")


class Route(NamedTuple):
    """What is asked of a server, and the status it answers with. The path of a GET has `{}` for what is read."""

    method: str
    path: str
    status: str


ROUTES: Final = {"preview": Route("POST", "/v1/quotes/preview", "200"), "stored": Route("POST", "/v1/quotes", "201")}


@dataclass(frozen=True, slots=True)
class Server:
    """A server process."""

    process: subprocess.Popen[str]
    port: int

    def busy(self) -> float:
        """The CPU seconds it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


class Calls(NamedTuple):
    """What a server is sent: on one route, a request for each line of a file, in turn (`load.py`)."""

    server: Server
    route: Route
    lines: Path


@dataclass(frozen=True, slots=True)
class Rounds:
    """What one server did on one route. Units: requests per second by round; seconds of each answer; CPU seconds."""

    rates: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)


def race_over_http(kind: str, effort: Effort) -> list[Reading]:
    """The readings of a previewed and of a stored quote of five lines, on one kind of database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pricing-engine-bench-")))
        urls = stack.enter_context(two_databases(kind, folder))
        for which, url in urls.items():
            prepare(url, folder / which, lines=LINES)
        servers = {which: stack.enter_context(serving(which, url, folder / which)) for which, url in urls.items()}
        return [
            _race(kind, name, {which: Calls(servers[which], route, folder / which / BODY) for which in servers}, effort)
            for name, route in ROUTES.items()
        ]


@contextmanager
def serving(which: str, url: str, folder: Path) -> Iterator[Server]:
    """A running server; its log goes to a file, as a service's does."""
    command = [sys.executable, "-m", "benchmarks.served", which, url, str(folder)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        port = process.stdout.readline()
        assert port, f"the server did not start: {(folder / 'log').read_text()[-1000:]}"
        yield Server(process, int(port))
    finally:
        process.terminate()
        process.wait(timeout=20)


def _race(kind: str, route: str, calls: Mapping[str, Calls], effort: Effort) -> Reading:
    rounds = take_turns(calls, effort)
    ours, bare = rounds["ours"], rounds["bare"]
    return Reading(
        f"http {kind} {route}",
        "req/s",
        median(ours.rates),
        median(bare.rates),
        target=AT_LEAST[route],
        # What a second brings depends on what else runs in it, so each round counts beside the one next to it.
        by_rounds=median(mine / theirs for mine, theirs in zip(ours.rates, bare.rates, strict=True)),
        more={
            "cpu_ratio": min(bare.busy) / min(ours.busy),
            **spread("ours", ours),
            **spread("bare", bare),
        },
    )


def take_turns(calls: Mapping[str, Calls], effort: Effort) -> Mapping[str, Rounds]:
    """What each server did, round by round; several may be one process that is sent different requests."""
    for each in calls.values():
        _load(each, min(WARM_UP, effort.requests))
    rounds = {which: Rounds() for which in calls}
    for turn in range(2 if effort.is_short else ROUNDS):
        # Who goes first changes, so that neither always follows a pause.
        for which in sorted(calls, reverse=bool(turn % 2)):
            _round(calls[which], rounds[which], effort.requests)
    return rounds


def _round(calls: Calls, rounds: Rounds, requests: int) -> None:
    busy = calls.server.busy()
    seconds, answers = _load(calls, requests)
    rounds.busy.append((calls.server.busy() - busy) / requests)
    rounds.rates.append(requests / seconds)
    rounds.answers.extend(answers)


def _load(calls: Calls, requests: int) -> tuple[float, Sequence[float]]:
    method, path, status = calls.route
    arguments = (calls.server.port, method, path, calls.lines, CONNECTIONS, requests, status)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *map(str, arguments)],
        check=False,
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    seen = json.loads(done.stdout)
    return seen["seconds"], seen["answers"]


def spread(which: str, rounds: Rounds) -> dict[str, float]:
    """Further figures of one server's rounds, by names that begin with its own."""
    rising = sorted(rounds.answers)
    return {
        f"{which}_p50_ms": percentile(rising, 0.50) * MILLISECONDS,
        f"{which}_p99_ms": percentile(rising, 0.99) * MILLISECONDS,
        f"{which}_best_req_s": max(rounds.rates),
        f"{which}_cpu_us_per_request": min(rounds.busy) * MICROSECONDS,
    }
