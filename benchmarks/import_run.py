"""One import in a process of its own: `python -m benchmarks.import_run ours|bare URL FOLDER` prints what it took."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

import orjson
from sqlalchemy import insert

from benchmarks.contract_book import BOOK, MAPPING_FILE
from pricing_engine.desk import open_desk
from pricing_engine.imports.book.problems import Problem
from pricing_engine.imports.book.read_mapping import read_book_mapping
from pricing_engine.settings import Settings
from pricing_engine.storage import tables
from pricing_engine.storage.database import open_database
from pricing_engine.usecases.import_book import BookFiles, import_book

BATCH: Final = 5_000
_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)


def main(which: str, url: str, folder: str) -> None:
    """Imports the book of the folder into a database that is ready for it."""
    begun, busy = perf_counter(), process_time()
    (import_ours if which == "ours" else import_bare)(url, Path(folder))
    taken = {"seconds": perf_counter() - begun, "cpu": process_time() - busy, "megabytes": peak_megabytes()}
    print(json.dumps(taken))


def import_ours(url: str, folder: Path) -> None:
    """Imports as the command line does."""
    mapping, faults = read_book_mapping(MAPPING_FILE, (folder / MAPPING_FILE).read_bytes())
    assert mapping is not None, faults
    desk = open_desk(Settings(database_url=url))
    problems = list[Problem]()
    try:
        import_book(desk, BookFiles(folder / BOOK, mapping), by="benchmarks", on_problem=problems.append)
    finally:
        desk.close()
    assert not problems, problems[:3]


def import_bare(url: str, folder: Path) -> None:
    """The floor: rows read by csv and inserted by Core as plain JSON, in the order of the file, and their accounts.

    Nothing is checked, priced or looked up.
    """
    database, known = open_database(url), set[str]()
    try:
        with (folder / BOOK).open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            while batch := list(islice(rows, BATCH)):
                with database.writer.begin() as connection:
                    if accounts := list(_accounts(batch, known)):
                        connection.execute(insert(tables.account), accounts)
                    connection.execute(insert(tables.contract_version), [_contract(row) for row in batch])
    finally:
        database.close()


def _accounts(rows: list[dict[str, str]], known: set[str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row["account"] not in known:
            known.add(row["account"])
            attributes = orjson.dumps({"segment": row["segment"]}).decode()
            same = {"name": row["customer"], "currency": row["currency"], "market": row["market"]}
            ids = {"tenant_id": "bench", "id": row["account"], "external_id": row["account"]}
            yield ids | same | {"attributes": attributes, "created_at": _AT}


def _contract(row: dict[str, str]) -> dict[str, Any]:
    start = date.fromisoformat(row["from"])
    return {
        "tenant_id": "bench",
        "contract_id": row["contract"],
        "version": 1,
        "account_id": row["account"],
        "effective_date": start,
        "booked_at": _AT,
        "booked_by": "benchmarks",
        "kind": "new",
        "quote_id": None,
        "currency": row["currency"],
        "arr": 0,
        "term_start": start,
        "term_end": start,
        "ends": start,
        "state": orjson.dumps(row).decode(),
        "content_hash": "",
    }


def peak_megabytes() -> float:
    """The most memory this process has held; not `ru_maxrss`, which counts the process it was started by."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (peak,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(peak) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
