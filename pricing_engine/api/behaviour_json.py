"""What changes of price did to customers, as the JSON a caller gets; wire_behaviour.py has the shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pricing_engine.api.json_values import digits
from pricing_engine.money import Currency, round_money
from pricing_engine.retention.behaviour import BEFORE_LEVEL, LEVEL, Group, Outcome
from pricing_engine.retention.behaviour_statistics import Interval
from pricing_engine.retention.behaviour_words import DEFINITIONS, verdict_in_words
from pricing_engine.usecases.read_behaviour import ReadBehaviour


def behaviour_json(read: ReadBehaviour) -> dict[str, Any]:
    """The comparison with what it means, as JSON-ready data."""
    asked, found = read.asked, read.found
    changed = found.hit.changed
    return {
        "event": asked.event,
        "direction": asked.direction,
        "opening": found.design.window.opening,
        "closing": found.design.window.closing,
        "months": asked.months,
        "around": asked.around,
        "currency": read.currency.code,
        "definitions": dict(DEFINITIONS),
        "hit": _group(found.hit, read.currency) | {"price_change": None if changed is None else digits(changed)},
        "like": _group(found.like, read.currency) | {"hit_later": found.hit_later},
        "left_out": {reason.value: number for reason, number in found.left_out.items()},
        "left_at_end_of_term": found.left_at_end_of_term,
        "alike_before": {
            "is_alike": found.is_alike_before,
            "level": digits(BEFORE_LEVEL),
            "differences": _differences(found.before),
        },
        "level": digits(LEVEL),
        "differences": _differences(found.differences),
        "verdict": "effect" if found.verdict.can_tell else "cannot_tell",
        "because": found.verdict,
        "in_words": verdict_in_words(found),
    }


def _group(group: Group, currency: Currency) -> dict[str, Any]:
    return {
        "accounts": group.accounts,
        "cases": group.cases,
        "counts_as": digits(group.counts_as),
        "arr": digits(round_money(group.arr, currency)),
        "before": _means(group.before),
        "after": _means(group.after),
    }


def _means(means: Mapping[Outcome, Any] | None) -> dict[str, str] | None:
    return None if means is None else {outcome.value: digits(mean) for outcome, mean in means.items()}


def _differences(found: Mapping[Outcome, Interval]) -> list[dict[str, Any]]:
    return [
        {
            "outcome": outcome,
            "difference": digits(each.difference),
            "lower": None if each.lower is None else digits(each.lower),
            "upper": None if each.upper is None else digits(each.upper),
        }
        for outcome, each in found.items()
    ]
