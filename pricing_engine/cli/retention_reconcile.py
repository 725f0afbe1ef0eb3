"""`retention reconcile`: what tables say otherwise than the ledger, with what is at stake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_engine.cli.outcome import ExitCode, outcome_shown, usage
from pricing_engine.cli.progress import progress_drawn
from pricing_engine.cli.quote_options import LocaleName
from pricing_engine.cli.retention_behind import CsvFlag, csv_text
from pricing_engine.cli.retention_options import On, read_day, written_once
from pricing_engine.cli.screen import JsonFlag, show, write_answer, write_text
from pricing_engine.cli.table_import import check_files, mapping_refused
from pricing_engine.cli.typed_pairs import named_files

if TYPE_CHECKING:
    from pricing_engine.desk import Desk
    from pricing_engine.imports.claims.read_mapping import Reconciling
    from pricing_engine.retention.reconciliation import Reconciliation
    from pricing_engine.usecases.progress import Progress

Tables = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME=FILE]…", help="Tables by their names in the mapping; imported histories if absent."),
]
MappingFile = Annotated[Path | None, typer.Option("--mapping", metavar="FILE", help="Says what the tables claim.")]
Examples = Annotated[int, typer.Option(min=0, metavar="N", help="How many examples of each contradiction are shown.")]
Strict = Annotated[bool, typer.Option("--strict", help="End with 1 where anything contradicts the ledger.")]


def reconcile(
    tables: Tables = None,
    mapping: MappingFile = None,
    on: On = None,
    examples: Examples = 3,
    strict: Strict = False,
    as_csv: CsvFlag = False,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """Compare tables, or imported histories, with the ledger, and list what contradicts it. Nothing is written."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.reconciliation_json import reconciliation_json
        from pricing_engine.api.wire_reconciliation import ContradictionOut
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.show_reconciled import reconciliation_parts

        written_once(as_json=as_json, as_csv=as_csv, xlsx=None)
        chosen, files = read_locale(locale), _files(tables or (), mapping)
        with open_ready_desk() as desk, progress_drawn(is_shown=not as_json) as on_progress:
            found = _reconciled(desk, files, mapping, on, on_progress)
        if as_json:
            write_answer(reconciliation_json(found))
        elif as_csv:
            write_text(csv_text(ContradictionOut.model_fields, reconciliation_json(found)["items"]))
        else:
            show(*reconciliation_parts(found, chosen, examples=examples))
    if found.unread or (strict and found.contradictions):
        raise typer.Exit(ExitCode.REFUSED)


def _files(tables: Sequence[str], mapping: Path | None) -> Mapping[str, Path]:
    if bool(tables) != (mapping is not None):
        raise usage(
            "tables are compared by what a mapping says of them", fix="give both, or neither", where="--mapping"
        )
    files = named_files(tables)
    check_files({**files, "--mapping": mapping})
    return files


def _reconciled(
    desk: Desk, files: Mapping[str, Path], mapping: Path | None, on: str | None, on_progress: Progress
) -> Reconciliation:
    from pricing_engine.usecases.reconcile_histories import reconcile_histories
    from pricing_engine.usecases.reconcile_tables import mapping_faults, reconcile_tables

    day = read_day(on, "--on")
    if mapping is None:
        return reconcile_histories(desk, on=day or desk.today())
    read = _read_mapping(mapping, files)
    if faults := mapping_faults(desk, read):
        raise mapping_refused(mapping, faults, outcome="nothing was compared")
    return reconcile_tables(desk, read, files, on=day or read.document.as_of or desk.today(), on_progress=on_progress)


def _read_mapping(file: Path, files: Mapping[str, Path]) -> Reconciling:
    from pricing_engine.imports.claims.read_mapping import read_reconciliation
    from pricing_engine.rulebook.suggest import did_you_mean

    mapping, faults = read_reconciliation(str(file), file.read_bytes())
    if mapping is None:
        raise mapping_refused(file, faults, outcome="nothing was compared")
    for name in files:
        if name not in mapping.document.tables:
            raise usage(
                f"the mapping has no table {name}", fix=did_you_mean(name, mapping.document.tables), where="NAME=FILE"
            )
    return mapping
