"""Requests of quotes that the OpenAPI document shows: a first sale, and what a contract is asked for later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_ACCOUNT: Final = "acc_0198c3a1f2b4d5e6f708192a3b4c5d6e"
_CONTRACT: Final = "con_0198c3a1f2b4d5e6f708192a3b4c5d6f"


def _changes(*changes: Mapping[str, Any], effective: str = "2026-07-01", **more: Any) -> dict[str, Any]:
    return {"account_id": _ACCOUNT, "effective_date": effective, "changes": list(changes), **more}


QUOTE_EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "A first sale": _changes(
        {"op": "add", "product": "analytics", "quantities": {"users": "100"}},
        term_months=12,
        currency="USD",
        tier=None,
        bundle=None,
        billing="yearly_in_advance",
        discounts=[{"target": "quote", "percent": "0.10", "why": "competitive"}],
        waivers=[],
    ),
    "Partial churn with the fee waived": _changes(
        {"op": "remove", "product": "analytics"},
        {"op": "remove", "product": "crm", "quantities": {"users": "20"}},
        contract_id=_CONTRACT,
        waivers=[{"what": "partial_cancellation_fee", "why": "keeps a strategic customer"}],
    ),
    "Another quantity and a higher tier": _changes(
        {"op": "set", "product": "crm", "quantities": {"users": "120"}},
        {"op": "change_tier", "tier": "enterprise"},
    ),
    "A renewal for two years, with a cap of 3% on the rise": _changes(
        {"op": "renew"}, effective="2027-01-01", term_months=24, waivers=[{"what": "uplift_cap", "to": "0.03"}]
    ),
    "Six months more": _changes({"op": "extend", "months": 6}, effective="2027-01-01"),
    "A cancellation": _changes({"op": "cancel"}),
    "Back after a lapse": _changes({"op": "reinstate"}, term_months=12),
    "Use above what is committed": _changes(
        {"op": "true_up", "product": "crm", "used": {"users": "130"}, "since": "2026-05-01"}
    ),
    "A product to try": _changes({"op": "trial", "product": "analytics", "quantities": {"users": "10"}}),
    "A contract beside the one there is": _changes(
        {"op": "add", "product": "api", "quantities": {"api_calls": "250000"}}, contract_id="new"
    ),
}
"""What it shows → the body of the request."""
