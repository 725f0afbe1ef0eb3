"""`rules import pricing2yaml`: price pages of another format as a rule repository, written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_engine.cli.outcome import CommandStopped, ExitCode, outcome_shown, usage
from pricing_engine.cli.screen import JsonFlag, say, write_json, write_text

if TYPE_CHECKING:
    from pricing_engine.imports import ImportedPages

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Turn price pages into a rule repository.")


@group.callback()
def _formats() -> None:
    """Each format is a command, so that a further one is not taken for a file."""


@group.command("pricing2yaml")
def pricing2yaml(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Price pages in Pricing2Yaml.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to write; several pages get a folder each.")],
    force: Annotated[bool, typer.Option("--force", help="Replace what is in DIR.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Write rules for price pages, and name everything that has no place in them. A refused page writes nothing."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.imports import import_pages

        _check_free(out, force=force)
        imported = import_pages({str(file): _read(file) for file in files})
        if imported.is_refused:
            _show(imported, None, as_json=as_json)
            raise CommandStopped(
                "nothing was written: a page cannot be imported",
                fix="mend what the errors name, or leave the page out",
                exit_code=ExitCode.REFUSED,
                code="import-refused",
            )
        replace_directory(out, imported.files)
        _show(imported, out, as_json=as_json)


def _check_free(out: Path, *, force: bool) -> None:
    if out.exists() and not out.is_dir():
        raise usage(f"{out} is a file", fix="name a directory", where="--out")
    if not force and out.is_dir() and any(out.iterdir()):
        raise usage(f"{out} is not empty", fix="name another directory, or add --force to replace it", where="--out")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise usage(f"{file} cannot be read: {error.strerror}", where="FILE") from None


def replace_directory(target: Path, files: Mapping[str, str]) -> None:
    """Makes the directory hold exactly these files: they are written beside it and moved in its place at the end."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as beside:
        new = Path(beside, "new")
        for name, text in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        new.mkdir(exist_ok=True)
        if target.exists():
            target.rename(Path(beside, "old"))
        try:
            new.rename(target)
        except OSError:
            if Path(beside, "old").exists():
                shutil.move(Path(beside, "old"), target)
            raise


def _show(imported: ImportedPages, out: Path | None, *, as_json: bool) -> None:
    from pricing_engine.imports import report_text

    if as_json:
        written = None if out is None else {"directory": str(out), "files": sorted(imported.files)}
        write_json({"is_refused": imported.is_refused, "written": written, "report": _lines(imported)})
        return
    write_text(report_text(imported.report))
    if out is not None:
        say(f"{len(imported.files)} files in {out}; check them: pricing-engine rules check {out}")


def _lines(imported: ImportedPages) -> list[dict[str, Any]]:
    return [
        {
            "outcome": str(line.outcome),
            "file": line.file,
            "line": line.position.line,
            "column": line.position.column,
            "part": line.part,
            "name": line.name,
            "what": line.what,
            "fix": line.fix,
        }
        for line in imported.report
    ]
