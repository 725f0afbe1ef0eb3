"""Rounds in which quotes are accepted while the service is killed, and what must hold after each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from queue import Empty, SimpleQueue
from random import Random
from threading import Event, Lock, Thread

from sqlalchemy import bindparam, text

from pricing_engine.desk import Desk
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.storage import contracts, quotes
from tests.torture.offers import new_account, offered, offered_more
from tests.torture.served import SERVED
from tests.torture.service import Answer, Service, accept, facts_of, failures
from tests.torture.wholeness import broken_promises

CLIENTS = 8
QUOTES = 24
"""How many are offered in a round: enough that some are left when it is struck."""

LONGEST_PAUSE = 0.006
"""Seconds from an acknowledgement to the blow at most: some acceptances more, so that it comes anywhere within one."""


class Blow(StrEnum):
    """What is done to the service in a round."""

    KILL = "kill"
    SESSIONS = "end its database sessions"
    CRASH = "crash its database"


@dataclass
class Asked:
    """One acceptance that somebody asks for."""

    quote_id: str
    key: str | None
    answer: Answer | None = None

    @property
    def is_acknowledged(self) -> bool:
        """Whether the client was told that it is done."""
        return self.answer is not None and self.answer.status == 200


@dataclass
class Tally:
    """What came of the rounds."""

    blows: int = 0
    acknowledged: int = 0
    done_unseen: int = 0
    completed: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lost = self.done_unseen + self.completed
        return (
            f"{self.blows} blows, {self.acknowledged} acceptances acknowledged and kept; {lost} without an answer, of "
            f"which {self.done_unseen} were done and {self.completed} not: they were when asked again"
        )


@dataclass
class Siege:
    """A service under attack. `crash` crashes its database, where that can be done."""

    desk: Desk
    service: Service
    random: Random
    crash: Callable[[], None] | None = None
    tally: Tally = field(default_factory=Tally)
    _accounts: list[str] = field(default_factory=list)

    def round(self, blow: Blow = Blow.KILL) -> None:
        """Offers quotes, strikes while they are accepted, and asks again for what was not acknowledged."""
        asked = self._offers()
        self._struck(asked, blow)
        known = [each for each in asked if each.is_acknowledged]
        lost = [each for each in asked if not each.is_acknowledged]
        done = self._accepted(lost)
        wrong = [*self._lost(known), *broken_promises(self.desk), *self._asked_again(lost, done)]
        wrong += [*self._lost(asked), *self._answered_otherwise(known), *broken_promises(self.desk)]
        self.tally.blows += 1
        self.tally.acknowledged += len(known)
        self.tally.done_unseen += len(done)
        self.tally.completed += len(lost) - len(done)
        self.tally.wrong += [f"blow {self.tally.blows} ({blow}): {each}" for each in wrong]

    def _offers(self) -> list[Asked]:
        """Half are changes of the contracts of the round before; every third is asked for without a key."""
        held, self._accounts = self._accounts, [new_account(self.desk) for _ in range(QUOTES // 2)]
        ids = [offered(self.desk, account) for account in self._accounts]
        ids += [offered_more(self.desk, account, 100 + self.random.randrange(1, 99)) for account in held]
        self.random.shuffle(ids)
        return [Asked(id_, f"accept-{id_}" if number % 3 else None) for number, id_ in enumerate(ids)]

    def _struck(self, asked: Sequence[Asked], blow: Blow) -> None:
        """Has the quotes accepted by several clients, and strikes some time after a random one is acknowledged."""
        clients = Clients(self.service, asked, strike_after=self.random.randrange(1, len(asked) // 2))
        threads = [Thread(target=clients.work, daemon=True) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        clients.is_time.wait()
        Event().wait(self.random.random() * LONGEST_PAUSE)
        match blow:
            case Blow.KILL:
                killed = self.service.kill()
                self.service.start()
                while self._sessions(killed):
                    "PostgreSQL still does what it was told by the dead."
            case Blow.SESSIONS:
                self._sessions(self.service.alive, "pg_terminate_backend(pid)")
            case Blow.CRASH:
                assert self.crash is not None, "nobody said how"
                self.crash()
        for thread in threads:
            thread.join()
        expected = frozenset() if blow is Blow.KILL else frozenset({503})
        answers = [each.answer for each in asked if each.answer is not None]
        self.tally.wrong += failures(answers, self.service.log, expected=expected)

    def _sessions(self, pids: Iterable[int], what: str = "pid") -> list[object]:
        """What PostgreSQL says of the sessions of servers; SQLite has none."""
        if not self.desk.database.waits_on_network:
            return []
        query = text(f"SELECT {what} FROM pg_stat_activity WHERE application_name IN :names")
        with self.desk.reading() as session:
            names = {"names": [f"{SERVED}{pid}" for pid in pids]}
            return list(session.connection.scalars(query.bindparams(bindparam("names", expanding=True)), names))

    def _accepted(self, asked: Iterable[Asked]) -> set[str]:
        """Which of the quotes are accepted."""
        with self.desk.reading() as session:
            found = [quotes.load(session, each.quote_id).quote for each in asked]
        return {quote.id for quote in found if quote.state is QuoteState.ACCEPTED}

    def _lost(self, asked: Sequence[Asked]) -> list[str]:
        """Those that were acknowledged and are not there as it was said."""
        wrong = []
        with self.desk.reading() as session:
            for each in asked:
                assert each.answer is not None
                booked = contracts.booked_by_quote(session, each.quote_id)
                said = facts_of(each.answer).get("contract")
                if each.answer.status == 200 and (said is None or (said["id"], said["version"]) != booked):
                    wrong.append(f"{each.quote_id} was said to have made {said} and has made {booked}")
        return wrong

    def _asked_again(self, lost: Sequence[Asked], done: set[str]) -> list[str]:
        """What is wrong with the answers to the same requests again."""
        wrong = []
        with closing(self.service.client()) as client:
            for each in lost:
                each.answer = accept(client, each.quote_id, key=each.key)
                assert each.answer is not None, f"{each.quote_id} is not answered at all"
                is_told = each.key is None and each.quote_id in done
                status = 409 if is_told else 200
                if each.answer.status != status:
                    wrong.append(f"asking again for {each.quote_id} gave {each.answer}, not {status}")
        return wrong

    def _answered_otherwise(self, known: Sequence[Asked]) -> list[str]:
        """Those that were acknowledged under a key and are answered otherwise when they are asked for again."""
        with closing(self.service.client()) as client:
            return [
                f"{each.quote_id} is answered otherwise under {each.key}"
                for each in known
                if each.key is not None and accept(client, each.quote_id, key=each.key) != each.answer
            ]


class Clients:
    """Who accept quotes, each one after the other; `is_time` is set once so many are acknowledged."""

    def __init__(self, service: Service, asked: Sequence[Asked], *, strike_after: int) -> None:
        self.service, self.strike_after = service, strike_after
        self.left: SimpleQueue[Asked] = SimpleQueue()
        for each in asked:
            self.left.put(each)
        self.is_time, self.lock, self.acknowledged = Event(), Lock(), 0

    def work(self) -> None:
        """Accepts until none is left; who loses the connection goes on with another quote."""
        with closing(self.service.client()) as client:
            while True:
                try:
                    asked = self.left.get_nowait()
                except Empty:
                    self.is_time.set()
                    return
                asked.answer = accept(client, asked.quote_id, key=asked.key)
                with self.lock:
                    self.acknowledged += asked.is_acknowledged
                    if self.acknowledged >= self.strike_after:
                        self.is_time.set()
