"""A migrated database, opened, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from pricing_engine.storage.database import Database
from tests.builders import an_open_database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database."""
    with an_open_database(database_url) as opened:
        yield opened
