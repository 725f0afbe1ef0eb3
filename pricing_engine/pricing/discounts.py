"""The policy step: discounts of one stacking group after the other (P18, P19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pricing_engine.money import ZERO, allocate
from pricing_engine.policies.discounts import Base, DiscountGroup, Pick
from pricing_engine.pricing.draft import Draft
from pricing_engine.pricing.line_item import Granted, PricingTerms
from pricing_engine.pricing.waterfall import Step, StepKind, make_step

Shares = Mapping[tuple[str, str], Decimal]
"""What a fixed amount takes off each line, by (policy id, line id)."""


def apply_discounts(drafts: Sequence[Draft], terms: PricingTerms, on: date) -> list[Draft]:
    """The drafts after every group's discounts in force on the day, groups in their declared order."""
    in_force = terms.granted.in_force(on)
    granted_to = [in_force[draft.item.id] for draft in drafts]
    nets = [draft.net for draft in drafts]
    steps: list[list[Step]] = [[] for _ in drafts]
    for group in terms.groups:
        shares: Shares = {}
        if group.id in terms.granted.amount_groups:
            granted = [granting.get(group.id, ()) for granting in granted_to]
            shares = _shared_amounts(drafts, nets, granted, terms.currency.quantum)
        for index, granting in enumerate(granted_to):
            if group.id in granting:
                taken = _steps(drafts[index], nets[index], group, granting[group.id], shares)
                if taken:
                    steps[index] += taken
                    nets[index] = taken[-1].after
    return [draft.after(taken) if taken else draft for draft, taken in zip(drafts, steps, strict=True)]


def _steps(draft: Draft, net: Decimal, group: DiscountGroup, granted: Sequence[Granted], shares: Shares) -> list[Step]:
    """What one group takes off a line that has come down to `net`."""
    base = draft.list if group.base is Base.ADDITIVE else net
    if len(granted) == 1:
        only = granted[0]
        left = net - _reduction(only, base, draft, shares)
        return [] if left == net else [make_step((StepKind.POLICY, only.policy.rule, net, left if left > 0 else ZERO))]
    reductions: Sequence[tuple[Decimal, Granted]] = [(_reduction(each, base, draft, shares), each) for each in granted]
    steps: list[Step] = []
    for reduction, each in pick(reductions, group.pick):
        if reduction:
            before, net = net, net - reduction
            if net <= ZERO:
                net = ZERO
            steps.append(make_step((StepKind.POLICY, each.policy.rule, before, net)))
    return steps


def pick(reductions: Sequence[tuple[Decimal, Granted]], how: Pick) -> Sequence[tuple[Decimal, Granted]]:
    """The reductions of a group that count: the largest (ties by policy id), or all in order of id (P19)."""
    if not reductions:
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


def _shared_amounts(
    drafts: Sequence[Draft], nets: Sequence[Decimal], granted: Sequence[Sequence[Granted]], quantum: Decimal
) -> Shares:
    """Each fixed amount of a group over the lines it is granted to; it stops at what is left of them (P3)."""
    amounts = {each.policy.id: each.amount for line in granted for each in line if each.amount is not None}
    shares: dict[tuple[str, str], Decimal] = {}
    for policy_id, amount in amounts.items():
        members = [index for index, line in enumerate(granted) if any(each.policy.id == policy_id for each in line)]
        parts = share_amount(amount, [nets[index] for index in members], quantum)
        for index, part in zip(members, parts, strict=True):
            shares[policy_id, drafts[index].item.id] = part
    return shares


def share_amount(amount: Decimal, nets: Sequence[Decimal], quantum: Decimal) -> tuple[Decimal, ...]:
    """An amount over lines in proportion to their running net; all of their net when it is more than that.

    Rounds: whole minor units, largest remainder; the parts sum to the amount. Where a minor unit is more than is left
    of a line, its part is what is left.
    Source: P3.
    """
    if amount >= sum(nets, ZERO):
        return tuple(nets)
    return tuple([min(part, net) for part, net in zip(allocate(amount, nets, quantum), nets, strict=True)])
