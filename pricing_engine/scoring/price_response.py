"""How the chance to win depends on the price, known only from prices drawn by lot or instrumented (S6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Method(StrEnum):
    """What shows that the price moved the outcome, and not the buyer the price."""

    DRAWN = "drawn"
    INSTRUMENT = "instrument"


@dataclass(frozen=True, slots=True)
class PriceResponse:
    """By how much a discount changes the log-odds, with its standard error, inside the range that was observed.

    `base_rate` is the share of its deals that were won, at their `mean` discount; `instrument` is the fact that moved
    prices, where one was declared.
    Units: `effect` and `error` per 1.00 of list; `low`, `high` and `mean` are shares off list.
    """

    effect: float
    error: float
    low: Decimal
    high: Decimal
    mean: Decimal
    base_rate: float
    deals: int
    accounts: int
    method: Method
    instrument: str | None = None
