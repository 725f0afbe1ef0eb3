"""The discretionary step: what the rep asked to take off, in the order asked (P18)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.pricing.discounts import share_amount
from pricing_engine.pricing.draft import Draft
from pricing_engine.pricing.line_item import AmountAsk, Ask, PercentAsk, PricingTerms
from pricing_engine.pricing.waterfall import AGREED, DISCRETIONARY

RAMP_PRICE = RuleRef("ramp", "", 0, "unit price asked for by the ramp")


def apply_discretionary(drafts: Sequence[Draft], terms: PricingTerms) -> list[Draft]:
    """The drafts after ramp prices and every asked discount; a line never goes below 0."""
    running = [
        draft if draft.phase.target_price is None else _apply_ramp_price(draft, draft.phase.target_price)
        for draft in drafts
    ]
    for ask in terms.asks:
        members = [i for i, draft in enumerate(running) if ask.is_about(draft.item.id)]
        nets = _nets_asked(ask, [running[i] for i in members], terms.currency.quantum)
        for i, net in zip(members, nets, strict=True):
            if net != running[i].net:
                running[i] = running[i].stepped(AGREED if ask.is_agreed else DISCRETIONARY, ask.rule, net)
    return running


def _nets_asked(ask: Ask, drafts: Sequence[Draft], quantum: Decimal) -> list[Decimal]:
    size = ask.size
    if isinstance(size, PercentAsk):
        return [draft.net * (1 - size.fraction) for draft in drafts]
    if isinstance(size, AmountAsk):
        parts = share_amount(size.amount, [draft.net for draft in drafts], quantum)
        return [draft.net - part for draft, part in zip(drafts, parts, strict=True)]
    return [_net_at(draft, size.unit_price) for draft in drafts]


def _apply_ramp_price(draft: Draft, target: Decimal) -> Draft:
    net = _net_at(draft, target)
    return draft if net == draft.net else draft.stepped(DISCRETIONARY, RAMP_PRICE, net)


def _net_at(draft: Draft, unit_price: Decimal) -> Decimal:
    """The net at a unit price per charge period; a price above the running net takes nothing off.

    A line of no units, such as a committed amount, has no unit price and keeps its net.
    """
    if not draft.phase.quantity:
        return draft.net
    return min(draft.net, unit_price * draft.phase.quantity * draft.item.charge.periods_per_year)
