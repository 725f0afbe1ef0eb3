"""`contracts convert-trials`: buy what was tried, when its days are over and its rule says so."""

from __future__ import annotations

from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.screen import JsonFlag, write_json, write_text


def convert_trials(as_json: JsonFlag = False) -> None:
    """Buy every trial whose days are over and whose rule says so, at the price of its day; for a timer, once a day.

    What cannot be bought without somebody stays a draft, and is not asked again.
    """
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.convert_trials import convert_trials

        with open_ready_desk() as desk:
            done = convert_trials(desk)
        if as_json:
            write_json({"trials": [each._asdict() for each in done]})
            return
        for each in done:
            what = f"{each.product} on {each.contract_id}"
            if each.is_bought:
                write_text(f"{what} is bought by {each.quote_id}")
            else:
                write_text(f"{what} is not bought, and waits for somebody ({each.quote_id or 'no quote'}): {each.why}")
        write_text(f"{sum(each.is_bought for each in done)} trials are bought")
