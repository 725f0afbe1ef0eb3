"""`retention import`: a history of recurring revenue from a table, each account whole or not at all."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.progress import progress_drawn
from pricing_engine.cli.screen import JsonFlag
from pricing_engine.cli.table_import import (
    Author,
    BadRows,
    DryRun,
    MappingFile,
    check_files,
    end_import,
    mapping_refused,
    problems_to,
)

if TYPE_CHECKING:
    from pricing_engine.imports.revenue.read_mapping import RevenueMapping

History = Annotated[Path, typer.Argument(metavar="TABLE.csv", help="A customer and month in each row, or in columns.")]
Accounts = Annotated[Path | None, typer.Option(metavar="FILE", help="Who the accounts are; else the table says it.")]


def import_history(
    table: History,
    mapping: MappingFile,
    accounts: Accounts = None,
    dry_run: DryRun = False,
    bad_rows: BadRows = None,
    author: Author = None,
    as_json: JsonFlag = False,
) -> None:
    """Load what customers paid a month, before they had contracts here; of an account with a bad row, nothing.

    Months that are there already stay as they are; where the table says otherwise now, that is reported.
    """
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.history_outcome import report_json, report_text
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.import_history import HistoryFiles, import_history

        check_files({"TABLE.csv": table, "--mapping": mapping, "--accounts": accounts}, bad_rows)
        files = HistoryFiles(table, _read_mapping(mapping), accounts)
        with (
            open_ready_desk() as desk,
            problems_to(bad_rows) as on_problem,
            progress_drawn(is_shown=not as_json) as on_rows,
        ):
            report = import_history(
                desk,
                files,
                by=author or getpass.getuser(),
                is_dry_run=dry_run,
                on_progress=on_rows,
                on_problem=on_problem,
            )
        if report.faults:
            raise mapping_refused(mapping, report.faults)
        written = report_json(report, bad_rows) if as_json else report_text(report, bad_rows)
        end_import(written, is_whole=report.is_whole)


def _read_mapping(file: Path) -> RevenueMapping:
    from pricing_engine.imports.revenue.read_mapping import read_revenue_mapping

    mapping, faults = read_revenue_mapping(str(file), file.read_bytes())
    if mapping is None:
        raise mapping_refused(file, faults)
    return mapping
