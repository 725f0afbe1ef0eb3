"""Many who accept the same quote at the same moment, each over a connection of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

from tests.torture.service import Answer, Service, answer_of, ask_to_accept

PARTIES = 64
CLEAR = frozenset({"contract-changed-meanwhile", "quote-changed-meanwhile", "transition-not-allowed"})
"""The codes of those who come second."""


@dataclass
class Crowd:
    """Connections that are open."""

    clients: list[HTTPConnection]

    def accept(self, quote_id: str, *, key: str | None = None) -> list[Answer]:
        """What each is answered; all have asked before the first answer is read."""
        for number, client in enumerate(self.clients):
            ask_to_accept(client, quote_id, key=key, revision='"2"' if key or number % 2 else "*")
        return [answer_of(client) for client in self.clients]


@contextmanager
def a_crowd(service: Service, parties: int = PARTIES) -> Iterator[Crowd]:
    """So many clients of a service, connected."""
    with ExitStack() as stack:
        clients = [stack.enter_context(closing(service.client())) for _ in range(parties)]
        for client in clients:
            client.connect()
        yield Crowd(clients)


def wrong_ends(answers: list[Answer]) -> list[str]:
    """What is wrong with how those ended who accepted at once: one should have won, and the others should know why."""
    won = [each for each in answers if each.status == 200]
    others = {(each.status, each.code) for each in answers if each.status != 200}
    wrong = [] if len(won) == 1 else [f"{len(won)} won"]
    return [*wrong, *(f"{status} {code}" for status, code in sorted(others) if status != 409 or code not in CLEAR)]
