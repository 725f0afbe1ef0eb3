"""The rule behind a number, as the JSON a caller gets."""

from __future__ import annotations

from typing import Any

from pricing_engine.catalog.rule import RuleRef


def rule_json(rule: RuleRef) -> dict[str, Any]:
    """The rule as JSON-ready data."""
    return {"id": rule.id, "file": rule.file, "line": rule.line, "why": rule.why}
