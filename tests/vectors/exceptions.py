"""The published figures that our decisions contradict, each with the decision; and the kinds that a later issue brings.

`BY_SHAPE` is for inputs that say what our decisions rule out, whatever the numbers. `BY_ID` is for a single figure.
An exception under which the engine gives the published figure after all fails the test.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.vectors.shapes import Vector, number

LATER_ISSUES = {
    "mrr": "later issue: contracts and their ARR movements (N…)",
    "nrr": "later issue: retention (N…)",
}


@dataclass(frozen=True, slots=True)
class ByShape:
    """What an input says that a decision rules out."""

    decision: str
    why: str
    says_it: Callable[[Vector], bool]


BY_ID = {
    "om-pr-zero": "P8: no days covered are billed for nothing; the source bills the whole period",
    "kb-bcd-31": "P7: from the anchor, 14 Feb lies in [31 Jan, 28 Feb), which has 28 days; the source counts back from "
    "the clamped 28 Feb to 28 Jan and divides by 31",
    "kb-over-one": "P8: a part lies inside its period, so its share is at most 1; the source divides three months "
    "by one",
}


def _has(*keys: str) -> Callable[[Vector], bool]:
    return lambda vector: not set(keys).isdisjoint(vector.given)


def _is_taxed(vector: Vector) -> bool:
    lines = vector.given.get("lines", [])
    return (
        "tax_pct" in vector.given
        or any(isinstance(line, dict) and "tax_pct" in line for line in lines)
        or any(key.endswith("incl_tax") for key in vector.given)
    )


def _has_wide_blocks(vector: Vector) -> bool:
    return any(number(band["block_size"]) != 1 for band in vector.given.get("block_tiers", []))


def _has_months_of_other_lengths(vector: Vector) -> bool:
    return vector.given.get("month_days", "30") not in ("30", 30)


BY_SHAPE = (
    ByShape("P11", "prices are net of tax", _is_taxed),
    ByShape(
        "P11",
        "rating is on the period's quantity, not per event",
        _has("per_event_min", "per_event_max", "free_events", "running_totals"),
    ),
    ByShape("P11", "parts of a period are increments of its quantity, not rated alone", _has("convert")),
    ByShape("P11", "included units are free before packages are counted", _has("free_packages_after_rounding")),
    ByShape("P10", "a band has a price per unit or a flat amount, no blocks to round up to", _has_wide_blocks),
    ByShape("P8", "proration is of the amount, its flat part too, not of the quantity", _has("billed_quantity")),
    ByShape("P8", "the conventions are days, months, months_days and thirty_360", _has_months_of_other_lengths),
    ByShape("P18", "no step adds a margin to list", _has("margin_pct")),
    ByShape("P19", "policies of a group are stacked by best or sum, not by first match", _has("rules_first_match")),
    ByShape("P2", "a unit price is not rounded, nor a percentage rebuilt from a rounded price", _has("round_price_to")),
)
