"""Quotes on their way, with good defaults: made, presented, read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pricing_engine.desk import Desk
from pricing_engine.quoting.lifecycle import (
    Action,
)
from pricing_engine.quoting.request import DiscountRequest, PercentOff
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.quote_life import Actor, Life, read_life
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.take_step import take_step
from tests.builders import NOON
from tests.storage.test_use_cases import row_count

REP = Actor("rob", "rep")
MANAGER = Actor("mia", "manager")
TWELVE_OFF = (DiscountRequest(PercentOff(Decimal("0.12"))),)
"""More than the 8% a rep may give; a manager must agree."""

WRITTEN = ("contract_version", "arr_movement", "quote_step", "journal")


def asked(desk: Desk, ask: QuoteAsk) -> str:
    return request_quote(desk, ask=ask, by=REP.user).quote.id


def step(desk: Desk, quote_id: str, action: Action, actor: Actor = REP, **more: Any) -> Life:
    return take_step(desk, quote_id=quote_id, action=action, actor=actor, **more)


def presented(desk: Desk, ask: QuoteAsk) -> str:
    quote_id = asked(desk, ask)
    step(desk, quote_id, Action.PRESENT)
    return quote_id


def life_of(desk: Desk, quote_id: str) -> Life:
    with desk.reading() as session:
        return read_life(session, quote_id)


def counts(desk: Desk) -> dict[str, int]:
    return {table: row_count(desk, table) for table in WRITTEN}


def later(desk: Desk, days: int) -> Desk:
    return replace(desk, now=lambda: NOON + timedelta(days=days))
