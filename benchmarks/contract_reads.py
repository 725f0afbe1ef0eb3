"""`contract-read`: one account's contract of five lines, read among many; how many there are should not matter."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import insert

from benchmarks.catalogue import EFFECTIVE, a_catalogue
from benchmarks.contract_book import PRODUCTS, held_contract
from benchmarks.in_process import MICROSECONDS
from benchmarks.readings import Effort, Reading, Target
from benchmarks.stopwatch import race
from pricing_engine.contracts.contract import Contract
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.storage import contracts, tables
from pricing_engine.storage.database import Database, open_database
from pricing_engine.storage.session import Session
from pricing_engine.usecases.database_schema import upgrade_schema

TENANT: Final = "bench"
FEW: Final = 100
_BATCH: Final = 5_000
_BARE: Final = "SELECT state FROM contract_version WHERE tenant_id = ? AND account_id = ?"
FLAT: Final = Target(1.2)


def contract_read(effort: Effort) -> list[Reading]:
    """Readings of an account's contract among many, beside the driver and orjson alone, and the same among few."""
    many = 2_000 if effort.is_short else 100_000
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pricing-engine-bench-")))
        files = {held: folder / f"{held}.db" for held in (many, FEW)}
        readers = {held: stack.enter_context(reading(file, held)) for held, file in files.items()}
        bare = stack.enter_context(reading_bare(files[many], many))
        laps = race({"engine": readers[many], "floor": bare, "few": readers[FEW]}, effort)
        size = files[many].stat().st_size / many
    engine, floor, few = (laps[name].best * MICROSECONDS for name in ("engine", "floor", "few"))
    more = {"bytes_per_contract": size, "engine_usual_us": laps["engine"].usual * MICROSECONDS}
    return [
        Reading(f"contract-read among {many:,}", "µs", engine, floor, more=more),
        Reading(f"contract-read among {many:,} over {FEW}", "µs", engine, few, target=FLAT),
    ]


@contextmanager
def reading(file: Path, held: int) -> Iterator[Callable[[], Contract]]:
    """Reads the contract of one account after the other, as an amendment does; the file is filled beforehand."""
    url = f"sqlite:///{file}"
    upgrade_schema(url)
    database = open_database(url)
    numbers = count()
    try:
        fill(database, held)
        with database.reader.connect() as connection:
            session = Session(connection, TENANT)

            def read() -> Contract:
                # A prime step, so that the pages read are not those just read.
                (found,) = contracts.of_account(session, f"acc_{next(numbers) * 7_919 % held}", on=EFFECTIVE)
                return found.contract

            yield read
    finally:
        database.close()


def fill(database: Database, held: int) -> None:
    """Stores so many accounts with a contract each."""
    rulebook, at = a_catalogue(PRODUCTS), datetime(2026, 1, 1, tzinfo=UTC)
    template = held_contract(0, rulebook=rulebook)
    for start in range(0, held, _BATCH):
        numbers = range(start, min(start + _BATCH, held))
        rows: list[dict[str, Any]] = [_account(number, at) for number in numbers]
        made = [template._replace(id=f"con_{number}", account_id=f"acc_{number}") for number in numbers]
        with database.writer.begin() as connection:
            connection.execute(insert(tables.account), rows)
            contracts.save_all(Session(connection, TENANT), made, kind=QuoteType.NEW, at=at, by="benchmarks")


def _account(number: int, at: datetime) -> dict[str, Any]:
    return {
        "tenant_id": TENANT,
        "id": f"acc_{number}",
        "external_id": None,
        "name": f"Customer {number}",
        "currency": "USD",
        "market": "US",
        "attributes": "{}",
        "created_at": at,
    }


@contextmanager
def reading_bare(file: Path, held: int) -> Iterator[Callable[[], Any]]:
    """The floor: the row by the driver, and its JSON as plain data."""
    numbers = count()
    with closing(sqlite3.connect(file)) as connection:

        def read() -> Any:
            (row,) = connection.execute(_BARE, (TENANT, f"acc_{next(numbers) * 7_919 % held}")).fetchall()
            return orjson.loads(row[0])

        yield read
