"""Where commands write: results to stdout, everything else to stderr, readable in a terminal and in a pipe alike."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from os import environ
from typing import Any, Final

from rich.console import Console, RenderableType
from rich.text import Text

PIPED_WIDTH: Final = 100


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
    if console.is_terminal:
        for part in parts:
            console.print(part)
        return
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    write_text("\n".join(line.rstrip() for line in captured.get().splitlines()))


def write_text(text: str) -> None:
    """Writes lines that must not be wrapped, such as reports with positions."""
    sys.stdout.write(text if text.endswith("\n") or not text else f"{text}\n")


def write_json(data: object) -> None:
    """Writes data that JSON knows, indented."""
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def write_error(problem: Mapping[str, Any], *, failed: bool) -> None:
    """Says what is wrong, where, and how to mend it."""
    console = screen(to_stderr=True)
    heading = Text("failed: " if failed else "refused: ", style="bold red")
    console.print(heading + Text(problem["detail"]), soft_wrap=True)
    for error in problem.get("errors", ()):
        console.print(Text("  ") + Text(error["where"] or "the request", style="bold") + Text(f": {error['detail']}"))
    for label in ("where", "fix"):
        if problem[label]:
            console.print(Text(f"  {label:<5} ", style="dim") + Text(problem[label]), soft_wrap=True)
    if problem["code"] not in {"usage", "failed"}:
        console.print(Text(f"  see   pricing-engine explain {problem['code']}", style="dim"), soft_wrap=True)


def say(text: str) -> None:
    """Tells a person how things go, on stderr, so that results stay clean."""
    screen(to_stderr=True).print(Text(text), soft_wrap=True)


def tolerate_narrow_encodings() -> None:
    """Makes a terminal that knows only ASCII show a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
