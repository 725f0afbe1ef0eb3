"""A movement of the ledger, as it is shown: columns hold many (`retention.columns`)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.retention.movements import ArrKind, Cause, Driver


class Entry(NamedTuple):
    """A movement of one contract's product line from `day` on; `quote` is the one that moved it, if any did.

    A product line is a product; the tiers of a ladder are one, that of its platform (N2). Units: those of the ledger.
    """

    account: str
    contract: str
    product_line: str
    quote: str | None
    day: date
    kind: ArrKind
    driver: Driver | None
    cause: Cause
    currency: str
    amount: Decimal
