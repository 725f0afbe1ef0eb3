"""What commands that import a table share: their options, the table of bad rows, and a mapping that is refused."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_engine.cli.outcome import CommandStopped, ExitCode, usage
from pricing_engine.cli.screen import write_json, write_text

if TYPE_CHECKING:
    from pricing_engine.imports.book.problems import Problem
    from pricing_engine.rulebook.faults import Fault

MappingFile = Annotated[Path, typer.Option("--mapping", metavar="FILE", help="Says which column is what.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, and write nothing.")]
BadRows = Annotated[Path | None, typer.Option("--bad-rows", metavar="FILE", help="Write every problem to a table.")]
Author = Annotated[str | None, typer.Option(help="Who imports; the user of this machine if absent.")]


def check_files(given: Mapping[str, Path | None], bad_rows: Path | None = None) -> None:
    """That there are the files that are given, by where they are, and that bad rows are written over none of them.

    Raises: CommandStopped.
    """
    for where, file in given.items():
        if file is not None and not file.is_file():
            raise usage(f"there is no file {file}", where=where)
    if bad_rows is not None and any(_is_same(bad_rows, file) for file in given.values() if file is not None):
        raise usage(f"{bad_rows} is what is imported", fix="name another file", where="--bad-rows")
    if bad_rows is not None and not bad_rows.parent.is_dir():
        raise usage(f"there is no folder {bad_rows.parent}", fix="make it, or name another file", where="--bad-rows")


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and one.samefile(other)


def mapping_refused(file: Path, faults: tuple[Fault, ...], *, outcome: str = "nothing was imported") -> CommandStopped:
    """The exception for a mapping with faults."""
    from pricing_engine.rulebook.fault_report import count_text, render_json, render_text

    return CommandStopped(
        f"{outcome}: the mapping has {count_text(faults)}",
        fix=f"mend {file}",
        exit_code=ExitCode.REFUSED,
        code="mapping-refused",
        report=render_text(faults, {str(file): file.read_bytes()}),
        facts={"faults": render_json(faults)},
    )


def end_import(report: str | Mapping[str, Any], *, is_whole: bool) -> None:
    """Writes the report, as text or as JSON, and ends with the code that says whether all of the table is there."""
    if isinstance(report, str):
        write_text(report)
    else:
        write_json(report)
    if not is_whole:
        raise typer.Exit(ExitCode.REFUSED)


@contextmanager
def problems_to(file: Path | None, *, of: str = "account") -> Iterator[Callable[[Problem], None]]:
    """What writes a problem to the table of bad rows as soon as it is found; nothing without a file.

    `of` is what a problem refuses.
    """
    from pricing_engine.imports.book.problems import PROBLEM_COLUMNS, problem_cells

    if file is None:
        yield lambda problem: None
        return
    with file.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(PROBLEM_COLUMNS)
        yield lambda problem: table.writerow(problem_cells(problem, of)) and None
