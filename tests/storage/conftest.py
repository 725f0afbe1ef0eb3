"""A migrated database, opened, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from pricing_engine.desk import Desk
from pricing_engine.storage.database import Database
from tests.builders import NOON, a_desk, an_open_database
from tests.receivers import Clock
from tests.storage.webhook_scenes import Scene


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database."""
    with an_open_database(database_url) as opened:
        yield opened


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """A desk over a fresh, migrated database, with a clock and ids that repeat."""
    with a_desk(database_url) as made:
        yield made


@pytest.fixture
def scene(database_url: str) -> Iterator[Scene]:
    """A scene over each kind of database."""
    clock = Clock(NOON)
    with a_desk(database_url, now=clock) as desk:
        yield Scene(desk, clock)
