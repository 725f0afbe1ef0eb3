"""What each figure of a forecast means, in words that are shown beside it (N12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FORECAST_DEFINITIONS: Final[Mapping[str, str]] = {
    "nrr": (
        "What the customers of the day will have at the end of the window, over what they have on the day. In one of "
        "ten outcomes it is below P10, in half below P50, in nine of ten below P90. Who leaves counts with 0; new "
        "customers are out, and so is whoever leaves and comes back."
    ),
    "grr": "The same without growth, customer by customer: it does not see one product lost to another.",
    "learnt": (
        "How often a customer leaves, takes less and takes more, from the months of the ledger; a month of a year ago "
        "counts half. It depends on what a customer has, on whether a term of it ends or renews by itself, and on its "
        "segment, each as far as the difference is more than chance. How much rates differ between years is in the "
        "distribution."
    ),
    "calendar": (
        "ARR on the day of the contracts whose term ends. One that nobody renews is lost on that day, one that renews "
        "by itself is not. What is given up already is lost in every outcome."
    ),
    "quotes": (
        "What open quotes would move in the window if all of them were accepted: beside the forecast and not in it, as "
        "the growth learnt is what such quotes brought before. Two quotes for one thing count twice."
    ),
    "back_test": (
        "The forecast made again on past days, from what was known by then, beside what came. Between P10 and P90 the "
        "truth should be in 8 of 10. Its mean error is held against that of each segment's rate of the window before."
    ),
    "currency": "Every amount of any time is converted at the rate of the day the forecast is made on.",
}
