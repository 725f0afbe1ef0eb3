"""The changes of price whose doing may be asked for, and which way they went (N13)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pricing_engine.retention.movements import Cause

DEFAULT_MONTHS: Final = 24
DEFAULT_AROUND: Final = 6
"""Of how many months events are looked at, and how many before and after each."""


class PriceEvent(StrEnum):
    """What may hit an account: a cause of movements that is a change of price."""

    UPLIFT = "uplift"
    LIST_CHANGE = "list_change"
    REPRICING = "repricing"
    DISCOUNT_CHANGE = "discount_change"
    PROMOTION_END = "promotion_end"

    @property
    def cause(self) -> Cause:
        """The cause of its movements."""
        return Cause(self.value)


class Direction(StrEnum):
    """Which way the event moved the price."""

    RISE = "rise"
    FALL = "fall"
