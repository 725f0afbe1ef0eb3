"""The engines: what is committed stays, references hold, writers wait for each other, lost connections are replaced."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from pricing_engine.storage import accounts, quotes, tables
from pricing_engine.storage.database import Database, downgrade, open_database, upgrade
from tests.builders import NOON, a_quote, an_account, an_open_database, reading, stage, writing


def test_sqlite_syncs_every_commit_and_keeps_references(sqlite_url: str) -> None:
    with an_open_database(sqlite_url) as database, reading(database) as session:
        settings = {
            name: session.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    # 2 is FULL.
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5_000}


def test_postgresql_runs_read_committed_and_does_not_wait_for_locks_forever(postgres_url: str) -> None:
    with an_open_database(postgres_url) as database, writing(database) as session:
        assert session.connection.scalar(text("SHOW transaction_isolation")) == "read committed"
        assert session.connection.scalar(text("SHOW lock_timeout")) == "5s"


def test_a_quote_for_an_account_that_is_not_there_is_refused_by_the_database(database: Database) -> None:
    with pytest.raises(IntegrityError), writing(database) as session:
        quotes.save(session, a_quote(), at=NOON, by="ada")


def test_parallel_writers_wait_for_each_other_and_lose_nothing(database: Database) -> None:
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for number in range(10):
                with writing(database) as session:
                    # Reading first is what makes a transaction that only later asks for the lock fail.
                    session.connection.execute(select(tables.account.c.id)).all()
                    accounts.save(session, an_account(f"acc_{writer}_{number}"), external_id=None, at=NOON)
        except BaseException as failure:  # noqa: BLE001 - carried out of the thread and asserted on
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with reading(database) as session:
        assert len(session.connection.execute(select(tables.account.c.id)).all()) == 40


def test_a_reader_sees_what_was_committed_and_nothing_else(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        with reading(database) as other:
            assert other.connection.execute(select(tables.account.c.id)).all() == []
    with reading(database) as other:
        assert len(other.connection.execute(select(tables.account.c.id)).all()) == 1


def test_a_connection_the_server_closed_is_replaced_without_an_error(postgres_url: str) -> None:
    with an_open_database(postgres_url) as database:
        with reading(database) as session:
            lost = session.connection.scalar(text("SELECT pg_backend_pid()"))
        with an_open_database(postgres_url) as other, reading(other) as session:
            session.connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": lost})
        with writing(database) as session:
            assert session.connection.scalar(text("SELECT pg_backend_pid()")) != lost


def test_a_percent_sign_in_a_folders_name_does_not_confuse_the_migrations(tmp_path: Path) -> None:
    folder = tmp_path / "100% new"
    folder.mkdir()
    url = f"sqlite:///{folder}/book.sqlite"
    upgrade(url)
    with an_open_database(url) as database, writing(database) as session:
        stage(session)
    assert [path.name for path in folder.glob("*.sqlite")] == ["book.sqlite"]


def test_a_plain_postgresql_url_is_opened_with_our_driver(postgres_url: str) -> None:
    plain = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    database = open_database(plain)
    assert database.engine.dialect.driver == "psycopg"
    database.engine.dispose()


def test_a_step_down_and_up_with_rows_leaves_an_empty_but_working_schema(database_url: str) -> None:
    with an_open_database(database_url) as database, writing(database) as session:
        stage(session)
        quotes.save(session, a_quote(), at=NOON, by="ada")
    downgrade(database_url, revision="base")
    upgrade(database_url)
    with an_open_database(database_url) as database, writing(database) as session:
        assert session.connection.execute(select(tables.quote.c.id)).all() == []
        stage(session)
        quotes.save(session, a_quote(), at=NOON, by="ada")


def test_upgrading_keeps_every_row(database_url: str) -> None:
    with an_open_database(database_url) as database, writing(database) as session:
        stage(session)
        stored = quotes.save(session, a_quote(), at=NOON, by="ada")
    upgrade(database_url)
    with an_open_database(database_url) as database, reading(database) as session:
        assert quotes.load(session, "quo_1") == stored


def test_a_migration_that_breaks_a_reference_is_undone(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    orphan = quotes.StoredQuote(a_quote(), 1, "0" * 64, NOON, "ada")

    def careless(config: object, _revision: str) -> None:
        connection = config.attributes["connection"]  # type: ignore[attr-defined]
        connection.execute(insert(tables.quote), quotes._row("acme", orphan, "{}", "{}"))

    monkeypatch.setattr("pricing_engine.storage.database.command.upgrade", careless)
    with pytest.raises(RuntimeError, match=r"broke references and was undone: quote 1 to"):
        upgrade(sqlite_url)
    with an_open_database(sqlite_url) as database, reading(database) as session:
        assert session.connection.execute(select(tables.quote.c.id)).all() == []


def test_two_processes_that_migrate_at_once_both_succeed(empty_database_url: str) -> None:
    failures: list[BaseException] = []

    def migrate() -> None:
        try:
            upgrade(empty_database_url)
        except BaseException as failure:  # noqa: BLE001 - carried out of the thread and asserted on
            failures.append(failure)

    threads = [threading.Thread(target=migrate) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
