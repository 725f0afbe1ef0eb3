"""`scoring import`: past deals from a table and those beside it, each deal whole or not at all."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_engine.cli.outcome import outcome_shown, usage
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
from pricing_engine.cli.typed_pairs import named_files

if TYPE_CHECKING:
    from pricing_engine.imports.deals.read_mapping import DealMapping

Correct = Annotated[
    bool, typer.Option("--correct", help="Make deals that are there as the table says now, instead of reporting it.")
]
Deals = Annotated[Path, typer.Argument(metavar="DEALS.csv", help="A deal, or a line of one, in each row.")]
Beside = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME=FILE]…", help="The tables beside it, by their names in the mapping."),
]


def import_deals(
    table: Deals,
    mapping: MappingFile,
    beside: Beside = None,
    dry_run: DryRun = False,
    correct: Correct = False,
    bad_rows: BadRows = None,
    author: Author = None,
    as_json: JsonFlag = False,
) -> None:
    """Load past and open deals, to train models on; of a deal with a bad row, nothing.

    A deal that is there already stays as it is, but that one that was open may have ended since.
    """
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.deals_outcome import deals_json, deals_text
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.import_deals import DealFiles, import_deals

        named = named_files(beside or ())
        check_files({**named, "DEALS.csv": table, "--mapping": mapping}, bad_rows)
        files, by = DealFiles(table, _read_mapping(mapping, named), named), author or getpass.getuser()
        with (
            open_ready_desk() as desk,
            problems_to(bad_rows, of="deal") as said,
            progress_drawn(is_shown=not as_json) as on_rows,
        ):
            report = import_deals(
                desk, files, by=by, is_dry_run=dry_run, is_correcting=correct, on_progress=on_rows, on_problem=said
            )
        if report.faults:
            raise mapping_refused(mapping, report.faults)
        written = deals_json(report, bad_rows) if as_json else deals_text(report, bad_rows)
        end_import(written, is_whole=report.is_whole)


def _read_mapping(file: Path, named: Mapping[str, Path]) -> DealMapping:
    """The mapping, with a file given for each of its tables.

    Raises: CommandStopped.
    """
    from pricing_engine.imports.deals.read_mapping import read_deal_mapping
    from pricing_engine.rulebook.suggest import did_you_mean

    mapping, faults = read_deal_mapping(str(file), file.read_bytes())
    if mapping is None:
        raise mapping_refused(file, faults)
    tables = mapping.shape.tables
    for name in named:
        if name not in tables:
            raise usage(f"the mapping has no table {name}", fix=did_you_mean(name, tables), where="NAME=FILE")
    for name in tables:
        if name not in named:
            raise usage(f"the mapping has a table {name}", fix=f"add {name}=FILE", where="NAME=FILE")
    return mapping
