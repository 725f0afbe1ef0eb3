"""Where commands write: results to stdout, everything else to stderr, readable in a terminal and in a pipe alike."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from os import environ
from typing import Annotated, Any, Final

import typer
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

JsonFlag = Annotated[bool, typer.Option("--json", help="Write JSON.")]
"""The option of every command whose result machines may want."""

PIPED_WIDTH: Final = 100
NARROWEST: Final = 80
_BOUNDLESS: Final = 10_000
_GAP: Final = 3


def screen(*, to_stderr: bool = False) -> Console:
    """A console that takes texts as they are: no markup, no guessed highlights, 100 columns when piped."""
    stream = sys.stderr if to_stderr else sys.stdout
    has_width = stream.isatty() or environ.get("COLUMNS", "").isdigit()
    return Console(
        file=stream,
        width=None if has_width else PIPED_WIDTH,
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=False,
    )


def show(*parts: RenderableType) -> None:
    """Writes what rich lays out to stdout; in a pipe without the blanks that fill lines up."""
    console = screen()
    console.width = max(console.width, *map(least_width, parts))
    if console.is_terminal:
        for part in parts:
            console.print(part)
        return
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    write_text("\n".join(line.rstrip() for line in captured.get().splitlines()))


def least_width(part: RenderableType) -> int:
    """How many columns a part needs so that no number in it is cut; a terminal that has fewer wraps it itself."""
    if not isinstance(part, Table):
        return NARROWEST
    return max(NARROWEST, sum(_column_width(column) + _GAP for column in part.columns) - _GAP)


def _column_width(column: Column) -> int:
    """A column that may wrap needs room for its longest word, another for its longest cell."""
    if column.width is not None:
        return column.width
    boundless = Console(width=_BOUNDLESS)
    cells = [*column.cells, column.header]
    needs = [Measurement.get(boundless, boundless.options, cell) for cell in cells]
    return max(need.maximum if column.no_wrap else need.minimum for need in needs)


def write_text(text: str) -> None:
    """Writes lines that must not be wrapped, such as reports with positions."""
    sys.stdout.write(text if text.endswith("\n") or not text else f"{text}\n")


def write_json(data: object) -> None:
    """Writes data that JSON knows, indented."""
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def write_answer(data: object) -> None:
    """Writes what the API answers, which may hold decimals and instants, as it writes them."""
    from pricing_engine.api.json_values import dumped

    write_json(json.loads(dumped(data)))


def write_error(problem: Mapping[str, Any], *, heading: str, report: str = "", page: str = "") -> None:
    """Says what is wrong, where, and how to mend it; `page` is the code that has a page of its own."""
    console = screen(to_stderr=True)
    if report:
        sys.stderr.write(f"{report}\n\n")
    console.print(Text.assemble((f"{heading}: ", "bold red"), problem["detail"]), soft_wrap=True)
    for error in problem.get("errors", ()):
        where = error["where"] or "the request"
        console.print(Text.assemble("  ", (where, "bold"), f": {error['detail']}"), soft_wrap=True)
    for label in ("where", "fix"):
        if problem[label]:
            console.print(Text(f"  {label:<5} ", style="dim") + Text(problem[label]), soft_wrap=True)
    if page:
        console.print(Text(f"  see   pricing-engine explain {page}", style="dim"), soft_wrap=True)


def say(text: str) -> None:
    """Tells a person how things go, on stderr, so that results stay clean."""
    screen(to_stderr=True).print(Text(text), soft_wrap=True)


def tolerate_narrow_encodings() -> None:
    """Makes a terminal that knows only ASCII show a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
