"""The desk: ids that sort by age, versions compiled once, and use cases run without stalling an event loop."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from pricing_engine import desk as desk_module
from pricing_engine.desk import Desk, new_id, open_desk
from pricing_engine.settings import Settings
from pricing_engine.storage.rulebooks import RulebookNotFound
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from tests.builders import a_desk
from tests.unit.rulebook.small_rules import small_rules


def test_ids_name_their_kind_sort_by_age_and_do_not_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    milliseconds = iter(range(1_800_000_000_000, 1_800_000_001_000))
    monkeypatch.setattr(desk_module, "time_ns", lambda: next(milliseconds) * 1_000_000)
    ids = [new_id("quo") for _ in range(1_000)]
    assert ids == sorted(set(ids))
    # 12 digits of time and 20 of chance: 80 bits.
    assert all(re.fullmatch(r"quo_[0-9a-f]{32}", id_) for id_ in ids)


def test_ids_made_in_one_instant_differ_in_eighty_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "time_ns", lambda: 1_800_000_000_000_000_000)
    assert len({new_id("quo")[-20:] for _ in range(1_000)}) == 1_000


def test_the_day_is_that_of_utc(sqlite_url: str) -> None:
    # 20:00 in New York on 1 March is 01:00 UTC on 2 March.
    evening = datetime(2026, 3, 1, 20, 0, tzinfo=timezone(timedelta(hours=-5)))
    with a_desk(sqlite_url, now=lambda: evening) as desk:
        assert desk.today().isoformat() == "2026-03-02"


def test_a_version_is_compiled_once_even_when_many_ask_at_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    really = desk_module.load_published

    def counting(*args: Any, **named: Any) -> Any:
        compiled.append(threading.current_thread().name)
        return really(*args, **named)

    with a_desk(database_url) as desk:
        hash_ = publish_rulebook(desk, small_rules(), author="ada").summary.hash
        monkeypatch.setattr(desk_module, "load_published", counting)

        def ask(_: int) -> int:
            with desk.reading() as session:
                return id(desk.rulebook(session, hash_))

        with ThreadPoolExecutor(4) as threads:
            assert len(set(threads.map(ask, range(12)))) == 1
    assert len(compiled) == 1


def test_only_so_many_compiled_versions_are_kept(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "COMPILED_KEPT", 2)
    with a_desk(sqlite_url) as desk:
        for price in ("1.00", "2.00", "3.00"):
            files = {name: text.replace(b'"50.00"', f'"{price}"'.encode()) for name, text in small_rules().items()}
            hash_ = publish_rulebook(desk, files, author="ada").summary.hash
            with desk.reading() as session:
                assert desk.rulebook(session, hash_).hash == hash_
        assert len(desk.compiled.kept) == 2


def test_what_one_tenant_compiled_is_not_found_by_another(desk: Desk) -> None:
    hash_ = publish_rulebook(desk, small_rules(), author="ada").summary.hash
    with desk.reading() as session:
        desk.rulebook(session, hash_)
    rival = desk.for_tenant("rival")
    with rival.reading() as session, pytest.raises(RulebookNotFound):
        rival.rulebook(session, hash_)


SPOKEN: ContextVar[str] = ContextVar("spoken", default="nothing")


async def hear(desk: Desk) -> tuple[str, str]:
    SPOKEN.set("hello")
    return await desk.run(lambda: (threading.current_thread().name, SPOKEN.get()))


def test_sqlite_runs_in_the_loop_and_postgresql_in_a_thread(desk: Desk) -> None:
    thread, spoken = asyncio.run(hear(desk))
    assert spoken == "hello"
    in_loop = thread == threading.current_thread().name
    assert in_loop == (desk.database.engine.dialect.name == "sqlite")


def test_nobody_waits_for_what_reads_for_long(desk: Desk) -> None:
    let_go = threading.Event()

    def long_read() -> str:
        with desk.reading_still() as session:
            assert let_go.wait(timeout=10)
            return str(session.connection.exec_driver_sql("SELECT 'read'").scalar_one())

    async def both() -> tuple[str, str]:
        long = asyncio.ensure_future(desk.run_apart(long_read))
        await asyncio.sleep(0)
        _, spoken = await hear(desk)
        let_go.set()
        return await long, spoken

    assert asyncio.run(both()) == ("read", "hello")


def test_an_error_of_a_use_case_reaches_who_awaits_it(desk: Desk) -> None:
    def fail() -> None:
        raise RuntimeError("refused")

    with pytest.raises(RuntimeError, match="refused"):
        asyncio.run(desk.run(fail))


def test_there_are_as_many_threads_as_connections(postgres_url: str) -> None:
    settings = Settings(database_url=postgres_url, database_pool_size=3)
    desk = open_desk(settings)
    at_once = threading.Barrier(3, timeout=10)

    def meet() -> int:
        with desk.reading() as session:
            at_once.wait()
            return session.connection.exec_driver_sql("SELECT 1").scalar_one()

    async def three() -> list[int]:
        return list(await asyncio.gather(*(desk.run(meet) for _ in range(3))))

    try:
        assert asyncio.run(three()) == [1, 1, 1]
    finally:
        desk.close()


def test_the_real_clock_is_aware_and_now(sqlite_url: str) -> None:
    desk = open_desk(Settings(database_url=sqlite_url))
    try:
        assert abs(desk.now().timestamp() - time.time()) < 60
        assert desk.now().tzinfo is not None
        assert desk.for_tenant("other") == replace(desk, tenant="other")
    finally:
        desk.close()
