"""Lists by the page, as the API has them: how many, where to go on, and how to get the next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Annotated, Final

import typer

from pricing_engine.cli.screen import say

Limit = Annotated[str | None, typer.Option(metavar="N", help="How many, from 1 to 200; 50 if absent.")]
Cursor = Annotated[str | None, typer.Option(metavar="CURSOR", help="Where the page before ended: its next_cursor.")]

_PAGE: Final = {"limit": "--limit", "cursor": "--cursor"}


def origins_of(filters: Mapping[str, str]) -> dict[str, str]:
    """Which option each field of a query came from, by its pointer; `filters` are those beside the page's own."""
    return {f"/{name}": option for name, option in {**filters, **_PAGE}.items()}


def typed_again(filters: Mapping[str, str], typed: Mapping[str, str | None]) -> Iterator[str]:
    """The options as they are to be typed for the next page."""
    for name, value in typed.items():
        if value is not None:
            yield from ({**filters, **_PAGE}[name], value)


def say_next(cursor: str | None, *typed: str) -> None:
    """Says how the next page is had, if there is one; `typed` are the command and its options."""
    if cursor is not None:
        say(f"there are more: pricing-engine {shlex.join([*typed, '--cursor', cursor])}")
