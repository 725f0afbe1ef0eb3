"""What a quote points out without anyone having to agree: cheaper quantities, forced tiers, overage, promotion ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pricing_engine.catalog.charge_models import Stairstep, Volume
from pricing_engine.catalog.prices import Price, rate
from pricing_engine.catalog.products import ONE_TIME, Metric
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract_line import Phase
from pricing_engine.money import ONE, ZERO, round_money
from pricing_engine.periods import Period
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.line_item import LineItem, PricingTerms
from pricing_engine.pricing.price import price_stretch, priced_items
from pricing_engine.pricing.waterfall import DISCRETIONARY, PricedLine
from pricing_engine.quoting.tier_resolution import ResolvedTier

_FALLING = (Volume, Stairstep)
"""The charge models by which more can cost less."""


def remark_cheaper_above(items: Sequence[LineItem], metrics: Mapping[str, Metric]) -> list[Finding]:
    """A finding for each line whose price falls when more is bought, with the cheapest such quantity (P12).

    Of a ramp the first phase in which it does.
    """
    findings = []
    for item in items:
        if item.price is not None and isinstance(item.price.model, _FALLING):
            # What is owed once is owed for the first day's quantity.
            phases = item.phases[:1] if item.charge.months is None else item.phases
            found = [_cheaper_above(item, item.price, phase, metrics) for phase in phases]
            findings += [finding for finding in found if finding is not None][:1]
    return findings


def _cheaper_above(item: LineItem, price: Price, phase: Phase, metrics: Mapping[str, Metric]) -> Finding | None:
    model, quantity = price.model, phase.quantity
    assert isinstance(model, Volume | Stairstep)
    if not quantity:  # use that is not committed is paid as it comes
        return None
    amount = rate(price, quantity)
    step, most = _sold_in(item, metrics)
    bounds = [band.up_to + price.included for band in model.bands[:-1] if band.up_to is not None]
    above = [(bound // step + 1) * step for bound in bounds]
    offers = [(rate(price, more), more) for more in above if quantity < more and (most is None or more <= most)]
    if not offers or min(offers)[0] >= amount:
        return None
    cheapest, more = min(offers)
    return Finding(
        code="cheaper-above",
        severity=Severity.INFO,
        what=f"{more:f} of {item.id} cost {amount - cheapest:f} less per period than {quantity:f}"
        + (f", from {phase.start} on" if phase is not item.phases[0] else ""),
        rule=item.list_rule,
        line=item.id,
        facts={"quantity": more, "saving": amount - cheapest, "from": phase.start},
    )


def _sold_in(item: LineItem, metrics: Mapping[str, Metric]) -> tuple[Decimal, Decimal | None]:
    """The step and the most of its metric that the product is sold in."""
    metric = metrics.get(item.charge.metric or "")
    rule = next((rule for rule in item.product.quantities if rule.metric == item.charge.metric), None)
    step = (rule.step if rule else None) or (metric.step if metric else ONE)
    return step, rule.maximum if rule else None


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
