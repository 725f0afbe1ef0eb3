"""The policy step: discounts of one stacking group after the other (P18, P19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from pricing_engine.money import ZERO, allocate
from pricing_engine.policies.discounts import Base, DiscountGroup, Pick
from pricing_engine.pricing.draft import Draft
from pricing_engine.pricing.line_item import Granted, PricingTerms
from pricing_engine.pricing.waterfall import StepKind

Shares = Mapping[tuple[str, str], Decimal]
"""What a fixed amount takes off each line, by (policy id, line id)."""


def apply_discounts(drafts: Sequence[Draft], terms: PricingTerms, on: date) -> list[Draft]:
    """The drafts after every group's discounts in force on the day, groups in their declared order."""
    running = list(drafts)
    for group in terms.groups:
        members = [index for index, draft in enumerate(running) if group.id in draft.item.granted]
        if not members:
            continue
        shares = _shared_amounts([running[index] for index in members], group, on, terms.currency.quantum)
        for index in members:
            running[index] = _apply_group(running[index], group, on, shares)
    return running


def _apply_group(draft: Draft, group: DiscountGroup, on: date, shares: Shares) -> Draft:
    base = draft.list if group.base is Base.ADDITIVE else draft.net
    reductions = [
        (_reduction(granted, base, draft, shares), granted)
        for granted in draft.item.granted[group.id]
        if granted.ends is None or on < granted.ends
    ]
    for reduction, granted in pick(reductions, group.pick):
        taken = min(reduction, draft.net)
        if taken:
            draft = draft.stepped(StepKind.POLICY, granted.policy.rule, draft.net - taken)
    return draft


def pick(reductions: Sequence[tuple[Decimal, Granted]], how: Pick) -> Iterable[tuple[Decimal, Granted]]:
    """The reductions of a group that count: the largest (ties by policy id), or all in order of id (P19)."""
    if len(reductions) < 2:
        return reductions
    if how is Pick.BEST:
        return (min(reductions, key=lambda each: (-each[0], each[1].policy.id)),)
    return sorted(reductions, key=lambda each: each[1].policy.id)


def _reduction(granted: Granted, base: Decimal, draft: Draft, shares: Shares) -> Decimal:
    if granted.fraction is not None:
        return base * granted.fraction
    if granted.schedule is not None:
        return base * granted.schedule.fraction_at(draft.phase.quantity)
    return shares[granted.policy.id, draft.item.id]


def _shared_amounts(drafts: Sequence[Draft], group: DiscountGroup, on: date, quantum: Decimal) -> Shares:
    """Each fixed amount of the group over the lines it selects; it stops at what is left of them (P3)."""
    amounts = {
        granted.policy.id: granted.amount
        for draft in drafts
        for granted in draft.item.granted[group.id]
        if granted.amount is not None and (granted.ends is None or on < granted.ends)
    }
    shares: dict[tuple[str, str], Decimal] = {}
    for policy_id, amount in amounts.items():
        selected = [
            draft for draft in drafts if any(granted.policy.id == policy_id for granted in draft.item.granted[group.id])
        ]
        for draft, part in zip(selected, share_amount(amount, selected, quantum), strict=True):
            shares[policy_id, draft.item.id] = part
    return shares


def share_amount(amount: Decimal, drafts: Sequence[Draft], quantum: Decimal) -> tuple[Decimal, ...]:
    """An amount over drafts in proportion to their running net; all of their net when it is more than that.

    Rounds: whole minor units, largest remainder; the parts sum to the amount.
    Source: P3.
    """
    nets = [draft.net for draft in drafts]
    if amount >= sum(nets, ZERO):
        return tuple(nets)
    return allocate(amount, nets, quantum)
