"""The discount policies a row says were granted: their sizes now, and what they take off from when to when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Final, NamedTuple

from pricing_engine.contracts.contract_line import Grant
from pricing_engine.imports.book.problems import Wrong
from pricing_engine.imports.book.sold import Sold
from pricing_engine.money import ZERO
from pricing_engine.periods import add_months
from pricing_engine.policies.discounts import ADDITIVE, QUANTITY, Amount, DiscountPolicy, Percent, Pick
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean

_MOST_TRIED: Final = 10_000


class Taken(NamedTuple):
    """What is left of a yearly list amount on a day, and what each policy takes off it."""

    net: Decimal
    by_policy: tuple[tuple[str, Decimal], ...]


def find_policies(ids: Sequence[str], sold: Sold, rulebook: Rulebook) -> tuple[tuple[DiscountPolicy, ...], list[Wrong]]:
    """The policies by their ids, in the order of their groups, and what is wrong with those that cannot be granted."""
    by_id = rulebook.policies
    found, wrong = list[DiscountPolicy](), list[Wrong]()
    for id_ in ids:
        policy = by_id.get(id_)
        if policy is None:
            fix = did_you_mean(id_, by_id)
            wrong.append(Wrong("unknown-policy", f"the rulebook in force has no discount policy {id_}", fix))
        elif not policy.applies_to.matches(sold.product, sold.charge):
            fix = f"leave it out of this row; {policy.rule.file} says what it is for"
            wrong.append(Wrong("policy-not-for-line", f"{id_} is not for {sold.key}", fix))
        elif isinstance(policy.size, Amount):
            fix = "leave it out, and give the net price: it is contracted as it is"
            wrong.append(Wrong("policy-by-amount", f"{id_} is an amount that several lines share", fix))
        else:
            found.append(policy)
    order = {group.id: place for place, group in enumerate(rulebook.discount_groups)}
    return tuple(sorted(found, key=lambda policy: (order.get(policy.group, 0), policy.id))), wrong


def grants_in_turn(policies: Sequence[DiscountPolicy], *, begun: date) -> list[tuple[Grant, ...]]:
    """Every set of sizes that the policies can have: one for each band of a schedule by what a row does not say.

    `begun` is the day the contract began, which the months of a promotion count from.
    """
    sizes = [_fractions(policy) for policy in policies]
    ends = [_ends(policy, begun) for policy in policies]
    tries = 1
    for each in sizes:
        tries *= len(each)
    chosen = product(*sizes) if tries <= _MOST_TRIED else [tuple(each[-1] for each in sizes)]
    return [
        tuple(
            Grant(policy.id, fraction, None, end)
            for policy, fraction, end in zip(policies, fractions, ends, strict=True)
        )
        for fractions in chosen
    ]


def _fractions(policy: DiscountPolicy) -> tuple[Decimal | None, ...]:
    size = policy.size
    if isinstance(size, Percent):
        return (size.fraction,)
    assert not isinstance(size, Amount)
    return (None,) if size.by == QUANTITY else tuple(fraction for _, fraction in size.bands)


def _ends(policy: DiscountPolicy, begun: date) -> date | None:
    if policy.months is None:
        return policy.ends_on
    after_months = add_months(begun, policy.months)
    return after_months if policy.ends_on is None else min(policy.ends_on, after_months)


def take_off(
    listed: Decimal,
    grants: Sequence[Grant],
    policies: Mapping[str, DiscountPolicy],
    *,
    quantity: Decimal,
    rules: Rulebook,
) -> Taken:
    """The yearly net after the grants, groups in their declared order.

    Source: P18, P19.
    """
    net, taken = listed, list[tuple[str, Decimal]]()
    for group in rules.discount_groups:
        base = listed if group.base is ADDITIVE else net
        of_group = [
            (grant.policy, base * _fraction(grant, policies[grant.policy], quantity))
            for grant in grants
            if policies[grant.policy].group == group.id
        ]
        if of_group and group.pick is not Pick.SUM:
            of_group = [min(of_group, key=lambda each: (-each[1], each[0]))]
        for policy, amount in of_group:
            off = min(amount, net)
            if off > ZERO:
                taken.append((policy, off))
                net -= off
    return Taken(net, tuple(taken))


def _fraction(grant: Grant, policy: DiscountPolicy, quantity: Decimal) -> Decimal:
    if grant.fraction is not None:
        return grant.fraction
    size = policy.size
    assert not isinstance(size, Percent | Amount)
    return size.fraction_at(quantity)
