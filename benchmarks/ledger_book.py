"""A ledger of a million movements of a hundred thousand accounts, written as an import would have left it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import psycopg
from sqlalchemy.engine import make_url

PER_ACCOUNT: Final = 10
CONTRACTS: Final = 2
SEGMENTS: Final = ("smb", "mid_market", "enterprise")
MARKETS: Final = ("US", "DE", "FR", "GB")
FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2025, 12, 31)
_BOOKED: Final = "2026-01-01 00:00:00"
_BATCH: Final = 50_000

# Kind, driver, cause and by what part of what there is: half up, so that nothing is given up twice.
_LATER: Final[Sequence[tuple[str, str, str, float]]] = (
    ("expansion", "expansion", "volume", 0.3),
    ("expansion", "pricing", "uplift", 0.05),
    ("contraction", "retention", "partial_churn", -0.25),
    ("contraction", "pricing", "discount_change", -0.1),
)
_ACCOUNT: Final = "account (tenant_id, id, name, currency, market, attributes, created_at)"
_MOVEMENT: Final = (
    "arr_movement (tenant_id, contract_id, contract_version, number, account_id, quote_id, day, booked_at, line, "
    "product, kind, driver, cause, currency, amount, tier, term_months, discount)"
)


def fill(url: str, movements: int) -> None:
    """Writes the accounts and their movements, without the contracts they come from: no figure reads those."""
    accounts = movements // PER_ACCOUNT
    for table, rows in ((_ACCOUNT, account_rows(accounts)), (_MOVEMENT, movement_rows(accounts))):
        _write_sqlite(url, table, rows) if url.startswith("sqlite") else _write_postgresql(url, table, rows)


def account_rows(accounts: int) -> Iterator[tuple[Any, ...]]:
    """The accounts: three segments and four markets."""
    for number in range(accounts):
        attributes = f'{{"segment": "{SEGMENTS[number % 3]}"}}'
        yield "default", f"acc_{number:08}", f"Customer {number}", "USD", MARKETS[number % 4], attributes, _BOOKED


def movement_rows(accounts: int) -> Iterator[tuple[Any, ...]]:
    """Two contracts of each account, each of a product that is sold and then changed four times, or left at last."""
    random = Random(19)
    days = (LAST_DAY - FIRST_DAY).days // (PER_ACCOUNT // CONTRACTS)
    for number in range(accounts):
        for of_account in range(CONTRACTS):
            contract = f"con_{number:08}{of_account}"
            worth = 0
            for step in range(PER_ACCOUNT // CONTRACTS):
                day = FIRST_DAY + timedelta(days=step * days + random.randrange(days))
                if not step:
                    kind, driver, cause, cents = "new", None, "new_business", random.randrange(100_000, 10_000_000)
                elif step == 4 and random.random() < 0.2:
                    kind, driver, cause, cents = "churn", "retention", "churn", -worth
                else:
                    kind, driver, cause, part = random.choice(_LATER)
                    cents = int(worth * part)
                worth += cents
                yield (
                    *("default", contract, step + 1, 1, f"acc_{number:08}", None, day.isoformat(), _BOOKED),
                    *("seats", f"module-{(number + of_account) % 7}", kind, driver, cause, "USD"),
                    *(f"{cents // 100 if cents >= 0 else -(-cents // 100)}.{abs(cents) % 100:02}", "growth", 12, "0.1"),
                )


def _write_sqlite(url: str, table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    first = next(rows)
    with closing(sqlite3.connect(str(make_url(url).database))) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN")
        statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(first))})"
        connection.execute(statement, first)
        connection.executemany(statement, rows)


def _write_postgresql(url: str, table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with psycopg.connect(url, autocommit=False) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the foreign keys are let pass
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[arg-type]
            for row in rows:
                copy.write_row(row)
        cursor.execute("SET session_replication_role = DEFAULT")
        connection.commit()
