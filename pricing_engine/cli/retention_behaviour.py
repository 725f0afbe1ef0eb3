"""`retention behaviour`: what price rises, promotion ends and other changes of price did to customers."""

from __future__ import annotations

from typing import Annotated

import typer

from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.quote_options import LocaleName
from pricing_engine.cli.retention_options import MOST_MONTHS, On, read_day
from pricing_engine.cli.screen import JsonFlag, show, write_answer
from pricing_engine.retention.price_events import DEFAULT_AROUND, DEFAULT_MONTHS, Direction, PriceEvent

Event = Annotated[PriceEvent, typer.Option(help="The cause of the movements that count as hits.")]
Which = Annotated[Direction, typer.Option(help="Which way it moved the price.")]
Months = Annotated[int, typer.Option(min=1, max=MOST_MONTHS, help="How many months of events before it are looked at.")]
Around = Annotated[int, typer.Option(min=1, max=MOST_MONTHS, help="How many months before and after each.")]


def behaviour(
    event: Event,
    direction: Which = Direction.RISE,
    on: On = None,
    months: Months = DEFAULT_MONTHS,
    around: Around = DEFAULT_AROUND,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """Show the accounts a change of price hit against like ones that it did not hit, and what can be told of it."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.behaviour_json import behaviour_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.show_behaviour import behaviour_parts
        from pricing_engine.usecases.read_behaviour import AskedBehaviour, read_behaviour

        chosen, day = read_locale(locale), read_day(on, "--on")
        with open_ready_desk() as desk:
            asked = AskedBehaviour(event, direction, day or desk.today(), months, around)
            found = read_behaviour(desk, asked)
        if as_json:
            write_answer(behaviour_json(found))
        else:
            show(*behaviour_parts(found, chosen))
