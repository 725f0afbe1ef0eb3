"""The options that commands of retention share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

import typer

from pricing_engine.cli.outcome import usage

MOST_MONTHS: Final = 60

On = Annotated[str | None, typer.Option(metavar="DAY", help="The closing day; today if absent.")]
Months = Annotated[int, typer.Option(min=1, max=MOST_MONTHS, help="How long before it the opening is.")]
By = Annotated[
    str | None,
    typer.Option(
        metavar="NAMES",
        help="Segments: product, currency, market, cohort, size, tier, term, discount or an attribute of accounts, or "
        "some between commas.",
    ),
]
GapDays = Annotated[
    int | None, typer.Option(min=0, help="Who had nothing for longer and came back counts as lost and as new.")
]
Xlsx = Annotated[
    str | None, typer.Option("--xlsx", metavar="FILE", help="Write a workbook for a spreadsheet; - for stdout.")
]


def written_once(*, as_json: bool, as_csv: bool = False, xlsx: str | None) -> None:
    """That one form is asked for, if any is.

    Raises: CommandStopped.
    """
    asked = {"--json": as_json, "--csv": as_csv, "--xlsx": xlsx is not None}
    names = [name for name, is_asked in asked.items() if is_asked]
    if len(names) > 1:
        raise usage("the result is written once", fix=f"give {' or '.join(names)}", where=names[-1])


def read_day(text: str | None, option: str) -> date | None:
    """The day that was typed, if one was: of the years that the API takes, as windows reach before and after it.

    Raises: CommandStopped.
    """
    from pricing_engine.api.wire_numbers import FIRST_YEAR, LAST_YEAR

    try:
        day = None if text is None else date.fromisoformat(text)
    except ValueError:
        raise usage(f"{text} is no day", fix="write it as 2026-12-31", where=option) from None
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise usage(f"{day} is too far away", fix=f"give a day from {FIRST_YEAR} to {LAST_YEAR}", where=option)
    return day


def read_probability(text: str | None) -> Decimal | None:
    """The probability that was typed, if one was.

    Raises: CommandStopped.
    """
    from pricing_engine.api.wire_expected import probability_of

    found = None if text is None else probability_of(text)
    if text is not None and found is None:
        raise usage(f"{text} is no probability", fix="write a fraction from 0 to 1, such as 0.6", where="--probability")
    return found
