"""Quotes priced in an event loop: as elsewhere, over connections that break, wait and are full as others do."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest
import uvloop
from sqlalchemy import bindparam, func, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from pricing_engine.desk import Desk
from pricing_engine.storage import tables
from pricing_engine.storage.accounts import AccountNotFound
from pricing_engine.storage.database import open_database
from pricing_engine.storage.dispatch import Dispatch
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.loop_connections import LoopConnections
from pricing_engine.usecases import quote_ask
from pricing_engine.usecases.preview_quote import preview_quote, preview_quote_in_loop
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.read_quote import read_quote
from pricing_engine.usecases.request_quote import request_quote, request_quote_in_loop
from tests.builders import NOON, a_desk
from tests.storage.retained_book import START, agree, crm, customer, on_day, with_rules
from tests.storage.test_use_cases import an_ask, open_for_business, row_count

ECHO = HotStatement(select(bindparam("what")))
OWN = HotStatement(select(func.pg_backend_pid()))
LONG = HotStatement(select(func.pg_sleep(bindparam("seconds"))))
MANY = 12

Play = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def play(request: pytest.FixtureRequest) -> Play:
    """What runs a coroutine, in the loop that tests have or in the one that serves."""

    def run(scene: Coroutine[Any, Any, Any]) -> Any:
        with asyncio.Runner(loop_factory=request.param) as runner:
            return runner.run(asyncio.wait_for(scene, timeout=60))

    return run


@contextmanager
def loop_connections(url: str) -> Iterator[LoopConnections]:
    """Two connections at most."""
    database = open_database(url, pool_size=2)
    assert database.in_loop is not None
    yield database.in_loop
    database.close()


@dataclass
class Counted:
    """A dispatch that counts what it runs."""

    own: Dispatch
    runs: int = 0

    async def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Runs it."""
        self.runs += 1
        return await self.own.run(function, *args, **kwargs)


def counted(desk: Desk) -> tuple[Desk, Counted]:
    """The desk, and what it runs elsewhere than in the loop."""
    dispatch = Counted(desk.dispatch)
    return replace(desk, dispatch=dispatch), dispatch  # type: ignore[arg-type]


def kill(url: str, pid: int) -> None:
    """Ends a connection from the server's side, and waits until it is gone."""
    database = open_database(url, pool_size=1)
    with database.autocommit.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    database.close()


def test_a_quote_asked_for_in_a_loop_is_the_one_asked_for_elsewhere(desk: Desk, play: Play) -> None:
    ask = an_ask(open_for_business(desk))
    elsewhere = request_quote(desk, ask=ask, by="ada")
    stored = play(request_quote_in_loop(desk, ask=ask, by="ada"))
    assert stored.quote == elsewhere.quote._replace(id=stored.quote.id)
    assert (stored.content_hash, stored.created_by) == (elsewhere.content_hash, "ada")
    assert read_quote(desk, quote_id=stored.quote.id).stored == stored
    assert stored.quote.id in desk.unvalued
    assert play(preview_quote_in_loop(desk, ask=ask)) == preview_quote(desk, ask=ask)


def test_what_is_refused_in_a_loop_is_refused_as_elsewhere_and_nothing_is_kept(desk: Desk, play: Play) -> None:
    open_for_business(desk)
    with pytest.raises(AccountNotFound):
        play(request_quote_in_loop(desk, ask=an_ask("acc_nobody"), by="ada"))
    assert row_count(desk, "quote") == 0


def test_more_at_once_than_connections_are_all_kept(postgres_url: str, play: Play) -> None:
    with a_desk(postgres_url, database=open_database(postgres_url, pool_size=2)) as desk:
        ask = an_ask(open_for_business(desk))
        preview_quote(desk, ask=ask)  # compiles the rulebook
        watched, elsewhere = counted(desk)

        async def all_at_once() -> None:
            await asyncio.gather(*[request_quote_in_loop(watched, ask=ask, by="ada") for _ in range(MANY)])

        play(all_at_once())
        assert desk.database.in_loop is not None
        assert (row_count(desk, "quote"), elsewhere.runs, len(desk.database.in_loop.free)) == (MANY, 0, 2)


def test_what_is_not_in_memory_is_read_elsewhere_and_then_is(postgres_url: str, play: Play) -> None:
    with a_desk(postgres_url) as desk:
        account = open_for_business(desk)
    with a_desk(postgres_url) as cold:
        watched, elsewhere = counted(cold)
        for runs in (1, 1):
            play(preview_quote_in_loop(watched, ask=an_ask(account)))
            assert elsewhere.runs == runs


