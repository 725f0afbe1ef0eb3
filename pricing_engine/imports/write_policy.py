"""Writes what holds for all of an offer: the rulebook, the names of conditions, discretion, billing discounts."""

from __future__ import annotations

from collections.abc import Sequence

from pricing_engine.imports.billing_options import MONTHLY
from pricing_engine.imports.offer import Offer, OfferBilling
from pricing_engine.imports.rule_text import document, quoted, word, words
from pricing_engine.money import ONE
from pricing_engine.rulebook.documents.fields import write_percent

GROUP = "billing"
LONGEST_TERM = 60


def rulebook_file(offer: Offer, header: Sequence[str]) -> str:
    """`rulebook.yaml`. The default billing plan is monthly where the page has it, else the page's first."""
    plans = [option.plan for option in offer.billing]
    default = MONTHLY if MONTHLY in plans else plans[0]
    lines = [
        "kind: rulebook",
        f"name: {quoted(offer.name)}",
        'language: "1"',
        f"reporting_currency: {offer.currency}",
        f"currencies: [{offer.currency}]",
        "proration: days",
        f"billing: {{default: {word(default)}, plans: {words(plans)}}}",
        f"term: {{minimum_months: 1, maximum_months: {LONGEST_TERM}}}",
        "roles: [rep, manager]",
    ]
    if reductions(offer):
        lines.append(f"discount_groups: [{{id: {GROUP}, pick: best}}]")
    return document(header, lines)


def vocabulary_file(offer: Offer, header: Sequence[str]) -> str:
    """`vocabulary.yaml`: the one name that conditions of a price page need."""
    lines = ["kind: vocabulary", "names:", "  billing:", "    type: enum", "    from: request.billing"]
    lines.append(f"    values: {words(option.plan for option in offer.billing)}")
    lines.append("    meaning: how often the customer is invoiced")
    return document(header, lines)


def discretion_file(header: Sequence[str]) -> str:
    """`discounts/discretion.yaml`: nobody discounts a price page; a manager prices what is on request."""
    lines = [
        "# The page says nothing about who may give discounts or price what is on request: change this to fit.",
        "kind: discretion",
        "may_price: [manager]",
    ]
    return document(header, lines)


def reductions(offer: Offer) -> tuple[OfferBilling, ...]:
    """The ways of billing that cost less than the list price."""
    return tuple(option for option in offer.billing if option.factor < ONE)


def billing_file(option: OfferBilling, header: Sequence[str]) -> str:
    """`discounts/<id>.yaml`: the page's coefficient as a percentage off."""
    lines = [
        "kind: discount_policy",
        f"id: {word(option.policy)}",
        f"group: {GROUP}",
        "applies_to: {timing: recurring}",
        f"when: 'billing == \"{option.plan}\"'",
        f"percent: {quoted(write_percent(ONE - option.factor))}",
        f"why: {quoted(f'the page multiplies prices by {option.factor:f} when billed {option.said}')}",
    ]
    return document(header, lines)
