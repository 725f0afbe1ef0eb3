"""`retention forecast`: what retention will be, or why nothing is said of it."""

from __future__ import annotations

from typing import Annotated

import typer

from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.quote_options import LocaleName
from pricing_engine.cli.retention_options import read_day
from pricing_engine.cli.screen import JsonFlag, show, write_answer

MOST_MONTHS = 60


def forecast(
    on: Annotated[str | None, typer.Option(metavar="DAY", help="The day it is made on; today if absent.")] = None,
    months: Annotated[int, typer.Option(min=1, max=MOST_MONTHS, help="How many months it looks ahead.")] = 12,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Segments to learn of: currency, market, cohort or an attribute of accounts, or some between commas.",
        ),
    ] = None,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """Show NRR of the coming months as a distribution with its back-test, the renewal calendar and open quotes."""
    with outcome_shown(as_json=as_json, origins={"/by": "--by", "/on": "--on"}):
        from pricing_engine.api.forecast_json import forecast_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.show_forecast import forecast_parts
        from pricing_engine.usecases.read_forecast import ForecastAsked, read_forecast

        chosen, day = read_locale(locale), read_day(on, "--on")
        with open_ready_desk() as desk:
            found = read_forecast(desk, ForecastAsked(day or desk.today(), months, by))
        if as_json:
            write_answer(forecast_json(found))
        else:
            show(*forecast_parts(found, chosen))
