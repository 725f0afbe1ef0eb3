"""What somebody could do who owns the database: change rows that nobody changes, and chain the journal anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from sqlalchemy import select, text, update

from pricing_engine.desk import Desk
from pricing_engine.storage import journal, tables

GUARDED = ("journal", "quote_step", "presented_booking", "contract_version", "arr_movement")

KEYS = (
    ("quote_step", "fk_quote_step_quote"),
    ("arr_movement", "fk_arr_movement_contract_version"),
    ("contract_version", "uq_contract_version_tenant_id_quote_id"),
)


def tamper(desk: Desk, *statements: str) -> None:
    """Runs statements without the triggers and keys that would refuse them, on a connection of its own."""
    if desk.database.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(desk.database.engine.url.database))) as connection, connection:
            for table in GUARDED:
                for verb in ("update", "delete"):
                    connection.execute(f"DROP TRIGGER IF EXISTS tr_{table}_{verb}")
            for statement in statements:
                connection.execute(statement)
        return
    with desk.transaction() as session:
        for table in GUARDED:
            session.connection.execute(text(f"DROP TRIGGER IF EXISTS tr_{table}_change ON {table}"))
        for table, key in KEYS:
            session.connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {key}"))
        for statement in statements:
            session.connection.exec_driver_sql(statement)


def chain_anew(desk: Desk) -> None:
    """Gives every entry the number, the hashes and the head that its place would have given it: the chain is whole."""
    entry, head = tables.journal.c, tables.journal_head
    with desk.transaction() as session:
        rows = [dict(row._mapping) for row in session.connection.execute(select(tables.journal).order_by(entry.number))]
        hash = journal.START
        for number, row in enumerate(rows, start=1):
            new: dict[str, Any] = {"number": number, "previous_hash": hash}
            hash = new["hash"] = journal.hash_of(row | new)
            session.connection.execute(update(tables.journal).where(entry.id == row["id"]).values(new))
        session.connection.execute(update(head).values(number=len(rows), hash=hash))
