"""The migrations: up, down and up again, and equal to the tables the code uses."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from pytest_alembic.plugin.fixtures import alembic_runner  # noqa: F401 - the ready tests below ask for it
from pytest_alembic.tests import (  # noqa: F401 - each is a test
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Engine, MetaData, Table, inspect, select

from pricing_engine.desk import Desk
from pricing_engine.integrations.webhooks.sending import Outcome
from pricing_engine.storage.database import (
    downgrade,
    is_current,
    migration_config,
    open_database,
    open_engine,
    upgrade,
)
from pricing_engine.storage.tables import metadata
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.deliver_webhooks import begin_delivery, finish_delivery
from pricing_engine.usecases.once import Once, Rendered, answer_once
from pricing_engine.usecases.read_journal import verify_journal
from pricing_engine.usecases.record_usage import Measured, record_usage
from pricing_engine.usecases.replay_quote import replay_quote
from pricing_engine.usecases.webhooks import make_webhook
from pricing_engine.usecases.withdraw_rulebook import withdraw_rulebook
from tests.builders import a_desk
from tests.storage.quote_lives import MANAGER, REP, presented
from tests.storage.test_use_cases import an_ask, open_for_business


@pytest.fixture
def alembic_config() -> Config:
    """The migrations as the program runs them."""
    return migration_config()


@pytest.fixture
def alembic_engine(empty_database_url: str) -> Iterator[Engine]:
    """A database without tables, to migrate step by step."""
    database = open_database(empty_database_url)
    yield database.writer
    database.engine.dispose()


def table_names(url: str) -> set[str]:
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return set(inspect(connection).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def test_up_down_and_up_again_leaves_the_same_tables(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    first = table_names(empty_database_url)
    downgrade(empty_database_url, revision="base")
    assert table_names(empty_database_url) == set()
    upgrade(empty_database_url)
    assert table_names(empty_database_url) == first == set(metadata.tables)


def fill_every_table(desk: Desk) -> str:
    """One accepted quote, whose id it gives, and at least one row in each table that there is."""
    account = open_for_business(desk)
    quote_id = presented(desk, an_ask(account))
    once: Once[Any] = Once("key", "fingerprint", lambda done: Rendered(200, {}, done.life.quote.id.encode()))
    answer_once(desk, once, accept_quote, quote_id=quote_id, actor=REP)
    with desk.reading() as session:
        hash = session.connection.scalar(select(metadata.tables["quote"].c.rulebook_hash))
    assert hash is not None
    reading = Measured("r1", "users", desk.now(), Decimal("12.5"))
    record_usage(desk, account_id=account, readings=[reading], by="meter")
    webhook = make_webhook(desk, url="https://hooks.invalid/", events=(), description="", actor=MANAGER)
    withdraw_rulebook(desk, hash=hash, reason="a price was wrong", actor=MANAGER)
    posting = begin_delivery(desk, webhook_id=webhook.id)
    assert posting is not None
    finish_delivery(desk, posting=posting, outcome=Outcome(500, "not accepted"), began=desk.now(), jitter=0.0)
    return quote_id


def every_row(url: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table as the database itself has them, by column."""
    engine, found = open_engine(url), MetaData()
    try:
        with engine.connect() as connection:
            found.reflect(connection)
            tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
            return {table.name: _rows(connection, table) for table in tables}
    finally:
        engine.dispose()


def _rows(connection: Any, table: Table) -> list[dict[str, Any]]:
    rows = [dict(row._mapping) for row in connection.execute(select(table))]
    return sorted(rows, key=repr)


def as_far_as(known: dict[str, list[dict[str, Any]]], rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The rows of the tables and columns that are known, in the order of all they say."""
    return {
        name: sorted(({column: row[column] for column in found[0]} for row in rows[name]), key=repr)
        for name, found in known.items()
        if found
    }


@pytest.mark.parametrize("revision", ["0005", "0003", "0002", "0001"])
def test_down_and_up_again_keeps_the_rows_of_what_stays(revision: str, database_url: str) -> None:
    with a_desk(database_url) as desk:
        quote_id = fill_every_table(desk)
    before = every_row(database_url)
    assert [name for name, rows in before.items() if not rows] == []
    downgrade(database_url, revision=revision)
    below = every_row(database_url)
    assert set(below) < set(before)
    assert as_far_as(below, before) == below
    upgrade(database_url)
    after = every_row(database_url)
    assert as_far_as(below, after) == below
    assert {name for name, rows in after.items() if not rows} == set(before) - set(below)
    with a_desk(database_url) as desk:
        assert replay_quote(desk, quote_id=quote_id).is_equal
        assert verify_journal(desk).broken is None


def test_after_down_and_up_again_quotes_are_accepted(database_url: str) -> None:
    with a_desk(database_url) as desk:
        account = open_for_business(desk)
        quote_id = presented(desk, an_ask(account))
    downgrade(database_url, revision="0002")
    upgrade(database_url)
    with a_desk(database_url) as desk:
        assert accept_quote(desk, quote_id=quote_id, actor=REP).life.stored.revision == 2
        assert (verify_journal(desk).entries, verify_journal(desk).broken) == (1, None)


def test_a_database_full_of_rows_can_be_taken_down(database_url: str) -> None:
    with a_desk(database_url) as desk:
        fill_every_table(desk)
    downgrade(database_url, revision="base")
    assert table_names(database_url) == set()


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    before = table_names(database_url)
    upgrade(database_url)
    assert table_names(database_url) == before


def test_the_migrated_schema_is_the_one_the_code_uses(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert is_current(engine)
    engine.dispose()


def test_a_database_without_tables_is_not_current(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    assert not is_current(engine)
    engine.dispose()


def test_a_database_of_another_kind_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="oracle is not supported"):
        open_engine("oracle://host/db")
