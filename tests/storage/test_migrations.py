"""The migrations: up, down and up again, and equal to the tables the code uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from pytest_alembic.plugin.fixtures import alembic_runner  # noqa: F401 - the ready tests below ask for it
from pytest_alembic.tests import (  # noqa: F401 - each is a test
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from pricing_engine.desk import Desk
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
from pricing_engine.usecases.read_journal import verify_journal
from pricing_engine.usecases.replay_quote import replay_quote
from tests.builders import a_desk
from tests.storage.every_table import (
    as_far_as,
    columns_of,
    columns_with_values,
    every_row,
    fill_every_table,
    table_names,
)
from tests.storage.quote_lives import REP, presented
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


def test_up_down_and_up_again_leaves_the_same_tables(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    first = table_names(empty_database_url)
    downgrade(empty_database_url, revision="base")
    assert table_names(empty_database_url) == set()
    upgrade(empty_database_url)
    assert table_names(empty_database_url) == first == set(metadata.tables)


LIFE = {"rulebook_withdrawal", "quote_step", "arr_movement", "journal", "journal_head", "kept_answer"}
WEBHOOKS = {"webhook_endpoint", "webhook_delivery", "webhook_attempt"}
CONDITIONS = {"arr_movement.tier", "arr_movement.term_months", "arr_movement.discount"}
EFFECTS = {"quote_effect"}
HISTORIES = {"revenue_month", "history_movement"}
SCORING = {"scoring_deal", "scoring_model", "scoring_activation"}
PRESENTED = {"presented_booking"}
LATEST = {*SCORING, *PRESENTED}
LATER = {*HISTORIES, *LATEST}
LATE = {*EFFECTS, *LATER}
TYPES = {"quote.type"}
NO_CONVERSIONS = {*CONDITIONS, *TYPES, "contract_version.converts_on"}
LOST: dict[str, tuple[set[str], set[str]]] = {
    "0011": (set(), TYPES),
    "0010": (PRESENTED, TYPES),
    "0009": (LATEST, TYPES),
    "0008": (LATER, TYPES),
    "0007": (LATE, TYPES),
    "0006": (LATE, {*CONDITIONS, *TYPES}),
    "0005": ({*LATE, *WEBHOOKS}, {*CONDITIONS, *TYPES}),
    "0004": ({*LATE, *WEBHOOKS}, NO_CONVERSIONS),
    "0003": ({*LATE, *WEBHOOKS, "usage_reading"}, NO_CONVERSIONS),
    "0002": (
        {*LATE, *WEBHOOKS, "usage_reading", *LIFE},
        {"contract_version.converts_on", *TYPES, "quote.revision", "quote.revises", "quote.valid_until"},
    ),
    "0001": (
        {*LATE, *WEBHOOKS, "usage_reading", *LIFE, "contract_version"},
        {*TYPES, "quote.revision", "quote.revises", "quote.valid_until"},
    ),
}
"""The tables and, of those that stay, the columns that a database has no place for at a revision."""

DERIVED = {"quote.type", "contract_version.converts_on"}
"""The columns whose values follow from what stays, and come back with them."""

GUARDED = {
    *("rulebook_version", "rulebook_activation", "rulebook_withdrawal", "contract_version"),
    *("quote_step", "arr_movement", "journal", "usage_reading", *HISTORIES),
    *("scoring_model", "scoring_activation", "presented_booking"),
}
"""The tables whose rows are never changed."""


def test_every_column_of_every_table_has_a_value_to_be_kept(database_url: str) -> None:
    with a_desk(database_url) as desk:
        fill_every_table(desk)
    columns = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    assert columns - columns_with_values(every_row(database_url)) == set()


def test_every_revision_but_the_last_is_gone_down_to_with_data() -> None:
    scripts = ScriptDirectory.from_config(migration_config())
    assert {each.revision for each in scripts.walk_revisions()} - {*scripts.get_heads()} == set(LOST)


@pytest.mark.parametrize("revision", LOST)
def test_down_and_up_again_keeps_the_rows_of_what_stays(revision: str, database_url: str) -> None:
    with a_desk(database_url) as desk:
        quote_id = fill_every_table(desk)
    before = every_row(database_url)
    tables, columns = LOST[revision]
    downgrade(database_url, revision=revision)
    below = every_row(database_url)
    assert set(before) - set(below) == tables
    kept = {name: before[name] for name in below}
    assert columns_of(kept) - columns_of(below) == columns
    assert as_far_as(below, before) == below
    upgrade(database_url)
    after = every_row(database_url)
    assert as_far_as(below, after) == below
    assert {name for name, rows in after.items() if not rows} == tables
    assert columns_of(kept) == columns_of({name: after[name] for name in below})
    # What has come back empty is as in a row that was made before it was there.
    given = {"quote.revision": 1}
    for place in columns:
        name, column = place.split(".")
        if place in DERIVED:
            assert values_of(after[name], column) == values_of(before[name], column), place
            continue
        assert {row[column] for row in after[name]} == {given.get(place)}, place
    with a_desk(database_url) as desk:
        assert replay_quote(desk, quote_id=quote_id).is_equal
        assert_verified_as_far_as_it_is_kept(desk, is_log_lost="journal" in tables)
        assert_never_changed(desk, GUARDED - tables)


def values_of(rows: list[dict[str, Any]], column: str) -> dict[tuple[Any, ...], Any]:
    """The values of a column by the row's first three columns, which its key is among."""
    return {tuple(row.values())[:3]: row[column] for row in rows}


def assert_verified_as_far_as_it_is_kept(desk: Desk, *, is_log_lost: bool) -> None:
    """The log is whole; without it and the steps nothing says any more how a quote has come to be where it is."""
    verified = verify_journal(desk)
    if is_log_lost:
        assert (verified.entries, verified.broken is None) == (0, False)
        assert verified.broken is not None
        assert verified.broken.what.endswith("at revision 1, and nothing was done with it since it was made")
    else:
        assert verified.broken is None
        assert verified.steps > 0


def assert_never_changed(desk: Desk, tables: set[str]) -> None:
    for table in tables:
        for verb in (f"UPDATE {table} SET tenant_id = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="never changed"), desk.transaction() as session:
                session.connection.exec_driver_sql(verb)


def test_after_down_and_up_again_the_whole_engine_works_on_what_was_kept(database_url: str) -> None:
    """Every migration is gone up with rows in the tables it changes, and each of its tables is then filled anew."""
    with a_desk(database_url) as desk:
        fill_every_table(desk)
    downgrade(database_url, revision="0001")
    upgrade(database_url)
    with a_desk(database_url) as desk:
        other = desk.for_tenant("other")
        fill_every_table(other)
        assert verify_journal(other).broken is None
    assert [name for name, rows in every_row(database_url).items() if not rows] == []


def test_after_down_and_up_again_quotes_are_accepted(database_url: str) -> None:
    with a_desk(database_url) as desk:
        account = open_for_business(desk)
        quote_id = presented(desk, an_ask(account))
    downgrade(database_url, revision="0002")
    upgrade(database_url)
    with a_desk(database_url) as desk:
        assert accept_quote(desk, quote_id=quote_id, actor=REP).life.stored.revision == 2
        # That it was presented is lost with the log of it, which is therefore no longer as the quote is.
        broken = verify_journal(desk).broken
        assert broken is not None
        assert (
            broken.what == f"quote {quote_id}: step 2 was taken from 'presented', and the quote was 'draft' before it"
        )


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
