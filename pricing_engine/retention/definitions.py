"""What each figure means, in words that are shown beside it: public definitions differ (N1, N2, N3)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

DEFINITIONS: Final[Mapping[str, str]] = {
    "nrr": (
        "ARR at the closing of the customers that had ARR at the opening, over their ARR at the opening. Who left "
        "counts with 0; new customers are out; who left and came back counts, unless a gap is set and was longer."
    ),
    "grr": (
        "The same without growth, for each customer and product line: what is there of each at the closing, at most "
        "what was there at the opening. A product line is a product; all tiers of a platform are one."
    ),
    "grr_by_account": "The same without growth, for each customer in all: it does not see one product lost to another.",
    "arr": "Recurring and committed charges in force at the end of the day, per year; without use nobody committed to.",
    "currency": (
        "Every amount is converted once, at the rate of the opening day; what other rates at the closing make is the "
        "currency effect, and in no other figure."
    ),
    "points": (
        "By how much each driver moved NRR: what it moved of the customers of the opening, over their ARR. Unexplained "
        "is what an imported history tells in money alone, and what contracts began at beside what it ended at."
    ),
}

TARGET: Final = (
    "What a figure is to come to in a year, by the rules: the target in force on the last day of the window. Of a "
    "driver it is points of NRR. On target is what has reached it; of all of them more is better."
)

TOP_QUARTILE_NRR: Final = Decimal("1.13")
BOTTOM_QUARTILE_NRR: Final = Decimal("0.98")
"""B2B SaaS companies by valuation: context beside a figure, and in none."""
