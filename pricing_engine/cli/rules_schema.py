"""`rules schema`: the JSON Schemas that let an editor help while rule files are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pricing_engine.cli.outcome import CommandStopped, ExitCode, outcome_shown
from pricing_engine.cli.screen import JsonFlag, say, write_json

DEFAULT = Path("rules/.schema")


def schema(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the schemas are, a file per kind.")] = DEFAULT,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; refuse when they are not current.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Write the JSON Schemas of the rule files, or check that those there are current."""
    with outcome_shown(as_json=as_json):
        wanted = _texts()
        changed = sorted(name for name in wanted | _present(out) if wanted.get(name) != _text(out / name))
        if check and changed:
            raise CommandStopped(
                f"{out} is not current: {', '.join(changed)}",
                fix=f"run pricing-engine rules schema --out {out}",
                exit_code=ExitCode.REFUSED,
                code="schemas-not-current",
            )
        if not check:
            _write(out, wanted, changed)
        if as_json:
            write_json({"directory": str(out), "schemas": sorted(wanted), "changed": changed})
        else:
            say(f"{out}: {len(wanted)} schemas, {len(changed)} changed" if changed else f"{out} is current")


def _texts() -> dict[str, str]:
    from pricing_engine.rulebook.schema import schemas

    return {f"{kind}.json": json.dumps(found, indent=2, ensure_ascii=False) + "\n" for kind, found in schemas().items()}


def _present(out: Path) -> dict[str, None]:
    return {path.name: None for path in out.glob("*.json")}


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _write(out: Path, wanted: Mapping[str, str], changed: list[str]) -> None:
    """Writes what changed, and removes the schema of a kind there no longer is."""
    out.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (out / name).write_text(wanted[name], encoding="utf-8")
        else:
            (out / name).unlink()
