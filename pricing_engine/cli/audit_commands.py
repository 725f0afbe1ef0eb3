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
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.read_journal import verify_journal

        with open_ready_desk() as desk:
            entries, broken = verify_journal(desk)
        if as_json:
            at = None if broken is None else broken.number
            what = None if broken is None else broken.what
            write_json({"entries": entries, "is_whole": broken is None, "broken_at": at, "what": what})
        elif broken is None:
            write_text(f"all {entries} entries are as they were written")
        else:
            write_text(f"{broken.what}; the {entries} before it are as they were written")
    if broken is not None:
        raise typer.Exit(ExitCode.REFUSED)
