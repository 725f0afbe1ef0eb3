"""The policy step: discounts of one stacking group after the other (P18, P19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    in_force = terms.granted.in_force(on)
    for group in terms.groups:
        granted = [in_force[draft.item.id].get(group.id, ()) for draft in running]
        shares: Shares = {}
        if group.id in terms.granted.amount_groups:
            shares = _shared_amounts(running, granted, terms.currency.quantum)
        running = [
            _apply_group(draft, group, policies, shares) if policies else draft
            for draft, policies in zip(running, granted, strict=True)
        ]
    return running


def _apply_group(draft: Draft, group: DiscountGroup, granted: Sequence[Granted], shares: Shares) -> Draft:
    base = draft.list if group.base is Base.ADDITIVE else draft.net
    reductions = [
        (_reduction(each, base, draft, shares) if each.fraction is None else base * each.fraction, each)
        for each in granted
    ]
    for reduction, each in reductions if len(reductions) == 1 else pick(reductions, group.pick):
        if reduction:
            net = draft.net - reduction
            draft = draft.stepped(StepKind.POLICY, each.policy.rule, net if net > 0 else ZERO)
    return draft


def pick(reductions: Sequence[tuple[Decimal, Granted]], how: Pick) -> Sequence[tuple[Decimal, Granted]]:
    """The reductions of a group that count: the largest (ties by policy id), or all in order of id (P19)."""
    if not reductions:
        return reductions
    if how is Pick.BEST:
        return (min(reductions, key=lambda each: (-each[0], each[1].policy.id)),)
    return sorted(reductions, key=lambda each: each[1].policy.id)


def _reduction(granted: Granted, base: Decimal, draft: Draft, shares: Shares) -> Decimal:
    if granted.schedule is not None:
        return base * granted.schedule.fraction_at(draft.phase.quantity)
    return shares[granted.policy.id, draft.item.id]


def _shared_amounts(drafts: Sequence[Draft], granted: Sequence[Sequence[Granted]], quantum: Decimal) -> Shares:
    """Each fixed amount of a group over the lines it is granted to; it stops at what is left of them (P3)."""
    amounts = {each.policy.id: each.amount for line in granted for each in line if each.amount is not None}
    shares: dict[tuple[str, str], Decimal] = {}
    for policy_id, amount in amounts.items():
        members = [
            draft
            for draft, line in zip(drafts, granted, strict=True)
            if any(each.policy.id == policy_id for each in line)
        ]
        for draft, part in zip(members, share_amount(amount, members, quantum), strict=True):
            shares[policy_id, draft.item.id] = part
    return shares


def share_amount(amount: Decimal, drafts: Sequence[Draft], quantum: Decimal) -> tuple[Decimal, ...]:
    """An amount over drafts in proportion to their running net; all of their net when it is more than that.

    Rounds: whole minor units, largest remainder; the parts sum to the amount. Where a minor unit is more than is left
    of a line, its part is what is left.
    Source: P3.
    """
    nets = [draft.net for draft in drafts]
    if amount >= sum(nets, ZERO):
        return tuple(nets)
    return tuple([min(part, net) for part, net in zip(allocate(amount, nets, quantum), nets, strict=True)])
