"""How far a long command is, drawn on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pricing_engine.cli.screen import screen

if TYPE_CHECKING:
    from pricing_engine.usecases.progress import Progress


@contextmanager
def progress_drawn(*, is_shown: bool) -> Iterator[Progress]:
    """What draws how far it is, on a terminal only, and takes it away at the end."""
    console = screen(to_stderr=True)
    if not (is_shown and console.is_terminal):
        yield lambda what, done, whole: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda what, done, whole: bar.update(task, description=what, completed=done, total=whole or None)
