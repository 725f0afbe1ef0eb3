"""The bridge from what there was to what there is: every movement between, by kind, driver and cause (N4)."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.retention.movements import ArrKind, Cause, Driver
from pricing_engine.retention.rates import Window, months_before


class Moved(NamedTuple):
    """What was moved for one reason. Units: the ledger's."""

    kind: ArrKind
    driver: Driver | None
    cause: Cause
    amount: Decimal


class Bridge(NamedTuple):
    """Opening, movements in the order of kinds and causes, and closing, which is their sum. Units: the ledger's."""

    opening: Decimal
    moved: tuple[Moved, ...]
    closing: Decimal

    def of_kind(self, kind: ArrKind) -> Decimal:
        """What was moved of one kind."""
        return sum([each.amount for each in self.moved if each.kind is kind], ZERO)


def months_of(window: Window, *, months: int) -> list[Window]:
    """The months of a window that has so many, each counted back from its closing."""
    days = [months_before(window.closing, left) for left in range(months, -1, -1)]
    return [Window(opening, closing) for opening, closing in pairwise(days)]
