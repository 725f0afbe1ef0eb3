"""Percentages of other lines, such as support at 20%: what they are of, and how discounts reach them (P10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import ZERO
from pricing_engine.pricing.bundles import apply_bundles
from pricing_engine.pricing.discounts import apply_discounts
from pricing_engine.pricing.discretionary import apply_discretionary
from pricing_engine.pricing.draft import Draft
from pricing_engine.pricing.limits import apply_cap
from pricing_engine.pricing.line_item import Ask, BundlePrice, GrantedPolicies, LineItem, PricingTerms
from pricing_engine.pricing.list_price import draft_share
from pricing_engine.pricing.waterfall import DISCRETIONARY

OF_LESS = RuleRef("share-of-lines", "", 0, "a percentage of lines that a discount was asked for")


def base_of(share: LineItem, items: Sequence[LineItem]) -> list[LineItem]:
    """The lines a percentage is taken of; percentages do not count in one another."""
    selector = share.charge.of_lines
    assert selector is not None
    return [
        item
        for item in items
        if item.charge.of_lines is None and item is not share and selector.matches(item.product, item.charge)
    ]


def apply_rules(drafts: Sequence[Draft], terms: PricingTerms, on: date) -> list[Draft]:
    """The drafts after the steps that the rules decide: bundles, then policies."""
    if any([draft.item.bundle for draft in drafts]):
        drafts = apply_bundles(drafts, terms)
    return apply_discounts(drafts, terms, on)


def draft_shares(items: Sequence[LineItem], plain: Sequence[Draft], terms: PricingTerms, on: date) -> list[Draft]:
    """Every percentage of other lines, down to where discounts asked for begin; `plain` are the other lines there.

    At list it is of what its lines come to by the rules. What was asked off those lines takes it down as well, in a
    discretionary step of its own, so that limits count it; but not a discount that is asked off the percentage too,
    such as one off the whole quote: 8% off everything is 8%.
    """
    shares = [item for item in items if item.charge.of_lines is not None]
    own = _without_spent(terms, [draft.item for draft in plain])
    by_rules = _nets(apply_cap(plain, terms))
    asked: dict[tuple[Ask, ...], Mapping[str, Decimal]] = {}
    drafts = apply_rules([_of(share, items, by_rules, on) for share in shares], own, on)
    less = []
    for share in shares:
        others = tuple([ask for ask in terms.asks if not ask.is_about(share.id)])
        if others not in asked:
            asked[others] = _nets(apply_cap(apply_discretionary(plain, terms._replace(asks=others)), terms))
        less.append(_of(share, items, asked[others], on))
    return [
        draft.stepped(DISCRETIONARY, OF_LESS, below.net) if below.net < draft.net else draft
        for draft, below in zip(drafts, apply_rules(less, own, on), strict=True)
    ]


def _of(share: LineItem, items: Sequence[LineItem], nets: Mapping[str, Decimal], on: date) -> Draft:
    return draft_share(share, on, sum((nets[base.id] for base in base_of(share, items)), ZERO))


def _nets(drafts: Sequence[Draft]) -> dict[str, Decimal]:
    return {draft.item.id: draft.net for draft in drafts}


def _without_spent(terms: PricingTerms, plain: Sequence[LineItem]) -> PricingTerms:
    """The terms for percentages of lines: an amount that selects a line with a price of its own is not given twice.

    `plain` are the lines with a price of their own, which go through the steps first. A fixed bundle price is all
    theirs, so a percentage sold in that bundle costs nothing more.
    Source: P3: the parts of an amount sum to the whole.
    """
    if not (terms.granted.amount_groups or terms.bundle_prices):
        return terms
    bundled = {item.bundle.id for item in plain if item.bundle is not None}
    return terms._replace(
        granted=_unspent(terms.granted, plain) if terms.granted.amount_groups else terms.granted,
        bundle_prices={
            id_: BundlePrice(ZERO, price.rule) if id_ in bundled else price
            for id_, price in terms.bundle_prices.items()
        },
    )


def _unspent(granted: GrantedPolicies, plain: Sequence[LineItem]) -> GrantedPolicies:
    spent = {
        each.policy.id
        for item in plain
        for _, policies in granted.by_line[item.id]
        for each in policies
        if each.amount is not None
    }
    return granted._replace(by_line=granted.only(lambda each: each.policy.id not in spent))
