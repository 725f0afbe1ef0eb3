"""The options that commands of retention share."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

import typer

from pricing_engine.cli.outcome import usage

_MOST_MONTHS: Final = 60

On = Annotated[str | None, typer.Option(metavar="DAY", help="The closing day; today if absent.")]
Months = Annotated[int, typer.Option(min=1, max=_MOST_MONTHS, help="How long before it the opening is.")]
By = Annotated[
    str | None, typer.Option(metavar="NAME", help="Segments: product, currency, market or an attribute of accounts.")
]
GapDays = Annotated[
    int | None, typer.Option(min=0, help="Who had nothing for longer and came back counts as lost and as new.")
]


def read_day(text: str | None, option: str) -> date | None:
    """The day that was typed, if one was.

    Raises: CommandStopped.
    """
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise usage(f"{text} is no day", fix="write it as 2026-12-31", where=option) from None
