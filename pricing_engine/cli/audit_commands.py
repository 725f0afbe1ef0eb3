"""`pricing-engine audit`: whether the audit log is as it was written, and quotes are where it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from pricing_engine.cli.outcome import ExitCode, outcome_shown
from pricing_engine.cli.progress import progress_drawn
from pricing_engine.cli.screen import JsonFlag, write_json, write_text

if TYPE_CHECKING:
    from pricing_engine.usecases.records import Verified

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Verify the audit log.")


@group.callback()
def _commands() -> None:
    """Each is named, so that a further one is not taken for an argument."""


@group.command("verify")
def verify(as_json: JsonFlag = False) -> None:
    """Check every entry's hash and place, and beside the log every quote's steps, its content and what it booked.

    Ends with 1 where something was changed, naming the first such thing and what to do.
    """
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.journal import verified_json
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.read_journal import verify_journal

        with open_ready_desk() as desk, progress_drawn(is_shown=not as_json) as on_progress:
            found = verify_journal(desk, on_progress=on_progress)
        if as_json:
            write_json(verified_json(found))
        else:
            write_text("\n".join(_lines(found)))
    if found.broken is not None:
        raise typer.Exit(ExitCode.REFUSED)


def _lines(found: Verified) -> Iterator[str]:
    """What was found, for a person."""
    entries = f"all {found.entries} entries are as they were written; the last has the hash {found.hash}"
    broken = found.broken
    if broken is None:
        yield entries
        yield f"all {found.steps} steps of {found.quotes} quotes are as the entries say"
        yield f"all {found.bookings} bookings of quotes are there, and move what the entries say"
        return
    if broken.quote_id is None:
        yield f"{broken.what}; the {found.entries} before it are as they were written"
    else:
        yield broken.what
        yield entries
    yield f"  fix   {broken.fix}"
