"""What every test may ask for: a database of each kind, empty or migrated, and how deep properties are tried."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import URL

from tests import databases

RUN_ID_VARIABLE = "PRICING_ENGINE_TEST_RUN_ID"
DATABASE_KINDS = ("sqlite", "postgresql")

settings.register_profile(
    "ci", derandomize=True, database=None, max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure(config: pytest.Config) -> None:
    """Forget the developer's own settings, and give the run an id that the workers inherit."""
    for name in [name for name in os.environ if name.startswith("PRICING_ENGINE_")]:
        if not name.startswith("PRICING_ENGINE_TEST_"):
            del os.environ[name]
    if not hasattr(config, "workerinput"):
        os.environ[RUN_ID_VARIABLE] = uuid.uuid4().hex[:12]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the PostgreSQL of this run, once, after every worker has finished."""
    if not hasattr(config, "workerinput"):
        databases.stop_server(os.environ.pop(RUN_ID_VARIABLE))


@pytest.fixture(scope="session")
def postgres_server() -> URL:
    """A real PostgreSQL server, started by the first test that asks and shared by all workers of the run."""
    return databases.start_server(os.environ[RUN_ID_VARIABLE])


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema, to be copied and not written to."""
    from pricing_engine.storage.database import upgrade

    path = tmp_path_factory.mktemp("migrated") / "template.sqlite"
    upgrade(databases.sqlite_url(path))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: URL) -> Iterator[str]:
    """The name of a PostgreSQL database with the newest schema, to be used as a template and not written to."""
    from pricing_engine.storage.database import upgrade

    with databases.fresh_database(postgres_server) as url:
        upgrade(databases.text(url))
        assert url.database is not None
        yield url.database


@pytest.fixture
def postgres_url(postgres_server: URL, migrated_postgres: str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database with the newest schema and no rows."""
    with databases.fresh_database(postgres_server, template=migrated_postgres) as url:
        yield databases.text(url)


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite file with the newest schema and no rows."""
    path = tmp_path / "test.sqlite"
    databases.copy_sqlite(migrated_sqlite, path)
    return databases.sqlite_url(path)


@pytest.fixture(params=DATABASE_KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def empty_postgres_url(postgres_server: URL) -> Iterator[str]:
    """The URL of a PostgreSQL database without any table, for tests of the migrations themselves."""
    with databases.fresh_database(postgres_server) as url:
        yield databases.text(url)


@pytest.fixture(params=DATABASE_KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table, once on SQLite and once on PostgreSQL, for tests of the migrations."""
    if request.param == "sqlite":
        return databases.sqlite_url(tmp_path / "empty.sqlite")
    url: str = request.getfixturevalue("empty_postgres_url")
    return url
