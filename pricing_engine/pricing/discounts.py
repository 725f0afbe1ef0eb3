"""The policy step: discounts of one stacking group after the other (P18, P19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import repeat

from pricing_engine.money import ZERO, allocate
from pricing_engine.policies.discounts import ADDITIVE, Pick
from pricing_engine.pricing.draft import Draft, make_draft
from pricing_engine.pricing.line_item import Granted, Granting, PricingTerms
from pricing_engine.pricing.waterfall import POLICY, make_step

Shares = Mapping[tuple[str, str], Decimal]
"""What a fixed amount takes off each line, by (policy id, line id)."""


def apply_discounts(drafts: Sequence[Draft], terms: PricingTerms, on: date) -> list[Draft]:
    """The drafts after every group's discounts in force on the day, groups in their declared order."""
    in_force = terms.granted.in_force(on)
    granted = [in_force[draft.item.id] for draft in drafts]
    if not terms.granted.amount_groups:
        return list(map(_discounted, drafts, granted, repeat({})))
    for group in terms.groups:  # in step, for a fixed amount is shared by what each line has come down to
        of_group = [tuple([each for each in granting if each[0] == group]) for granting in granted]
        shares = _shared_amounts(drafts, of_group, terms.currency.quantum)
        drafts = list(map(_discounted, drafts, of_group, repeat(shares)))
    return list(drafts)


def _discounted(draft: Draft, granting: Granting, shares: Shares) -> Draft:
    """The line after the discounts of some groups, each off the running net or off list as its group says."""
    steps = list(draft.steps)
    net = draft.net
    for group, granted in granting:
        base = draft.list if group.base is ADDITIVE else net
        for each in granted if len(granted) == 1 else _counted(granted, group.pick, base, draft, shares):
            fraction = each.fraction
            left = net - (_reduction(each, base, draft, shares) if fraction is None else base * fraction)
            if left <= ZERO:
                left = ZERO
            if left != net:  # what is free already has nothing taken off
                steps.append(make_step((POLICY, each.policy.rule, net, left)))
                net = left
    return draft if net is draft.net else make_draft((draft.item, draft.phase, draft.list, net, tuple(steps), ()))


def _counted(granted: Sequence[Granted], how: Pick, base: Decimal, draft: Draft, shares: Shares) -> Sequence[Granted]:
    """The policies of a group that count: that of the largest reduction (ties by id), or all in order of id (P19)."""
    if how is Pick.SUM:
        return sorted(granted, key=lambda each: each.policy.id)
    return (min(granted, key=lambda each: (-_reduction(each, base, draft, shares), each.policy.id)),)


def _reduction(granted: Granted, base: Decimal, draft: Draft, shares: Shares) -> Decimal:
    if granted.fraction is not None:
        return base * granted.fraction
    if granted.schedule is not None:
        return base * granted.schedule.fraction_at(draft.phase.below + draft.phase.quantity)
    return shares[granted.policy.id, draft.item.id]


def _shared_amounts(drafts: Sequence[Draft], granted: Sequence[Granting], quantum: Decimal) -> Shares:
    """Each fixed amount of a group over the lines it is granted to; it stops at what is left of them (P3)."""
    members: dict[str, list[Draft]] = {}
    amounts: dict[str, Decimal] = {}
    for draft, granting in zip(drafts, granted, strict=True):
        for each in (each for _, found in granting for each in found):
            if each.amount is not None:
                members.setdefault(each.policy.id, []).append(draft)
                amounts[each.policy.id] = each.amount
    return {
        (policy_id, draft.item.id): part
        for policy_id, chosen in members.items()
        for draft, part in zip(
            chosen, share_amount(amounts[policy_id], [draft.net for draft in chosen], quantum), strict=True
        )
    }


def share_amount(amount: Decimal, nets: Sequence[Decimal], quantum: Decimal) -> tuple[Decimal, ...]:
    """An amount over lines in proportion to their running net; all of their net when it is more than that.

    Rounds: whole minor units, largest remainder; the parts sum to the amount. Where a minor unit is more than is left
    of a line, its part is what is left.
    Source: P3.
    """
    if amount >= sum(nets, ZERO):
        return tuple(nets)
    return tuple([min(part, net) for part, net in zip(allocate(amount, nets, quantum), nets, strict=True)])
