"""The peer of `quote-5`: zen-engine deciding a far simpler policy, without prices, tiers, trace, invoices or totals."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any


def zen_decision(users: Sequence[Decimal]) -> Callable[[], Any] | None:
    """A decision ready to evaluate for lines of so many users, or None where zen-engine is not installed."""
    try:
        import zen
    except ImportError:
        return None
    # The loop must hold the engine: a decision of an engine that was collected does not evaluate.
    engine = zen.ZenEngine()
    decision = engine.create_decision(json.dumps(_graph()))
    asked = {
        "segment": "mid_market",
        "term_months": 18,
        "product_count": len(users),
        "lines": [{"users": int(each)} for each in users],
    }
    result = decision.evaluate(asked)["result"]
    assert len(result["net"]) == len(users), result
    return lambda: (engine, decision.evaluate(asked))[1]


def _graph() -> dict[str, Any]:
    """input → a table of the three discounts → the lines' amounts times what is left → output."""
    nodes = [
        {"id": "in", "type": "inputNode", "name": "request", "position": {"x": 0, "y": 0}},
        {
            "id": "discounts",
            "type": "decisionTableNode",
            "name": "discounts",
            "position": {"x": 1, "y": 0},
            "content": _table(),
        },
        {
            "id": "nets",
            "type": "expressionNode",
            "name": "nets",
            "position": {"x": 2, "y": 0},
            "content": {
                "expressions": [
                    {"id": "kept", "key": "kept", "value": "(1 - portfolio) * (1 - term) * (1 - promotion)"},
                    {"id": "net", "key": "net", "value": "map(lines, #.users * 17 * 12 * $.kept)"},
                ]
            },
        },
        {"id": "out", "type": "outputNode", "name": "quote", "position": {"x": 3, "y": 0}},
    ]
    path = ("in", "discounts", "nets", "out")
    edges = [
        {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
        for source, target in pairwise(path)
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _table() -> dict[str, Any]:
    inputs = ("product_count", "term_months", "segment")
    outputs = ("portfolio", "term", "promotion")
    rows = [
        (">= 1", ">= 12", '"mid_market"', "0.10", "0.05", "0.12"),
        (">= 1", ">= 12", "", "0.10", "0.05", "0"),
        (">= 1", "", "", "0.10", "0", "0"),
    ]
    return {
        "hitPolicy": "first",
        "passThrough": True,
        "inputs": [{"id": name, "name": name, "type": "expression", "field": name} for name in inputs],
        "outputs": [{"id": name, "name": name, "type": "expression", "field": name} for name in outputs],
        "rules": [
            {"_id": f"row-{index}", **dict(zip((*inputs, *outputs), row, strict=True))}
            for index, row in enumerate(rows)
        ],
    }
