"""The long form, `make torture`: kills the service and crowds quotes on both databases, as durable as they come.

From the environment: TORTURE_KILLS on each database (1000), TORTURE_QUOTES that 64 accept at once (100),
TORTURE_MINUTES after which nothing more begins (60), TORTURE_SEED (the time; it is printed).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from pricing_engine.storage.database import upgrade
from tests import databases
from tests.torture.crowd import PARTIES, a_crowd, wrong_ends
from tests.torture.durable import DurableServer, durable_server
from tests.torture.killing import Blow, Siege, Tally
from tests.torture.offers import a_desk_with_rules, new_account, offered
from tests.torture.service import failures, serving
from tests.torture.wholeness import broken_promises

ROUNDS_PER_DATABASE = 25
"""Then a fresh one is taken, so that checking everything after each round does not take longer and longer."""

SESSIONS_EVERY, CRASH_EVERY = 7, 24
"""Rounds on PostgreSQL in which its sessions are ended, or it is crashed itself, instead of our service."""


@dataclass
class Torture:
    """What was done to one kind of database; `server` is where it is, for PostgreSQL."""

    server: DurableServer | None
    tally: Tally = field(default_factory=Tally)

    @property
    def kind(self) -> str:
        """What the database is called."""
        return "sqlite" if self.server is None else "postgresql"

    def crowd(self, number: int) -> None:
        """Has so many quotes accepted by a crowd each."""
        with self._database() as (url, folder), a_desk_with_rules(url) as desk, serving(url, folder) as service:
            for _ in range(2):
                service.start()
            with a_crowd(service) as crowd:
                for _ in range(number):
                    answers = crowd.accept(offered(desk, new_account(desk)))
                    self.tally.wrong += [*failures(answers, service.log), *wrong_ends(answers)]
            self.tally.wrong += broken_promises(desk)
        say(f"{self.kind}: {number} quotes accepted by {PARTIES} each at once, {len(self.tally.wrong)} wrong")

    def besiege(self, rounds: int, random: Random) -> None:
        """Kills the service so many times, in a fresh database."""
        with self._database() as (url, folder), a_desk_with_rules(url) as desk, serving(url, folder) as service:
            service.start()
            siege = Siege(desk, service, random, crash=self.server and self.server.crash, tally=self.tally)
            for number in range(1, rounds + 1):
                siege.round(self._blow(number))
        say(f"{self.kind}: {self.tally}; {len(self.tally.wrong)} wrong")

    def _blow(self, number: int) -> Blow:
        if self.server is None:
            return Blow.KILL
        if number % CRASH_EVERY == 0:
            return Blow.CRASH
        return Blow.KILL if number % SESSIONS_EVERY else Blow.SESSIONS

    @contextmanager
    def _database(self) -> Iterator[tuple[str, Path]]:
        """A fresh, migrated database, and a folder."""
        with tempfile.TemporaryDirectory(prefix="pricing-engine-torture-") as name:
            folder = Path(name)
            if self.server is None:
                url = databases.sqlite_url(folder / "torture.sqlite")
                upgrade(url)
                yield url, folder
                return
            with databases.fresh_database(self.server.url) as fresh:
                upgrade(databases.text(fresh))
                yield databases.text(fresh), folder


def main() -> int:
    """How many things did not hold."""
    seed = _setting("SEED", int(time.time()))
    kills, quotes, minutes = _setting("KILLS", 1_000), _setting("QUOTES", 100), _setting("MINUTES", 60)
    until = time.monotonic() + minutes * 60
    say(f"TORTURE_SEED={seed}: {kills} kills and {quotes} crowds on each database, {minutes} minutes at most")
    with durable_server() as server:
        tortures = [Torture(None), Torture(server)]
        for torture in tortures:
            torture.crowd(quotes)
        # Turn by turn, so that both have had their share when time runs out.
        for start in range(0, kills, ROUNDS_PER_DATABASE):
            for torture in tortures:
                if time.monotonic() < until:
                    rounds = min(ROUNDS_PER_DATABASE, kills - start)
                    torture.besiege(rounds, Random(f"{seed} {start} {torture.kind}"))
    wrong = [f"{torture.kind}, {each}" for torture in tortures for each in torture.tally.wrong]
    for each in wrong:
        say(f"WRONG {each}")
    return len(wrong)


def _setting(name: str, usual: int) -> int:
    return int(os.environ.get(f"TORTURE_{name}") or usual)


def say(what: str) -> None:
    """One line of progress."""
    print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)


if __name__ == "__main__":
    sys.exit(bool(main()))
