"""What a quote points out without anyone having to agree: cheaper quantities, forced tiers, overage, promotion ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pricing_engine.catalog.products import ONE_TIME
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import ZERO, round_money
from pricing_engine.periods import Period
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.line_item import LineItem, PricingTerms
from pricing_engine.pricing.price import price_stretch, priced_items
from pricing_engine.pricing.waterfall import DISCRETIONARY, PricedLine
from pricing_engine.quoting.tier_resolution import ResolvedTier


def remark_tier(resolved: ResolvedTier | None) -> list[Finding]:
    """A finding when the customer gets a higher tier than was asked for, and why (P16)."""
    if resolved is None or resolved.asked is None or resolved.forced_by is None:
        return []
    tier, asked = resolved.tier, resolved.asked
    return [
        Finding(
            code="tier-upgraded",
            severity=Severity.INFO,
            what=f"{tier.id} instead of {asked.id}: {resolved.forced_by}",
            rule=tier.rule,
            facts={"asked": asked.id, "tier": tier.id, "because": resolved.forced_by},
        )
    ]


def remark_promotion_ends(lines: Sequence[PricedLine], items: Sequence[LineItem], terms: PricingTerms) -> list[Finding]:
    """For each promotion on the quote: when it ends, and the yearly price of its lines until then and after (P20).

    `until` is the price on its last day. One that outlasts the term does not end on this quote.
    """
    findings = []
    for policy_id, day, rule in terms.granted.ends:
        until = _nets_on_last_day(lines, day, rule)
        if not until or day > terms.term.end:
            continue
        after = {draft.item.id: draft.net for draft in price_stretch(priced_items(items), terms, Period(day, day))}
        net_until = round_money(sum(until.values(), ZERO), terms.currency)
        net_after = round_money(sum((after[line] for line in until), ZERO), terms.currency)
        findings.append(
            Finding(
                code="promotion-ends",
                severity=Severity.INFO,
                what=f"{policy_id} ends {day}: {net_until} a year until then, {net_after} after",
                rule=rule,
                facts={"policy": policy_id, "ends": day, "until": net_until, "after": net_after},
            )
        )
    return findings


def _nets_on_last_day(lines: Sequence[PricedLine], end: date, rule: RuleRef) -> dict[str, Decimal]:
    """The yearly net, just before the end, of each line that the rule then takes something off."""
    last = [
        (line.id, next(segment for segment in reversed(line.segments) if segment.start < end))
        for line in lines
        # A contract remembers promotions that are over: those ended before the first day that is priced.
        if line.segments and line.segments[0].start < end and line.timing is not ONE_TIME
    ]
    return {id_: segment.net for id_, segment in last if any(step.rule == rule for step in segment.steps)}


def remark_idle_asks(lines: Sequence[PricedLine], terms: PricingTerms) -> list[Finding]:
    """A finding for each discount asked for that took nothing off, such as a target price above the net price."""
    used = {
        step.rule for line in lines for segment in line.segments for step in segment.steps if step.kind is DISCRETIONARY
    }
    return [
        Finding(
            code="discount-without-effect",
            severity=Severity.INFO,
            what=f"the discount asked for at {ask.rule.id} takes nothing off: the price is not above it",
            rule=ask.rule,
        )
        for ask in terms.asks
        if ask.rule not in used and not ask.is_agreed
    ]


def remark_on_request(lines: Sequence[PricedLine], items: Sequence[LineItem]) -> list[Finding]:
    """A refusal for each line without a price: the quote is incomplete until it is given one (P5)."""
    return [
        Finding(
            code="price-on-request",
            severity=Severity.REFUSAL,
            what=f"{item.id} is a percentage of lines of which one has no price yet"
            if item.has_price
            else f"{item.id} is priced on request and has been given no price",
            rule=item.list_rule,
            line=item.id,
        )
        for line, item in zip(lines, items, strict=True)
        if not line.is_priced
    ]
