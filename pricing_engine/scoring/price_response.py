"""How the chance to win depends on the price, known only from prices drawn by lot or instrumented (S6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PriceResponse:
    """By how much a discount changes the log-odds, with its standard error, inside the range that was observed.

    Units: `effect` and `error` per 1.00 of list; `low` and `high` are shares off list.
    """

    effect: float
    error: float
    low: Decimal
    high: Decimal
    deals: int
    method: str
