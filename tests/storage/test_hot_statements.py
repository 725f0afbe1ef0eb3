"""Hot statements, which the driver runs itself, give and raise what Core would, and leave nothing open behind them."""

import sqlite3
from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, insert, literal, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from pricing_engine.desk import Desk
from pricing_engine.storage import quote_basis, tables
from pricing_engine.storage.accounts import AccountNotFound
from pricing_engine.storage.database import Database, open_database
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.quotes import load
from pricing_engine.storage.session import Session
from pricing_engine.usecases.read_quote import read_quote
from pricing_engine.usecases.request_quote import request_quote
from tests.builders import NOON, a_desk
from tests.storage.test_use_cases import an_ask, open_for_business

ECHO = HotStatement(select(literal("said"), bindparam("what")))


def autocommit(database: Database) -> Session:
    """A session outside a `with`, for tests that break its connection."""
    return Session(database.autocommit.connect(), "acme")


def test_a_row_has_the_constants_of_the_statement_and_what_was_bound(database: Database) -> None:
    with database.autocommit.connect() as connection:
        assert tuple(ECHO.row(Session(connection, "acme"), {"what": "hello"}) or ()) == ("said", "hello")


def test_without_a_row_there_is_none(desk: Desk) -> None:
    open_for_business(desk)
    with desk.reading() as session, pytest.raises(AccountNotFound):
        quote_basis.load(session, "acc_nobody", as_of=NOON.date())
    rival = desk.for_tenant("rival")
    with rival.reading() as session, pytest.raises(AccountNotFound):
        quote_basis.load(session, "acc_1", as_of=NOON.date())


def test_a_refused_row_raises_what_core_raises(desk: Desk) -> None:
    orphan = HotStatement(insert(tables.rulebook_activation))
    row = {"tenant_id": "acme", "id": "act_1", "rulebook_hash": "none", "from_instant": NOON, "created_at": NOON}
    with desk.autocommit() as session:
        with pytest.raises(IntegrityError):
            orphan.run(session, row | {"reason": "none", "activated_by": "nobody"})
        assert session.connection.scalar(select(tables.rulebook_activation.c.id)) is None


def test_a_quote_is_kept_although_its_rulebook_was_compiled_in_the_same_session(database_url: str) -> None:
    with a_desk(database_url) as desk:
        account = open_for_business(desk)
    with a_desk(database_url) as cold:
        stored = request_quote(cold, ask=an_ask(account), by="ada")
    with a_desk(database_url) as another:
        assert read_quote(another, quote_id=stored.quote.id).stored == stored


def test_rules_put_in_force_and_accounts_changed_by_another_process_count_for_the_next_quote(
    database_url: str,
) -> None:
    with a_desk(database_url) as desk, a_desk(database_url) as other:
        account = open_for_business(desk)
        assert request_quote(desk, ask=an_ask(account), by="ada").quote.request.account.market is None
        with other.transaction() as session:
            session.connection.execute(tables.account.update().values(market="NO"))
        assert request_quote(desk, ask=an_ask(account), by="ada").quote.request.account.market == "NO"


def test_a_connection_that_breaks_is_reported_as_core_does_and_not_used_again(postgres_url: str) -> None:
    database = open_database(postgres_url, pool_size=1)
    session = autocommit(database)
    pid = session.connection.scalar(text("SELECT pg_backend_pid()"))
    killer = open_database(postgres_url, pool_size=1)
    with killer.autocommit.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with pytest.raises(OperationalError) as broken:
        ECHO.row(session, {"what": "hello"})
    assert broken.value.connection_invalidated
    session.connection.close()
    with database.autocommit.connect() as connection:
        assert ECHO.row(Session(connection, "acme"), {"what": "again"}) is not None
    for opened in (database, killer):
        opened.engine.dispose()


def test_a_locked_file_is_an_operational_error(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pricing_engine.storage.database.LOCK_WAIT_MILLISECONDS", 10)
    with a_desk(sqlite_url) as desk:
        account = open_for_business(desk)
        with closing(sqlite3.connect(str(make_url(sqlite_url).database), isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            with pytest.raises(OperationalError, match="locked"):
                request_quote(desk, ask=an_ask(account), by="ada")
            with pytest.raises(OperationalError, match="locked"), desk.transaction():
                pass
            writer.execute("ROLLBACK")
        assert request_quote(desk, ask=an_ask(account), by="ada").version == 1


def test_numbers_and_days_are_written_as_core_writes_them(desk: Desk) -> None:
    stored = request_quote(desk, ask=an_ask(open_for_business(desk)), by="ada")
    column = tables.quote.c
    with desk.reading() as session:
        row = session.connection.execute(select(column.arr, column.as_of, column.complete, column.created_at)).one()
        assert load(session, stored.quote.id) == stored
    assert row == (Decimal("6000.00"), date(2026, 1, 15), True, stored.created_at)
