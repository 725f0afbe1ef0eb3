"""`scoring collect`: quotes that have ended become deals, to train models on."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import typer

from pricing_engine.cli.outcome import ExitCode, outcome_shown
from pricing_engine.cli.progress import progress_drawn
from pricing_engine.cli.screen import JsonFlag, write_json, write_text
from pricing_engine.cli.table_import import Author

if TYPE_CHECKING:
    from pricing_engine.usecases.collect_deals import Collected

_MOST_SHOWN: Final = 20


def collect(author: Author = None, as_json: JsonFlag = False) -> None:
    """Make deals of the quotes that were accepted, declined or expired, with the facts as they were when each was made.

    What was collected before stays as it is.
    """
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.collect_deals import collect_deals

        with open_ready_desk() as desk, progress_drawn(is_shown=not as_json) as on_progress:
            collected = collect_deals(desk, by=author or getpass.getuser(), on_progress=on_progress)
        if as_json:
            write_json(_json(collected))
        else:
            write_text("\n".join(_lines(collected)))
    if collected.failed:
        raise typer.Exit(ExitCode.REFUSED)


def _lines(collected: Collected) -> Iterator[str]:
    from pricing_engine.rulebook.fault_report import counted

    ended = ", ".join([f"{count} {state}" for state, count in sorted(collected.made.items())])
    yield f"made {counted(collected.made.total(), 'deal')} of quotes{f': {ended}' if ended else ''}"
    if collected.undiscussed:
        yield f"left out, for no price in them was up for discussion: {counted(collected.undiscussed, 'quote')}"
    for each in collected.failed[:_MOST_SHOWN]:
        yield f"{each.quote_id}: {each.code}: {each.what}"
    if len(collected.failed) > _MOST_SHOWN:
        yield f"… and {counted(len(collected.failed) - _MOST_SHOWN, 'more quote')} of which none could be made"


def _json(collected: Collected) -> dict[str, Any]:
    return {
        "made": collected.made.total(),
        "by_state": dict(sorted(collected.made.items())),
        "undiscussed": collected.undiscussed,
        "failed": [each._asdict() for each in collected.failed],
    }
