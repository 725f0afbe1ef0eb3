"""The last steps before the term: the total cap trims policy discounts, and the floor refuses (P19, P21)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import EXACT, ZERO
from pricing_engine.policies.discretion import Floor
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.draft import Draft
from pricing_engine.pricing.line_item import PricingTerms, TotalCap
from pricing_engine.pricing.waterfall import AGREED, CAP, DISCRETIONARY, POLICY, UPLIFT

_FINEST = Decimal("1E-20")
"""A divided cost may be a hair high; floors are cut here, so that a price that just keeps the margin stands."""


def apply_cap(drafts: Sequence[Draft], terms: PricingTerms) -> list[Draft]:
    """The drafts with policy discounts trimmed so that no more than the cap is taken off list in all.

    A bundle's price is not trimmed, and neither is what a rep asked for: `limit_findings` refuses that.
    """
    if terms.caps:
        usual = TotalCap(terms.max_total_discount, terms.cap_rule)
        return [_capped(draft, terms.caps.get(draft.item.id, usual)) for draft in drafts]
    cap, rule = terms.max_total_discount, terms.cap_rule
    if cap is None or rule is None:
        return list(drafts)
    keep = 1 - cap
    return [draft if draft.net >= (lowest := draft.list * keep) else _trim(draft, lowest, rule) for draft in drafts]


def _capped(draft: Draft, cap: TotalCap) -> Draft:
    if cap.most is None or cap.rule is None or draft.net >= (lowest := draft.list * (1 - cap.most)):
        return draft
    return _trim(draft, lowest, cap.rule)


def _trim(draft: Draft, lowest: Decimal, rule: RuleRef) -> Draft:
    before_asks = draft.net + draft.taken_off(DISCRETIONARY) + draft.taken_off(AGREED)
    trim = min(lowest - before_asks, draft.taken_off(POLICY))
    if trim <= 0:
        return draft
    return draft.stepped(CAP, rule, draft.net + trim)


def limit_findings(drafts: Sequence[Draft], terms: PricingTerms) -> list[Finding]:
    """A refusal for each line that a rep's discount takes beyond the cap, or that ends below the floor.

    Not for what is tried, what was agreed before, or what the contract's own limit of a renewal keeps low, unless more
    is asked off.
    """
    findings: list[Finding] = []
    cap, floor = terms.max_total_discount, terms.floor
    for draft in drafts:
        kept = None if cap is None else draft.list * (1 - cap)
        lowest = None if floor is None else _lowest(draft, floor)
        beyond, below = kept is not None and draft.net < kept, lowest is not None and draft.net < lowest
        if not beyond and not below:
            continue
        asked = draft.taken_off(DISCRETIONARY)
        is_agreed = draft.item.id in terms.settled or draft.taken_off(UPLIFT) > 0
        if draft.item.trial_until is not None or (is_agreed and not asked):
            continue
        if beyond and asked and kept is not None:
            findings.append(_beyond_cap(draft, kept, terms))
        if below and floor is not None and lowest is not None:
            findings.append(_below_floor(draft, lowest, floor))
    return findings


def _lowest(draft: Draft, floor: Floor) -> Decimal:
    """The higher of the floors that apply to a line; 0 when none does. Units: as the draft."""
    lowest = ZERO if floor.net_ratio is None else draft.list * floor.net_ratio
    cost = draft.item.cost_per_unit
    if floor.margin is not None and cost is not None:
        per_year = cost * draft.phase.quantity * draft.item.charge.periods_per_year
        lowest = max(lowest, (per_year / (1 - floor.margin)).quantize(_FINEST, ROUND_FLOOR, EXACT))
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


def _below_floor(draft: Draft, lowest: Decimal, floor: Floor) -> Finding:
    return Finding(
        code="below-floor",
        severity=Severity.REFUSAL,
        what=f"{draft.item.id} is priced below its floor",
        rule=floor.rule,
        line=draft.item.id,
        facts={"net": draft.net, "floor": lowest},
    )
