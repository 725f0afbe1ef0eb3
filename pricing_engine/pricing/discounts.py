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
    for group in terms.groups:
        by_line = [(i, g) for i, draft in enumerate(running) if (g := _in_force(draft, group, terms, on))]
        shares = _shared_amounts([(running[i], granted) for i, granted in by_line], terms.currency.quantum)
        for i, granted in by_line:
            running[i] = _apply_group(running[i], group, granted, shares)
    return running


def _in_force(draft: Draft, group: DiscountGroup, terms: PricingTerms, on: date) -> tuple[Granted, ...]:
    granted = terms.granted[draft.item.id].get(group.id, ())
    if any(each.ends is not None and each.ends <= on for each in granted):
        return tuple(each for each in granted if each.ends is None or on < each.ends)
    return granted


def _apply_group(draft: Draft, group: DiscountGroup, granted: Sequence[Granted], shares: Shares) -> Draft:
    base = draft.list if group.base is Base.ADDITIVE else draft.net
    reductions = [(_reduction(each, base, draft, shares), each) for each in granted]
    for reduction, each in pick(reductions, group.pick):
        net = draft.net
        if reduction:
            draft = draft.stepped(StepKind.POLICY, each.policy.rule, net - reduction if reduction < net else ZERO)
    return draft


def pick(reductions: Sequence[tuple[Decimal, Granted]], how: Pick) -> Sequence[tuple[Decimal, Granted]]:
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


def _shared_amounts(members: Sequence[tuple[Draft, Sequence[Granted]]], quantum: Decimal) -> Shares:
    """Each fixed amount of a group over the lines it is granted to; it stops at what is left of them (P3)."""
    amounts = {each.policy.id: each.amount for _, granted in members for each in granted if each.amount is not None}
    shares: dict[tuple[str, str], Decimal] = {}
    for policy_id, amount in amounts.items():
        drafts = [draft for draft, granted in members if any(each.policy.id == policy_id for each in granted)]
        for draft, part in zip(drafts, share_amount(amount, drafts, quantum), strict=True):
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
