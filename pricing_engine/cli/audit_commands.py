"""`pricing-engine audit`: whether the audit log is as it was written."""

from __future__ import annotations

import typer

from pricing_engine.cli.outcome import ExitCode, outcome_shown
from pricing_engine.cli.screen import JsonFlag, write_json, write_text

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Verify the audit log.")


@group.callback()
def _commands() -> None:
    """Each is named, so that a further one is not taken for an argument."""


@group.command("verify")
def verify(as_json: JsonFlag = False) -> None:
    """Check every entry's hash and place; ends with 1 where the log was changed, naming the first such entry."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.journal import verified_json
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.read_journal import verify_journal

        with open_ready_desk() as desk:
            found = verify_journal(desk)
        if as_json:
            write_json(verified_json(found))
        elif found.broken is None:
            write_text(f"all {found.entries} entries are as they were written; the last has the hash {found.hash}")
        else:
            write_text(f"{found.broken.what}; the {found.entries} before it are as they were written")
    if found.broken is not None:
        raise typer.Exit(ExitCode.REFUSED)
