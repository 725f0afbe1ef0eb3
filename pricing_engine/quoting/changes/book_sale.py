"""The first version of a contract, from a new sale."""

from __future__ import annotations

from decimal import Decimal

from pricing_engine.contracts.contract import Contract, TermsPin
from pricing_engine.pricing.instalments import cadence_for
from pricing_engine.quoting.assemble import PricedSale
from pricing_engine.quoting.changes.contract_parts import (
    agreed_discounts,
    held_products,
    lasting_waivers,
    new_term,
    refuse_unpriced,
)
from pricing_engine.quoting.changes.milestones import promised
from pricing_engine.quoting.choose_terms import terms_for


def book_sale(priced: PricedSale, contract_id: str) -> Contract:
    """The contract of a new sale."""
    sale, items, facts, pricing_terms, pricing = priced
    refuse_unpriced(is_complete=pricing.is_complete)
    terms = terms_for(sale.rulebook, facts)
    plan, currency, rulebook = sale.plan, sale.currency, sale.rulebook
    cadence = cadence_for(sale.term, plan, rulebook.proration)
    made = new_term(
        items,
        pricing,
        pricing_terms.granted.by_line,
        cadence,
        currency,
        rulebook=rulebook.hash,
        day=sale.term.start,
    )
    arr = sum((line.net_per_year for line in pricing.lines), Decimal(0))
    return Contract(
        id=contract_id,
        account_id=sale.request.account.id,
        version=1,
        effective=sale.term.start,
        currency=currency,
        price_book=sale.price_book.id,
        term=sale.term,
        ends=sale.term.end,
        billing=plan,
        proration=rulebook.proration,
        tier=sale.tier.tier.id if sale.tier else None,
        tier_rulebook=rulebook.hash,
        terms=TermsPin(terms.id, rulebook.hash) if terms else None,
        price_hold=terms.price_hold if terms else False,
        products=held_products(sale.chosen),
        lines=made.lines,
        discounts=agreed_discounts(pricing_terms.asks, items, sale.chosen, 1),
        charges=made.charges,
        milestones=promised(terms, sale.term.start, arr, currency),
        changed_terms=lasting_waivers(sale.request.waivers),
    )