@pytest.mark.parametrize("limit", ["INLINE_CHANGES", "INLINE_STATE"])
def test_a_change_is_priced_in_the_loop_unless_it_or_its_contract_is_large(
    limit: str, postgres_url: str, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_desk(postgres_url) as desk:
        account = customer(with_rules(desk), "grows")
        agree(desk, account, START, crm(10))
        today = on_day(desk, START)
        watched, elsewhere = counted(today)
        ask = QuoteAsk(account, "rep", START, (crm(20),))
        in_loop = play(preview_quote_in_loop(watched, ask=ask))
        assert (in_loop, elsewhere.runs) == (preview_quote(today, ask=ask), 0)
        assert in_loop.change is not None
        monkeypatch.setattr(quote_ask, limit, 0)
        assert (play(preview_quote_in_loop(watched, ask=ask)), elsewhere.runs) == (in_loop, 1)


def test_a_connection_that_was_lost_meanwhile_is_replaced_without_an_error(postgres_url: str, play: Play) -> None:
    with loop_connections(postgres_url) as connections:

        async def lose_it_between_two_uses() -> tuple[int, int]:
            async with connections.open("acme") as session:
                ((first,),) = await OWN.rows_in_loop(session, {})
            await asyncio.to_thread(kill, postgres_url, first)  # meanwhile the loop runs and is told
            async with connections.open("acme") as session:
                ((second,),) = await OWN.rows_in_loop(session, {})
            return first, second

        first, second = play(lose_it_between_two_uses())
        assert first != second
        kill(postgres_url, second)  # no loop runs
        assert play(_own(connections)) not in {first, second}


def test_a_connection_that_breaks_is_reported_as_core_does_and_not_used_again(postgres_url: str, play: Play) -> None:
    with loop_connections(postgres_url) as connections:

        async def lose_it_while_it_is_waited_for() -> None:
            async with connections.open("acme") as session:
                ((pid,),) = await OWN.rows_in_loop(session, {})
                waiting = asyncio.create_task(LONG.run_in_loop(session, {"seconds": 600}))
                await asyncio.to_thread(kill, postgres_url, pid)
                await waiting

        with pytest.raises(OperationalError) as broken:
            play(lose_it_while_it_is_waited_for())
        assert broken.value.connection_invalidated
        assert connections.free == []
        assert play(_own(connections)) > 0


def test_a_connection_whose_answer_nobody_waits_for_any_more_is_not_used_again(postgres_url: str, play: Play) -> None:
    with loop_connections(postgres_url) as connections:

        async def stop_waiting() -> None:
            async with connections.open("acme") as session:
                waiting = asyncio.create_task(LONG.run_in_loop(session, {"seconds": 600}))
                await asyncio.sleep(0)
                waiting.cancel()
                await waiting

        with pytest.raises(asyncio.CancelledError):
            play(stop_waiting())
        assert connections.free == []


def test_more_than_the_system_takes_at_once_is_sent_and_read(postgres_url: str, play: Play) -> None:
    said = "0123456789" * 2_000_000
    with loop_connections(postgres_url) as connections:

        async def say() -> Any:
            async with connections.open("acme") as session:
                return await ECHO.rows_in_loop(session, {"what": said})

        assert play(say()) == [(said,)]


def test_a_refused_row_raises_what_core_raises_and_leaves_the_connection_as_it_was(
    postgres_url: str, play: Play
) -> None:
    orphan = HotStatement(insert(tables.rulebook_activation))
    row = {"tenant_id": "acme", "id": "act_1", "rulebook_hash": "none", "from_instant": NOON, "created_at": NOON}
    with loop_connections(postgres_url) as connections:

        async def refused() -> None:
            async with connections.open("acme") as session:
                await orphan.run_in_loop(session, row | {"reason": "none", "activated_by": "nobody"})

        with pytest.raises(IntegrityError):
            play(refused())
        assert len(connections.free) == 1


def test_a_connection_that_is_reset_while_it_is_waited_for_is_reported_and_its_place_given_back(
    postgres_url: str, play: Play
) -> None:
    async def reset_it() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            through = make_url(postgres_url).set(host="127.0.0.1", port=listener.getsockname()[1], query={})
            relay = asyncio.create_task(_relay(listener, postgres_url))
            with loop_connections(through.render_as_string(hide_password=False)) as connections:
                async with connections.open("acme") as session:
                    await OWN.rows_in_loop(session, {})
                    waiting = asyncio.create_task(LONG.run_in_loop(session, {"seconds": 600}))
                    relay.cancel()
                    _reset(await relay, after=b"T")  # a query's answer begins so
                    await waiting

    with pytest.raises(OperationalError) as broken:
        play(reset_it())
    assert broken.value.connection_invalidated


def test_a_url_may_have_options_of_its_own_as_it_may_elsewhere(postgres_url: str, play: Play) -> None:
    url = make_url(postgres_url).update_query_dict({"options": "-c search_path=public"})
    with loop_connections(url.render_as_string(hide_password=False)) as connections:
        assert play(_own(connections)) > 0


def test_a_database_that_is_away_is_an_operational_error(play: Play) -> None:
    with (
        loop_connections("postgresql://127.0.0.1:1/none") as connections,
        pytest.raises(OperationalError, match="refused"),
    ):
        play(_own(connections))


async def _own(connections: LoopConnections) -> Any:
    async with connections.open("acme") as session:
        ((pid,),) = await OWN.rows_in_loop(session, {})
    return pid


def _reset(connection: socket.socket, *, after: bytes) -> None:
    """Ends a connection as a server does that has not read everything."""
    connection.send(after)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


async def _relay(listener: socket.socket, url: str) -> socket.socket:
    """Stands between one client and PostgreSQL until it is cancelled; then gives the client's end."""
    loop = asyncio.get_running_loop()
    client, _ = await loop.sock_accept(listener)
    server = socket.socket(socket.AF_UNIX)
    server.setblocking(False)
    named = make_url(url)
    folder, port = named.query.get("host", named.host), named.query.get("port", named.port or 5432)
    await loop.sock_connect(server, f"{folder}/.s.PGSQL.{port}")
    with server, suppress(asyncio.CancelledError):
        await asyncio.gather(_pass_on(client, server), _pass_on(server, client))
    return client


async def _pass_on(heard: socket.socket, to: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while said := await loop.sock_recv(heard, 4096):
        await loop.sock_sendall(to, said)
