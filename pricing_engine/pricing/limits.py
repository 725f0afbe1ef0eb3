"""The last steps before the term: the total cap trims policy discounts, and the floor refuses (P19, P21)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pricing_engine.money import ZERO
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.draft import Draft
from pricing_engine.pricing.line_item import PricingTerms
from pricing_engine.pricing.list_price import periods_per_year
from pricing_engine.pricing.waterfall import StepKind


def apply_cap(drafts: Sequence[Draft], terms: PricingTerms) -> list[Draft]:
    """The drafts with policy discounts trimmed so that no more than the cap is taken off list in all.

    A bundle's price is not trimmed, and neither is what a rep asked for: `limit_findings` refuses that.
    """
    cap, rule = terms.max_total_discount, terms.cap_rule
    if cap is None or rule is None:
        return list(drafts)
    keep = 1 - cap
    return [
        draft if draft.net >= draft.list * keep else _trim(draft, draft.list * keep, rule_terms=terms)
        for draft in drafts
    ]


def _trim(draft: Draft, lowest: Decimal, *, rule_terms: PricingTerms) -> Draft:
    before_asks = draft.net + draft.taken_off(StepKind.DISCRETIONARY)
    trim = min(lowest - before_asks, draft.taken_off(StepKind.POLICY))
    if trim <= 0:
        return draft
    assert rule_terms.cap_rule is not None
    return draft.stepped(StepKind.CAP, rule_terms.cap_rule, draft.net + trim)


def limit_findings(drafts: Sequence[Draft], terms: PricingTerms) -> list[Finding]:
    """A refusal for each line that a rep's discount takes beyond the cap, or that ends below the floor."""
    findings: list[Finding] = []
    for draft in drafts:
        if terms.max_total_discount is not None:
            lowest = draft.list * (1 - terms.max_total_discount)
            if draft.net < lowest and draft.taken_off(StepKind.DISCRETIONARY):
                findings.append(_beyond_cap(draft, lowest, terms))
        floor = _floor(draft, terms)
        if draft.net < floor:
            findings.append(_below_floor(draft, floor, terms))
    return findings


def _floor(draft: Draft, terms: PricingTerms) -> Decimal:
    """The higher of the floors that apply to a line; 0 when none does. Units: as the draft."""
    floor = terms.floor
    if floor is None:
        return ZERO
    lowest = ZERO if floor.net_ratio is None else draft.list * floor.net_ratio
    cost = draft.item.cost_per_unit
    if floor.margin is not None and cost is not None:
        per_year = cost * draft.phase.quantity * periods_per_year(draft.item.charge)
        lowest = max(lowest, per_year / (1 - floor.margin))
    return lowest


def _beyond_cap(draft: Draft, lowest: Decimal, terms: PricingTerms) -> Finding:
    return Finding(
        code="discount-beyond-cap",
        severity=Severity.REFUSAL,
        what=f"the discounts on {draft.item.id} come to more than {terms.max_total_discount:.0%} of list",
        rule=terms.cap_rule,
        line=draft.item.id,
        facts={"net": draft.net, "lowest": lowest},
    )


def _below_floor(draft: Draft, floor: Decimal, terms: PricingTerms) -> Finding:
    return Finding(
        code="below-floor",
        severity=Severity.REFUSAL,
        what=f"{draft.item.id} is priced below its floor",
        rule=terms.floor.rule if terms.floor else None,
        line=draft.item.id,
        facts={"net": draft.net, "floor": floor},
    )
