"""The floor of `accept-…`: one transaction of the driver that writes what an acceptance writes, and decides nothing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import psycopg

WRITTEN: Final = {
    "contract_version": "quote_id",
    "arr_movement": "quote_id",
    "quote_step": "quote_id",
    "journal": "subject",
}
"""The tables an acceptance adds rows to, and which of their columns names the quote."""

_WHICH: Final = {"contract_version": "", "arr_movement": "", "quote_step": " AND action = 'accept'"}
_MORE: Final = {"journal": " AND type = 'quote.accepted'"} | _WHICH


@dataclass
class BareAcceptances:
    """Writes the rows of a quote that the engine accepted under other ids; a connection for each thread."""

    url: str
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    accounts: Mapping[str, str]
    _own: threading.local = field(default_factory=threading.local)
    _opened: list[Any] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def is_sqlite(self) -> bool:
        """Whether one writer is alone anyway."""
        return self.url.startswith("sqlite")

    def accept(self, quote_id: str) -> None:
        """The transaction."""
        connection = self._connection()
        run, number = connection.execute, next(self._numbers)
        contract = f"con_{number:032x}"
        run("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        run(
            self._sql("UPDATE quote SET state = ?, revision = ? WHERE tenant_id = ? AND id = ? AND revision = ?"),
            (*("accepted", 3, self.rows["journal"][0]["tenant_id"], quote_id, 2),),
        )
        new = {"quote_id": quote_id, "account_id": self.accounts[quote_id], "contract_id": contract}
        for table in ("contract_version", "arr_movement", "quote_step"):
            self._insert(connection, table, new)
        lock = "" if self.is_sqlite else " FOR UPDATE"
        tenant = (self.rows["journal"][0]["tenant_id"],)
        ((head, hash_),) = run(
            self._sql(f"SELECT number, hash FROM journal_head WHERE tenant_id = ?{lock}"), tenant
        ).fetchall()
        entry = {"number": head + 1, "id": f"evt_{number:032x}", "subject": quote_id, "previous_hash": hash_}
        self._insert(connection, "journal", entry)
        run(self._sql("UPDATE journal_head SET number = ?, hash = ? WHERE tenant_id = ?"), (head + 1, hash_, *tenant))
        run("COMMIT")

    def close(self) -> None:
        """Closes every connection."""
        for connection in self._opened:
            connection.close()

    def _insert(self, connection: Any, table: str, new: Mapping[str, Any]) -> None:
        rows = self.rows[table]
        names, places = ", ".join(f'"{name}"' for name in rows[0]), ", ".join("?" for _ in rows[0])
        values = [[new.get(name, value) for name, value in row.items()] for row in rows]
        sql = self._sql(f"INSERT INTO {table} ({names}) VALUES ({places})")
        if len(values) == 1:
            connection.execute(sql, values[0])
        else:
            connection.cursor().executemany(sql, values)

    def _sql(self, text: str) -> str:
        return text if self.is_sqlite else text.replace("?", "%s")

    def _connection(self) -> Any:
        if not hasattr(self._own, "connection"):
            self._own.connection = _connect(self.url)
            self._opened.append(self._own.connection)
        return self._own.connection


@contextmanager
def bare_acceptances(url: str, *, like: str, accounts: Mapping[str, str]) -> Iterator[BareAcceptances]:
    """Acceptances in a database where the engine has accepted the quote `like`; `accounts` are those of the quotes."""
    connection = _connect(url)
    try:
        mark = "?" if url.startswith("sqlite") else "%s"
        rows = {
            table: _rows(connection.execute(f"SELECT * FROM {table} WHERE {column} = {mark}{_MORE[table]}", (like,)))
            for table, column in WRITTEN.items()
        }
    finally:
        connection.close()
    bare = BareAcceptances(url, rows, accounts)
    try:
        yield bare
    finally:
        bare.close()


def _rows(cursor: Any) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    found: Iterable[Any] = cursor.fetchall()
    return [dict(zip(names, row, strict=True)) for row in found]


def _connect(url: str) -> Any:
    if not url.startswith("sqlite"):
        return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    for setting in ("busy_timeout = 5000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {setting}")
    return connection
