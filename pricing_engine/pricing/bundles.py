"""The bundle step: lines of a bundle asked for come off list together (P18a)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pricing_engine.money import ZERO, allocate
from pricing_engine.pricing.draft import Draft
from pricing_engine.pricing.line_item import PricingTerms
from pricing_engine.pricing.waterfall import BUNDLE


def apply_bundles(drafts: Sequence[Draft], terms: PricingTerms) -> list[Draft]:
    """The drafts with every bundled line at its bundle's price; the others untouched.

    Rounds: the total of a fixed price is shared in whole minor units by list price, largest remainder (P3).
    """
    fixed = {
        bundle_id: _shares(drafts, bundle_id, bundle_price.per_year, terms.currency.quantum)
        for bundle_id, bundle_price in terms.bundle_prices.items()
    }
    priced = []
    for draft in drafts:
        bundle = draft.item.bundle
        if bundle is None:
            priced.append(draft)
        elif bundle.off_list is not None:
            priced.append(draft.stepped(BUNDLE, bundle.rule, draft.net * (1 - bundle.off_list)))
        else:
            rule = terms.bundle_prices[bundle.id].rule
            priced.append(draft.stepped(BUNDLE, rule, fixed[bundle.id][draft.item.id]))
    return priced


def _shares(drafts: Sequence[Draft], bundle_id: str, per_year: Decimal, quantum: Decimal) -> dict[str, Decimal]:
    members = [draft for draft in drafts if draft.item.bundle is not None and draft.item.bundle.id == bundle_id]
    if not members:
        return {}
    weights = [max(draft.list, ZERO) for draft in members]
    parts = allocate(per_year, weights, quantum)
    return {draft.item.id: part for draft, part in zip(members, parts, strict=True)}
