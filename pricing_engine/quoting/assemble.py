"""From a request to a quote: target state, price, findings, totals; the one path preview, quote and replay share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pricing_engine.money import exact_arithmetic
from pricing_engine.policies.findings import Finding
from pricing_engine.pricing.billing import Invoice, schedule_invoices
from pricing_engine.pricing.line_item import LineItem, PricingTerms
from pricing_engine.pricing.price import Pricing, price
from pricing_engine.quoting.approvals import approval_levels, check_discretion, priced_values
from pricing_engine.quoting.asks import read_asks
from pricing_engine.quoting.bundle_prices import bundle_prices
from pricing_engine.quoting.chosen import totals_on
from pricing_engine.quoting.facts import TargetState, target_facts, with_origins
from pricing_engine.quoting.granting import grant_policies
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.line_items import build_line_items
from pricing_engine.quoting.overage_advice import advise_on_overage
from pricing_engine.quoting.product_rules import check_product_rules
from pricing_engine.quoting.quote import DRAFT, Quote, TierOutcome, Totals
from pricing_engine.quoting.remarks import (
    remark_cheaper_above,
    remark_idle_asks,
    remark_on_request,
    remark_promotion_ends,
    remark_tier,
)
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.quoting.sale import Sale, count_products, read_sale
from pricing_engine.quoting.tier_resolution import ResolvedTier
from pricing_engine.quoting.totals import total_lines
from pricing_engine.rulebook.rulebook import Rulebook


def assemble_quote(request: QuoteRequest, *, rulebook: Rulebook, quote_id: str, held: Held | None = None) -> Quote:
    """The priced quote of a request under a rulebook; the same for preview, quote and replay.

    `held` is the contract that is changed, in the version that `request.contract` names; None for a new sale.

    Raises: a DomainError where the request cannot be priced at all. What is commercially not allowed is a
    finding on the quote instead.
    Source: P14–P21; the order of steps is `pricing/price.py`.
    """
    with exact_arithmetic():
        sale = read_sale(request, rulebook)
        items = build_line_items(sale)
        facts = _facts(sale, items)
        terms = _pricing_terms(sale, items, facts)
        return _complete(sale, items, facts, terms, price(items, terms), quote_id)


def _facts(sale: Sale, items: tuple[LineItem, ...]) -> Mapping[str, Any]:
    """What conditions of discount policies are tested on: the state on the effective date."""
    first_day = sale.totals
    if sale.has_ramp:
        first_day = totals_on(sale.term.start, sale.chosen, sale.request.usage, sale.rulebook.metrics)
    state = TargetState(sale.tier.tier if sale.tier else None, count_products(items), first_day)
    return target_facts(sale.request, state, sale.rulebook)


def _pricing_terms(sale: Sale, items: tuple[LineItem, ...], facts: Mapping[str, Any]) -> PricingTerms:
    discretion = sale.rulebook.discretion
    return PricingTerms(
        sale.currency,
        sale.term,
        sale.billing_months,
        sale.rulebook.proration,
        sale.rulebook.discount_groups,
        grant_policies(sale, items, facts),
        read_asks(sale.request, items, sale.currency),
        bundle_prices(sale),
        discretion.max_total_discount,
        discretion.cap_rule,
        discretion.floor,
    )


def _complete(
    sale: Sale,
    items: tuple[LineItem, ...],
    facts: Mapping[str, Any],
    terms: PricingTerms,
    pricing: Pricing,
    quote_id: str,
) -> Quote:
    """The quote with its totals, invoices, findings and approval levels."""
    findings = _findings(sale, items, terms, pricing)
    invoices: tuple[Invoice, ...] = ()
    totals: Totals | None = None
    levels: tuple[str, ...] = ()
    if pricing.is_complete:
        invoices = schedule_invoices(pricing.lines, terms, months=sale.plan.months, in_advance=sale.plan.in_advance)
        totals = total_lines(pricing.lines, invoices, term_months=sale.request.term_months, currency=sale.currency)
        findings, levels = _route(sale, items, facts, pricing, totals, findings)
    return Quote(
        quote_id,
        DRAFT,
        sale.request,
        sale.rulebook.hash,
        sale.price_book.id,
        sale.currency,
        sale.term.start,
        sale.term.end,
        sale.plan.id,
        _tier_outcome(sale.tier),
        pricing.lines,
        totals,
        invoices,
        tuple(findings),
        levels,
    )


def _findings(sale: Sale, items: tuple[LineItem, ...], terms: PricingTerms, pricing: Pricing) -> list[Finding]:
    """What the quote points out, refusals first."""
    return [
        *check_product_rules(sale.chosen, sale.rulebook.metrics),
        *(() if pricing.is_complete else remark_on_request(pricing.lines, items)),
        *pricing.findings,
        *remark_tier(sale.tier),
        *advise_on_overage(sale),
        *remark_cheaper_above(items, sale.rulebook.metrics),
        *(remark_promotion_ends(pricing.lines, items, terms) if terms.granted.ends else ()),
        *(remark_idle_asks(pricing.lines, terms) if terms.asks else ()),
    ]


def _route(
    sale: Sale,
    items: tuple[LineItem, ...],
    facts: Mapping[str, Any],
    pricing: Pricing,
    totals: Totals,
    findings: list[Finding],
) -> tuple[list[Finding], tuple[str, ...]]:
    """The findings with those on discretion, and who must agree."""
    if not sale.request.discounts and not (sale.has_ramp and any(map(_asks_price, items))):
        return findings, ()
    values = priced_values(pricing.lines, totals, reporting_rate=sale.reporting_rate)
    facts = with_origins(facts, sale.rulebook, values)
    beyond = check_discretion(pricing.lines, items, role=sale.request.role, facts=facts, rulebook=sale.rulebook)
    return [*findings, *beyond], approval_levels(beyond, facts, sale.rulebook)


def _asks_price(item: LineItem) -> bool:
    """Whether a ramp asks for a unit price of a listed charge; one of 0 is asked for too."""
    return len(item.phases) > 1 and any(phase.target_price is not None for phase in item.phases)


def _tier_outcome(resolved: ResolvedTier | None) -> TierOutcome | None:
    if resolved is None:
        return None
    asked = resolved.asked.id if resolved.asked else None
    return TierOutcome(resolved.tier.id, asked, resolved.forced_by)
