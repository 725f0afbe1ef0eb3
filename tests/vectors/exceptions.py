"""The published figures that our decisions contradict, each with the decision; and the kinds that a later issue brings.

`BY_SHAPE` is for inputs that say what our decisions rule out, whatever the numbers. `BY_ID` is for a single figure.
`NOT_OURS` is for one figure, of several by name, that the engine has no such thing as; the others must come out.
An exception under which the engine gives the published figure after all fails the test.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.vectors.shapes import Vector, number

LATER_KINDS = {
    "mrr_discount": "later: MRR at list beside MRR at net",
    "same_month_new_and_churn": "later: movements of monthly histories",
    "nrr_usage_two_year_cohort": "later: NRR of recognised use, beside ARR (N8)",
    "nrr_trailing_average": "later: averages of windows",
    "nrr_compounding": "later: windows of a month, compounded",
    "nrr_growth_without_new": "later: growth without new business (N15)",
    "nrr_forecast_independent": "later: forecast (N12)",
    "nrr_quote_delta": "later: a quote's effect (N10)",
    "sbg_fit": "later: retention curves, for hazards (N12)",
}
"""By kind."""

LATER_TYPES = {"delta", "cancel", "normalise"}
"""Of kind `mrr`: later, with the import of monthly histories."""


def is_later(vector: Vector) -> bool:
    """Whether a later issue, or a later part of this one, brings what the figure is about."""
    return vector.kind in LATER_KINDS or (vector.kind == "mrr" and vector.given.get("type") in LATER_TYPES)


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


NOT_OURS = {
    ("proration_fraction", "actual_30"): "P8: days over a month of thirty are none of the conventions",
    ("audit_true_up", "audit_cost_charged"): "P26: over-use is charged at list × a multiplier, an audit's cost never",
    ("audit_true_up", "total"): "P26: it holds the audit's cost, which is never charged",
    ("nrr_bridge", "grr_excluding_contraction"): "N2: what is less than before is not retained, left or shrunk",
    ("nrr_lazy_vs_cohort", "nrr_lazy_bridge"): "N1: what new customers buy later is not of the cohort",
    ("nrr_survivor_bias", "survivor_biased"): "N1: who left counts with 0",
    ("nrr_reactivation_policy", "movement_sum_excl_reactivation"): "N7: who came back is there",
    ("pvm", "price_laspeyres"): "N5: all that is not volume is price, so there is nothing crossed",
    ("pvm", "cross"): "N5: all that is not volume is price, so there is nothing crossed",
    ("waterfall_pocket", "margin"): "P21: a cost makes the floor; no quote states what is left above it",
}
"""By kind and the name of the figure."""


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


def _is(*kinds: str) -> Callable[[Vector], bool]:
    return lambda vector: vector.kind in kinds


def _keeps_a_line_whose_list_changed(vector: Vector) -> bool:
    return vector.kind == "partial_churn_reprice" and any(
        line.get("list_now") != line.get("list_then")
        for line in vector.given["lines"]
        if line["id"] not in vector.given["drop"]
    )


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
    ByShape(
        "P14",
        "what is added to a contract is paid until its end; adding it does not move the end",
        _is("coterm_weighted_days", "coterm_extra_months"),
    ),
    ByShape("P27", "a renewal's cap holds whatever its quantity and term", _is("uplift_cap_conditional")),
    ByShape(
        "P25",
        "coming back costs shares of fees, not one amount or another by the lapse's length",
        _is("reinstatement_stepped"),
    ),
    ByShape("P28", "a guarantee is a milestone on a date; nothing counts minutes", _is("sla_downtime_minutes")),
    ByShape(
        "P22",
        "what stays is repriced from the contracted list price, not from today's within the old total",
        _keeps_a_line_whose_list_changed,
    ),
)
