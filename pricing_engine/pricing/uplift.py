"""The uplift step: a renewal's price against the contracted one (P27)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from pricing_engine.contracts.contract_line import Uplifted
from pricing_engine.money import ZERO
from pricing_engine.pricing.draft import Draft
from pricing_engine.pricing.line_item import UpliftLimit
from pricing_engine.pricing.waterfall import UPLIFT


def keep_uplift(drafts: Sequence[Draft], on: date) -> list[Draft]:
    """The drafts, those that an earlier renewal limited in the proportion it left them in on a day."""
    return [draft if not draft.item.uplifted else _uplifted(draft, draft.item.uplifted, on) for draft in drafts]


def _uplifted(draft: Draft, parts: Sequence[Uplifted], on: date) -> Draft:
    by = parts[0]
    for later in parts[1:]:
        if later.start > on:
            break
        by = later
    if not by.before:
        return draft
    # As it was, it is what was agreed: a proportion might lose a digit.
    net = by.after if draft.net == by.before else draft.net * by.after / by.before
    return draft if net == draft.net else draft.stepped(UPLIFT, by.rule, net)


def contracted_nets(drafts: Iterable[Draft]) -> dict[str, Decimal]:
    """What the contract's lines come to per year by price-book key, the layers of one charge together."""
    nets: dict[str, Decimal] = {}
    for draft in drafts:
        nets[draft.item.key] = nets.get(draft.item.key, ZERO) + draft.net
    return nets


def apply_uplift(drafts: Sequence[Draft], nets: Mapping[str, Decimal], limit: UpliftLimit) -> list[Draft]:
    """The drafts with those of the contract's charges brought within its limits; new charges untouched.

    Shape: `nets` are the contracted yearly nets at the renewal's quantities, by price-book key.
    """
    return [
        draft if (net := _limited(draft, nets, limit)) == draft.net else draft.stepped(UPLIFT, limit.rule, net)
        for draft in drafts
    ]


def _limited(draft: Draft, nets: Mapping[str, Decimal], limit: UpliftLimit) -> Decimal:
    contracted = nets.get(draft.item.key)
    if contracted is None:
        return draft.net
    return limit_uplift(draft.net, contracted=contracted, listed=draft.list, limit=limit)


def limit_uplift(net: Decimal, *, contracted: Decimal, listed: Decimal, limit: UpliftLimit) -> Decimal:
    """What a renewal costs that would cost `net` by list and policies, and cost `contracted` until now.

    Units: any, the same for all. A floor above the cap gives way to the cap, and so does an uplift.
    Source: P27.
    """
    if limit.is_contracted:
        rise = limit.uplift if limit.cap is None else min(limit.uplift, limit.cap)
        return min(contracted * (1 + rise), listed)
    if limit.floor is not None:
        net = max(net, contracted * (1 + limit.floor))
    if limit.cap is not None:
        net = min(net, contracted * (1 + limit.cap))
    return net
