"""`contracts import`: a book of contracts from a table, each account whole or not at all."""

from __future__ import annotations

import getpass
from datetime import date
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

if TYPE_CHECKING:
    from pricing_engine.imports.book.read_mapping import BookMapping

Book = Annotated[Path, typer.Argument(metavar="BOOK.csv", help="One row for each line of a contract.")]
Accounts = Annotated[Path | None, typer.Option(metavar="FILE", help="Who the accounts are; else the book says it.")]
BookDate = Annotated[
    str | None,
    typer.Option("--book-date", metavar="DATE", help="The day the book is of; else the mapping's, or today."),
]


def import_contracts(
    book: Book,
    mapping: MappingFile,
    accounts: Accounts = None,
    book_date: BookDate = None,
    dry_run: DryRun = False,
    bad_rows: BadRows = None,
    author: Author = None,
    as_json: JsonFlag = False,
) -> None:
    """Load what customers have from a table. Of an account with a bad row nothing is written; of the others all is.

    What is there already stays as it is, so that a mended file can be imported again.
    """
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.book_outcome import report_json, report_text
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.import_book import BookFiles, import_book

        check_files({"BOOK.csv": book, "--mapping": mapping, "--accounts": accounts}, bad_rows)
        files = BookFiles(book, _read_mapping(mapping), accounts, _read_day(book_date))
        with (
            open_ready_desk() as desk,
            problems_to(bad_rows) as on_problem,
            progress_drawn(is_shown=not as_json) as on_rows,
        ):
            report = import_book(
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


def _read_day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise usage(f"{text} is no day", fix="write it as 2026-12-31", where="--book-date") from None


def _read_mapping(file: Path) -> BookMapping:
    from pricing_engine.imports.book.read_mapping import read_book_mapping

    mapping, faults = read_book_mapping(str(file), file.read_bytes())
    if mapping is None:
        raise mapping_refused(file, faults)
    return mapping
