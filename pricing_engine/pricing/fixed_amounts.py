"""Which fixed amounts are left for percentages of other lines: none of those that came off the other lines (P3)."""

from __future__ import annotations

from collections.abc import Sequence

from pricing_engine.money import ZERO
from pricing_engine.pricing.line_item import (
    AmountAsk,
    Ask,
    BundlePrice,
    GrantedPolicies,
    LineItem,
    PricingTerms,
)


def without_spent(terms: PricingTerms, plain: Sequence[LineItem]) -> PricingTerms:
    """The terms for percentages of lines: an amount that selects a line with a price of its own is not given twice.

    `plain` are the lines with a price of their own, which go through the steps first. A fixed bundle price is all
    theirs, so a percentage sold in that bundle costs nothing more.
    Source: P3: the parts of an amount sum to the whole.
    """
    if not (terms.granted.amount_groups or terms.bundle_prices or terms.asks):
        return terms
    ids = {item.id for item in plain}
    bundled = {item.bundle.id for item in plain if item.bundle is not None}
    return terms._replace(
        granted=_unspent(terms.granted, ids) if terms.granted.amount_groups else terms.granted,
        asks=tuple(ask for ask in terms.asks if not _is_spent(ask, ids)),
        bundle_prices={
            id_: BundlePrice(ZERO, price.rule) if id_ in bundled else price
            for id_, price in terms.bundle_prices.items()
        },
    )


def _is_spent(ask: Ask, ids: set[str]) -> bool:
    return isinstance(ask.size, AmountAsk) and bool(ids if ask.lines is None else ids & ask.lines)


def _unspent(granted: GrantedPolicies, ids: set[str]) -> GrantedPolicies:
    spent = {
        each.policy.id
        for line in ids
        for _, policies in granted.by_line[line]
        for each in policies
        if each.amount is not None
    }
    return granted._replace(by_line=granted.without(spent))
