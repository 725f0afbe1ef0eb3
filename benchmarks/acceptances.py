"""`accept-…`: acceptances per second, beside a bare transaction of the driver that writes the very same rows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Final

from benchmarks.bare_acceptance import bare_acceptances
from benchmarks.catalogue import request_body
from benchmarks.databases import ROLE, asked, desk_with_rules, new_account, two_databases
from benchmarks.in_process import MICROSECONDS
from benchmarks.readings import Effort, Reading, Target
from benchmarks.stopwatch import calm_collector
from pricing_engine.api.accepted_json import accepted_json
from pricing_engine.api.json_values import dumped
from pricing_engine.desk import Desk
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.take_step import take_step

LINES: Final = 5
ACTOR: Final = Actor("benchmarks", ROLE)
THREADS: Final = {"sqlite": (1,), "postgresql": (1, 4)}
"""SQLite has one writer, whose use cases run one after the other in the event loop."""

WARM_UP: Final = 8
AT_LEAST: Final = Target(0.6, at_least=True)


@dataclass(frozen=True, slots=True)
class Contender:
    """Who accepts the quotes that are left, one after the other or some at once. Units: seconds of clock and CPU."""

    accept: Callable[[str], object]
    left: Iterator[str]

    def take(self, number: int, threads: int) -> tuple[float, float]:
        """The seconds that so many acceptances took."""
        quotes = list(islice(self.left, number))
        assert len(quotes) == number, "no quotes are left"
        begun, busy = perf_counter(), process_time()
        if threads == 1:
            for quote_id in quotes:
                self.accept(quote_id)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(self.accept, quotes))
        return perf_counter() - begun, process_time() - busy


def accept_quotes(kind: str, effort: Effort) -> list[Reading]:
    """The readings of one kind of database, in one thread and in several."""
    rounds, each = (2, 8) if effort.is_short else (15, 40)
    needed = len(THREADS[kind]) * rounds * each + WARM_UP
    answered = rounds * each + WARM_UP
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pricing-engine-bench-")))
        urls = stack.enter_context(two_databases(kind, folder))
        ours, theirs = (stack.enter_context(desk_with_rules(urls[which], LINES)) for which in ("ours", "bare"))
        mine, accounts = offered(ours, needed + answered), offered(theirs, needed + answered + 1)
        like, *others = accounts
        accept_quote(theirs, quote_id=like, actor=ACTOR)
        bare = stack.enter_context(bare_acceptances(urls["bare"], like=like, accounts=accounts))
        left = iter(mine)
        engine, answering = Contender(partial(_accept, ours), left), Contender(partial(_accept_and_answer, ours), left)
        floor = Contender(bare.accept, iter(others))
        for contender in (engine, answering, floor):
            contender.take(WARM_UP, 1)
        with calm_collector():
            return [
                *(_race(kind, threads, engine, floor, (rounds, each)) for threads in THREADS[kind]),
                _race(kind, 1, answering, floor, (rounds, each), what="accept and answer", target=None),
            ]


def offered(desk: Desk, number: int) -> dict[str, str]:
    """So many presented quotes with the account of each, which has no contract yet."""
    found = {}
    for _ in range(number):
        account = new_account(desk)
        quote_id = request_quote(desk, ask=asked(request_body(LINES, account_id=account)), by=ROLE).quote.id
        take_step(desk, quote_id=quote_id, action=Action.PRESENT, actor=ACTOR)
        found[quote_id] = account
    return found


def _accept(desk: Desk, quote_id: str) -> None:
    accept_quote(desk, quote_id=quote_id, actor=ACTOR)


def _accept_and_answer(desk: Desk, quote_id: str) -> None:
    """What an answer over HTTP says has to be decoded and written: quote, contract and movements."""
    dumped(accepted_json(accept_quote(desk, quote_id=quote_id, actor=ACTOR), role=ROLE))


def _race(
    kind: str,
    threads: int,
    engine: Contender,
    floor: Contender,
    size: tuple[int, int],
    *,
    what: str = "accept",
    target: Target | None = AT_LEAST,
) -> Reading:
    rounds, each = size
    laps = [(engine.take(each, threads), floor.take(each, threads)) for _ in range(rounds)]
    mine, bare = [lap[0] for lap in laps], [lap[1] for lap in laps]
    return Reading(
        f"{what} {kind}, {threads} thread{'s' if threads > 1 else ''}",
        "per s",
        _rate(mine, each),
        _rate(bare, each),
        target=target,
        # How long a disk takes to sync changes by the second, so each round counts beside the one next to it.
        by_rounds=median(theirs[0] / ours[0] for ours, theirs in laps),
        more={
            "engine_cpu_us": min(lap[1] for lap in mine) / each * MICROSECONDS,
            "floor_cpu_us": min(lap[1] for lap in bare) / each * MICROSECONDS,
        },
    )


def _rate(laps: Sequence[tuple[float, float]], each: int) -> float:
    return each / median(lap[0] for lap in laps)
