"""What segments are called, whatever the book is told apart by (N9): rules name them as answers do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

NO_VALUE: Final = "(none)"
"""The segment of those that have no value."""

BUILT_IN: Final = ("product", "currency", "market", "cohort", "size", "tier", "term", "discount")
"""What every book is told apart by; attributes of accounts come on top."""

SIZES: Final = {
    "under 1,000": 0,
    "1,000 and more": 1_000,
    "10,000 and more": 10_000,
    "100,000 and more": 100_000,
    "1,000,000 and more": 1_000_000,
}
"""Bands of what a customer had at the opening, by the least of each. Units: the reporting currency, a year."""

DISCOUNTS: Final = {
    "none": 0,
    "under 10%": 1,
    "10% and more": 1_000,
    "20% and more": 2_000,
    "30% and more": 3_000,
    "50% and more": 5_000,
}
"""Bands of what a product costs less than its list price, by the least of each. Units: hundredths of a percent."""

TERM: Final = re.compile(r"1 month|[1-9][0-9]* months", re.ASCII)
"""How long the contract is agreed for."""

COHORT: Final = re.compile(r"[0-9]{4}-Q[1-4]", re.ASCII)
"""The quarter a customer began in."""

MOST_NAMES: Final = 4
"""How many things one segment is told apart by, at most."""

_BETWEEN: Final = " · "


def segment_name(values: Sequence[str]) -> str:
    """The name of a segment. No two have one, as a dot that a value contains is doubled beside others."""
    return values[0] if len(values) == 1 else _BETWEEN.join([value.replace("·", "··") for value in values])


def segment_value(value: object) -> str:
    """What a segment is called after the value of an attribute."""
    if value is None:
        return NO_VALUE
    if isinstance(value, bool):
        return "true" if value else "false"
    # 0.5 and 0.50 are one value, and so one segment.
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def size_band(amount: Decimal) -> str:
    """The band of what a customer had. Units: the reporting currency."""
    return next((name for name, least in reversed(SIZES.items()) if amount > 0 and amount >= least), NO_VALUE)
