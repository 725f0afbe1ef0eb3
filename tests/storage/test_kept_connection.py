"""The connection that SQLite keeps for its loop: one for the first thread, none of it shared, nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from pricing_engine.storage.database import Database, open_database


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """A database whose connections are closed at the end."""
    opened = open_database(sqlite_url)
    yield opened
    opened.close()
    assert opened.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def used(database: Database) -> Connection:
    """The connection that a statement was run on."""
    with database.statements() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    return connection


def test_a_thread_that_comes_again_has_the_same_connection_with_nothing_begun(database: Database) -> None:
    first = used(database)
    assert used(database) is first
    assert not first.in_transaction()


def test_another_thread_has_another_connection_and_gives_it_back(database: Database) -> None:
    mine = used(database)
    with ThreadPoolExecutor(1) as other:
        theirs = other.submit(used, database).result()
    assert theirs is not mine
    assert theirs.closed
    assert not mine.closed


def test_what_is_kept_takes_nothing_of_the_sessions_there_can_be_at_once(sqlite_url: str) -> None:
    with closing(open_database(sqlite_url, pool_size=1)) as database:
        used(database)
        with database.transaction() as writer:
            writer.execute(text("SELECT 1"))
        with database.snapshot() as long, database.snapshot() as reader:
            assert [each.scalar(text("SELECT 1")) for each in (long, reader)] == [1, 1]


def test_a_statement_that_fails_leaves_the_connection_usable(database: Database) -> None:
    with pytest.raises(OperationalError), database.statements() as connection:
        connection.execute(text("SELECT * FROM nowhere"))
    assert used(database) is connection


def test_what_is_written_is_kept_at_once(database: Database) -> None:
    with database.statements() as connection:
        connection.execute(text("CREATE TABLE note (word TEXT)"))
        connection.execute(text("INSERT INTO note VALUES ('kept')"))
        with database.reader.connect() as reader:
            assert reader.scalar(text("SELECT word FROM note")) == "kept"


def test_a_database_that_was_closed_opens_another_connection(database: Database) -> None:
    first = used(database)
    database.close()
    assert first.closed
    assert not used(database).closed


def words(database: Database) -> list[str]:
    """The notes that are kept."""
    with database.reader.connect() as reader:
        return list(reader.scalars(text("SELECT word FROM note ORDER BY word")))


def write(connection: Connection, word: str) -> None:
    connection.execute(text("INSERT INTO note VALUES (:word)"), {"word": word})


def test_a_transaction_is_kept_whole_or_not_at_all_whichever_thread_writes(database: Database) -> None:
    with database.statements() as connection:
        connection.execute(text("CREATE TABLE note (word TEXT)"))

    def transact(word: str, *, fails: bool) -> None:
        with database.transaction() as connection:
            write(connection, word)
            assert words(database) == [], "nobody sees it before its end"
            with suppress(OperationalError), connection.begin_nested():
                write(connection, "undone")
                connection.execute(text("SELECT * FROM nowhere"))
            if fails:
                raise KeyError(word)

    for _ in range(2):
        with pytest.raises(KeyError):
            transact("lost", fails=True)
    with ThreadPoolExecutor(1) as other, pytest.raises(KeyError):
        other.submit(transact, "lost", fails=True).result()
    transact("kept", fails=False)
    assert words(database) == ["kept"]


def test_who_cannot_have_the_lock_is_told_as_core_tells_it(database: Database) -> None:
    with database.transaction() as first:
        first.exec_driver_sql("CREATE TABLE note (word TEXT)")
    with database.transaction() as writing, ThreadPoolExecutor(1) as other:
        write(writing, "kept")

        def intrude() -> None:
            with database.engine.connect() as impatient:
                impatient.exec_driver_sql("PRAGMA busy_timeout = 1")
            with database.transaction():
                pytest.fail("two wrote at once")

        with pytest.raises(OperationalError, match="locked"):
            other.submit(intrude).result()
    assert words(database) == ["kept"]
