"""Who must agree to what a rep takes off a quote (P21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pricing_engine.policies.findings import Finding
from pricing_engine.pricing.line_item import LineItem
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.approvals import approval_levels, check_discretion, priced_values
from pricing_engine.quoting.facts import with_origins
from pricing_engine.quoting.quote import Totals
from pricing_engine.quoting.sale import Sale


def route_approvals(
    sale: Sale, items: Sequence[LineItem], facts: Mapping[str, Any], lines: Sequence[PricedLine], totals: Totals
) -> tuple[list[Finding], tuple[str, ...]]:
    """The findings on discretion over these lines, and the levels that must agree."""
    if not sale.request.discounts and not (sale.has_ramp and any(map(_asks_price, items))):
        return [], ()
    values = priced_values(lines, totals, reporting_rate=sale.reporting_rate)
    known = with_origins(facts, sale.rulebook, values)
    beyond = check_discretion(lines, items, role=sale.request.role, facts=known, rulebook=sale.rulebook)
    return beyond, approval_levels(beyond, known, sale.rulebook)


def _asks_price(item: LineItem) -> bool:
    """Whether a ramp asks for a unit price of a listed charge; one of 0 is asked for too."""
    return len(item.phases) > 1 and any(phase.target_price is not None for phase in item.phases)
