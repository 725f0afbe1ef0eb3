"""The migrations: up, down and up again, and equal to the tables the code uses."""

from collections.abc import Iterator

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
from sqlalchemy import Engine, inspect

from pricing_engine.storage.database import (
    downgrade,
    is_current,
    migration_config,
    open_database,
    open_engine,
    upgrade,
)
from pricing_engine.storage.tables import metadata


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
