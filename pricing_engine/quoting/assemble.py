"""From a request to a quote: target state, price, findings, totals; the one path preview, quote and replay share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pricing_engine.money import ZERO, exact_arithmetic
from pricing_engine.policies.findings import Finding
from pricing_engine.pricing.billing import Invoice, schedule_invoices
from pricing_engine.pricing.line_item import LineItem, PricingTerms
from pricing_engine.pricing.price import Pricing, price
from pricing_engine.quoting.asks import read_asks
from pricing_engine.quoting.bundle_prices import bundle_prices
from pricing_engine.quoting.changes.assemble_change import assemble_change, weigh_change
from pricing_engine.quoting.changes.waivers import read_waivers
from pricing_engine.quoting.cheaper_above import remark_cheaper_above
from pricing_engine.quoting.choose_terms import terms_for
from pricing_engine.quoting.facts import TargetState, target_facts
from pricing_engine.quoting.granting import grant_policies
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.judged import Judged
from pricing_engine.quoting.line_items import build_line_items
from pricing_engine.quoting.overage_advice import advise_on_overage
from pricing_engine.quoting.product_rules import check_product_rules
from pricing_engine.quoting.quote import DRAFT, Quote, Totals
from pricing_engine.quoting.remarks import (
    remark_idle_asks,
    remark_on_request,
    remark_promotion_ends,
    remark_tier,
)
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.quoting.routing import route_approvals
from pricing_engine.quoting.sale import Sale, count_products, read_sale
from pricing_engine.quoting.scoring import RULES_ALONE, ScoredBy, score_quote
from pricing_engine.quoting.tier_resolution import tier_outcome
from pricing_engine.quoting.totals import total_lines
from pricing_engine.quoting.weighed import Weighed
from pricing_engine.rulebook.rulebook import Rulebook


def assemble_quote(
    request: QuoteRequest,
    *,
    rulebook: Rulebook,
    quote_id: str,
    held: Held | None = None,
    scored_by: ScoredBy | None = RULES_ALONE,
) -> Quote:
    """The priced quote of a request under a rulebook; the same for preview, quote and replay.

    `held` is the contract that is changed, in the version that `request.contract` names; None for a new sale.
    `scored_by` None leaves scoring out, for a quote that nobody will see.

    Raises: a DomainError where the request cannot be priced at all. What is commercially not allowed is a
    finding on the quote instead.
    Source: P14–P21; the order of steps is `pricing/price.py`.
    """
    with exact_arithmetic():
        if held is not None:
            return assemble_change(request, rulebook=rulebook, quote_id=quote_id, held=held, scored_by=scored_by)
        return _complete(price_sale(request, rulebook), quote_id, scored_by)


def weigh_quote(request: QuoteRequest, *, rulebook: Rulebook, held: Held | None) -> Weighed:
    """What a request comes to, without writing the quote of it out: most of several that are weighed are not kept.

    Raises: as `assemble_quote`.
    """
    with exact_arithmetic():
        if held is not None:
            return weigh_change(request, rulebook=rulebook, held=held)
        quote = _complete(price_sale(request, rulebook), "", None)
    totals = quote.totals
    return Weighed(
        request,
        quote.currency,
        quote.lines,
        quote.is_complete,
        quote.currency.zero,
        totals.arr if totals else ZERO,
        totals.first_invoice if totals else ZERO,
        quote.findings,
        quote.approval_levels,
        lambda quote_id: quote._replace(id=quote_id),
    )


class PricedSale(NamedTuple):
    """A new sale with its lines, the facts conditions were tested on, and what it was priced to."""

    sale: Sale
    items: tuple[LineItem, ...]
    facts: Mapping[str, Any]
    terms: PricingTerms
    pricing: Pricing


def price_sale(request: QuoteRequest, rulebook: Rulebook) -> PricedSale:
    """The priced lines of a new sale. Called within `exact_arithmetic`."""
    sale = read_sale(request, rulebook)
    items = build_line_items(sale)
    facts = _facts(sale, items)
    terms = _pricing_terms(sale, items, facts)
    return PricedSale(sale, items, facts, terms, price(items, terms))


def _facts(sale: Sale, items: tuple[LineItem, ...]) -> Mapping[str, Any]:
    """What conditions of discount policies are tested on: the state on the effective date."""
    state = TargetState(sale.tier.tier if sale.tier else None, count_products(items), sale.first_totals, sale.plan.id)
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


def _complete(priced: PricedSale, quote_id: str, scored_by: ScoredBy | None) -> Quote:
    """The quote with its totals, invoices, findings and approval levels."""
    sale, items, facts, terms, pricing = priced
    sold_under = terms_for(sale.rulebook, facts)
    findings = _findings(sale, items, terms, pricing)
    invoices: tuple[Invoice, ...] = ()
    totals: Totals | None = None
    levels: tuple[str, ...] = ()
    scored = None
    if pricing.is_complete:
        invoices = schedule_invoices(pricing.lines, terms, months=sale.plan.months, in_advance=sale.plan.in_advance)
        totals = total_lines(pricing.lines, invoices[:1], years=(sale.request.term_months, 12), currency=sale.currency)
        found, levels = route_approvals(sale, items, facts, pricing.lines, totals)
        findings += found
        scored = score_quote(Judged(sale, items, pricing.lines, facts), totals, by=scored_by)
    if sale.request.waivers:
        waived = read_waivers(sale.request.waivers, sold_under, billing=sale.request.billing)
        findings += waived.findings
        levels = tuple(dict.fromkeys((*levels, *waived.levels)))
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
        tier_outcome(sale.tier),
        pricing.lines,
        totals,
        invoices,
        tuple(findings),
        levels,
        None,
        sold_under.id if sold_under else None,
        scored,
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
