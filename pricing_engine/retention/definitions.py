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
        "what was there at the opening. A product line is a product and those it replaces; tiers of a platform are one."
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

COHORTS: Final[Mapping[str, str]] = {
    "nrr": (
        "ARR of the customers that began in the same span, at the end of each span, over theirs at the end of their "
        "own. A customer begins on the first day on which it has something."
    ),
    "arr": DEFINITIONS["arr"],
    "currency": "Every amount of any time is converted at the rate of the last day.",
}

RULE_OF_40: Final[Mapping[str, str]] = {
    "from_customers": "NRR less 1: what became of the customers that had ARR at the opening.",
    "from_new": "ARR at the closing of customers that had none at the opening, over that of all at the opening.",
    "margin": "The profit margin, as whoever asked has given it. With growth it should come to 0.4.",
    "currency": DEFINITIONS["currency"],
}

DISCIPLINE: Final[Mapping[str, str]] = {
    "quotes": "Those that were presented in the window.",
    "untouched": "Of renewals and of quotes by which ARR does not fall, the share without a discount asked for, a "
    "price given or a term waived.",
    "within_policy": "Of all, the share that nobody had to agree to.",
    "discount": "What was off list over the term, whoever gave it: the mean over quotes.",
    "discretion": "What was asked off, of the price before it: the mean over quotes.",
    "repriced": "What repricing adds a year in quotes that give up a part of a contract.",
    "minutes": "From being made to being presented, the median.",
}

TARGET: Final = (
    "What a figure is to come to in a year, by the rules: the target in force on the last day of the window. Of a "
    "driver it is points of NRR. On target is what has reached it; of all of them more is better."
)

TOP_QUARTILE_NRR: Final = Decimal("1.13")
BOTTOM_QUARTILE_NRR: Final = Decimal("0.98")
"""B2B SaaS companies by valuation: context beside a figure, and in none."""
