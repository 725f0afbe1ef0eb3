"""`import-100k`: a table of contracts imported, beside its rows read by csv and inserted as they are."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from benchmarks.catalogue import rule_files
from benchmarks.contract_book import PRODUCTS, write_book
from benchmarks.databases import two_databases
from benchmarks.readings import Effort, Reading
from pricing_engine.desk import open_desk
from pricing_engine.settings import Settings
from pricing_engine.storage import tables
from pricing_engine.storage.database import open_database
from pricing_engine.usecases.database_schema import upgrade_schema
from pricing_engine.usecases.publish_rulebook import publish_rulebook

_ROOT: Final = Path(__file__).parents[1]


def import_book(kind: str, effort: Effort) -> list[Reading]:
    """The reading of an import into one kind of database; each contender is a process that runs once."""
    contracts = 1_000 if effort.is_short else 100_000
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pricing-engine-bench-")))
        write_book(folder, contracts)
        urls = stack.enter_context(two_databases(kind, folder))
        for url in urls.values():
            _prepare(url)
        taken = {which: _run(which, url, folder) for which, url in urls.items()}
        stored = {which: _count(url) for which, url in urls.items()}
    assert stored == dict.fromkeys(urls, contracts), f"{contracts} contracts were to be stored, and {stored} are"
    ours, bare = taken["ours"], taken["bare"]
    more = {f"{which}_{what}": figure for which, figures in taken.items() for what, figure in figures.items()}
    return [
        Reading(f"import {contracts:,} contracts, {kind}", "s", ours["seconds"], bare["seconds"], more=more),
        Reading(f"import {contracts:,} contracts, {kind}, memory", "MB", ours["megabytes"], bare["megabytes"]),
    ]


def _prepare(url: str) -> None:
    upgrade_schema(url)
    desk = open_desk(Settings(database_url=url))
    try:
        publish_rulebook(desk, rule_files(PRODUCTS), author="benchmarks", activate=True, reason="to be measured")
    finally:
        desk.close()


def _run(which: str, url: str, folder: Path) -> Mapping[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_run", which, url, str(folder)],
        check=False,
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=1_800,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    taken: Mapping[str, float] = json.loads(done.stdout)
    return taken


def _count(url: str) -> int | None:
    database = open_database(url)
    try:
        with database.reader.connect() as connection:
            # A contract that has been renewed has a second version, of which the floor knows nothing.
            first = tables.contract_version.c.version == 1
            return connection.scalar(select(func.count()).select_from(tables.contract_version).where(first))
    finally:
        database.close()
