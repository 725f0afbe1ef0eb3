"""Figures beside targets as the JSON a caller gets; wire_targets.py has the shape."""

from __future__ import annotations

from typing import Any

from pricing_engine.api.json_values import digits
from pricing_engine.api.rule_json import rule_json
from pricing_engine.retention.definitions import TARGET
from pricing_engine.retention.targets import Measured
from pricing_engine.usecases.retained_targets import AgainstTargets


def against_targets_json(found: AgainstTargets) -> dict[str, Any]:
    """What has a target, and why nothing has, as JSON-ready data."""
    return {
        "definition": TARGET,
        "omitted": found.omitted,
        "other_by": list(found.other_by),
        "items": [_measured(each) for each in found.measured],
    }


def _measured(found: Measured) -> dict[str, Any]:
    target, difference = found.target, found.difference
    return {
        "segment": found.segment,
        "measure": target.measure,
        "owner": target.owner,
        "target": digits(target.target),
        "actual": None if found.actual is None else digits(found.actual),
        "difference": None if difference is None else digits(difference),
        "standing": found.standing,
        "unknown": found.unknown,
        "since": target.start,
        "until": target.until,
        "rule": rule_json(target.rule),
    }
