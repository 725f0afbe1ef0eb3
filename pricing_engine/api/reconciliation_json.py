"""A reconciliation as the JSON a caller gets; wire_reconciliation.py has the shape."""

from __future__ import annotations

from typing import Any

from pricing_engine.api.json_values import digits
from pricing_engine.money import round_money
from pricing_engine.retention.reconciliation import Compared, Contradiction, Reconciliation


def reconciliation_json(found: Reconciliation, *, after: int = 0, limit: int | None = None) -> dict[str, Any]:
    """What was compared and found, with some of the contradictions, as JSON-ready data."""
    until = len(found.contradictions) if limit is None else min(after + limit, len(found.contradictions))
    return {
        "on": found.on,
        "currency": found.currency.code,
        "agrees": not found.contradictions,
        "compared": [_compared(each, found) for each in found.compared],
        "months": [
            {
                "month": each.month,
                "currency": each.currency,
                "customers": each.customers,
                "imported": digits(each.imported),
                "in_ledger": digits(each.in_ledger),
                "difference": digits(each.imported - each.in_ledger),
            }
            for each in found.months
        ],
        "count": len(found.contradictions),
        "next_after": until if until < len(found.contradictions) else None,
        "items": [contradiction_json(each, found) for each in found.contradictions[after:until]],
    }


def _compared(each: Compared, found: Reconciliation) -> dict[str, Any]:
    return {
        "source": each.source,
        "check": each.check,
        "why": each.why,
        "tested": each.tested,
        "untested": each.untested,
        "found": each.found,
        "at_stake": digits(round_money(each.at_stake, found.currency)),
    }


def contradiction_json(each: Contradiction, found: Reconciliation) -> dict[str, Any]:
    """One contradiction with its place."""
    return {
        "source": each.source,
        "check": each.check,
        "account_id": each.account or None,
        "contract_id": each.contract or None,
        "file": each.file,
        "line": each.line,
        "at_stake": digits(round_money(each.at_stake, found.currency)),
        "what": each.what,
    }
