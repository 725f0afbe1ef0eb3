"""The discounts a contract was granted, tested on the target state: kept, lost, fallen, improved or regained (P22)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple, cast

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract_line import ContractLine, Grant
from pricing_engine.money import ZERO
from pricing_engine.policies.discounts import QUANTITY, DiscountPolicy, Schedule
from pricing_engine.pricing.line_item import Granted, Granting, LineItem, make_granted
from pricing_engine.quoting.facts import FactMissing, evaluate
from pricing_engine.rulebook.rulebook import Rulebook


class Regrant(NamedTuple):
    """A grant of a contract as it was, and as it is on the target. `withheld`: it would be more, but its rule keeps it.

    Both are None where it gives nothing.
    """

    policy: DiscountPolicy
    was: Granted | None
    now: Granted | None
    grant: Grant
    withheld: bool = False

    @property
    def is_altered(self) -> bool:
        """Whether the target changes it."""
        return self.was != self.now

    @property
    def is_amount(self) -> bool:
        """Whether it is a fixed amount, shared over lines."""
        return self.grant.amount is not None

    def with_amount(self, amount: Decimal) -> Regrant:
        """The same with another fixed amount."""
        was, now = (each and each._replace(amount=amount) for each in (self.was, self.now))
        return self._replace(was=was, now=now, grant=self.grant._replace(amount=amount))


# As `make_step` in `pricing/waterfall.py`.
_make_regrant = cast("Callable[[tuple[object, ...]], Regrant]", partial(tuple.__new__, Regrant))


def regrant_lines(
    lines: Iterable[tuple[LineItem, ContractLine | None]],
    rulebooks: Mapping[str, Rulebook],
    facts_of: Callable[[Rulebook], Mapping[str, Any]],
) -> tuple[dict[str, tuple[Regrant, ...]], frozenset[str]]:
    """The grants of a contract's lines tested on the target, by line, and the policies of those that are an amount.

    Lines granted the same share one answer. New lines have none.
    Raises: FactMissing where a condition goes by what is not known.
    """
    by_line: dict[str, tuple[Regrant, ...]] = {}
    known: dict[tuple[str, tuple[Grant, ...]], tuple[Regrant, ...]] = {}
    last: tuple[str, tuple[Grant, ...]] = "", ()
    found: tuple[Regrant, ...] = ()
    for item, line in lines:
        if line is None:
            continue
        key = line.rulebook, line.grants
        if key != last:  # as most lines are granted what the one before is: comparing costs less than a lookup
            last, answer = key, known.get(key)
            if answer is None:
                answer = known[key] = _tested(line.grants, rulebooks[line.rulebook], facts_of)
            found = answer
        by_line[item.id] = found
    return by_line, frozenset([each.policy.id for tested in known.values() for each in tested if each.is_amount])


def _tested(
    grants: tuple[Grant, ...], rulebook: Rulebook, facts_of: Callable[[Rulebook], Mapping[str, Any]]
) -> tuple[Regrant, ...]:
    if not grants:
        return ()
    policies, facts = rulebook.policies, facts_of(rulebook)
    return tuple([_regrant(grant, policies[grant.policy], facts) for grant in grants])


def _regrant(grant: Grant, policy: DiscountPolicy, facts: Mapping[str, Any]) -> Regrant:
    size, amount = policy.size, grant.amount
    schedule = size if isinstance(size, Schedule) else None
    if schedule is not None and schedule.by == QUANTITY:
        granted, schedule = make_granted((policy, None, schedule, amount, grant.ends)), None
    else:
        granted = make_granted((policy, grant.fraction if amount is None else None, None, amount, grant.ends))
    was = granted if grant.holds else None
    now = _on_target(granted, schedule, facts)
    if was == now:
        return _make_regrant((policy, was, now, grant, False))
    gains = _worth(now) > _worth(was)
    if gains and not policy.reprice_on_improved:
        return Regrant(policy, was, was, grant, withheld=True)
    if not gains and not policy.reprice_on_lost:
        return Regrant(policy, was, was, grant)
    kept = grant._replace(holds=now is not None, fraction=now.fraction if now is not None else grant.fraction)
    return Regrant(policy, was, now, kept)


def _on_target(granted: Granted, schedule: Schedule | None, facts: Mapping[str, Any]) -> Granted | None:
    """What the policy gives on the target, by its schedule if it has one; None when its condition does not hold there.

    Raises: FactMissing.
    """
    policy = granted.policy
    if policy.hold is not None and not evaluate(policy.hold, facts):
        return None
    if schedule is None:
        return granted
    number = facts.get(schedule.by)
    if number is None:
        raise FactMissing(f"{policy.id} goes by {schedule.by}, which is not known for this quote", name=schedule.by)
    fraction = schedule.fraction_at(number)
    return granted if fraction == granted.fraction else granted._replace(fraction=fraction)


def _worth(granted: Granted | None) -> Any:
    """What tells more of a discount from less: its share, else whether it is there."""
    if granted is None:
        return ZERO
    return granted.fraction if granted.fraction is not None else 1


def granting_of(granted: Iterable[Granted], rulebook: Rulebook) -> Granting:
    """Grants by stacking group, the groups in the order of their rulebook."""
    by_group: dict[str, list[Granted]] = {}
    for each in granted:
        by_group.setdefault(each.policy.group, []).append(each)
    return tuple([(group, tuple(by_group[group.id])) for group in rulebook.discount_groups if group.id in by_group])


def altered_policies(regrants: Mapping[str, Sequence[Regrant]]) -> dict[str, RuleRef]:
    """The policies that the target changes on any line, with their rules, in the order they are met."""
    altered: dict[str, RuleRef] = {}
    last: Sequence[Regrant] = ()
    for of_line in regrants.values():
        if of_line is not last:  # lines granted the same share one answer
            altered.update({each.policy.id: each.policy.rule for each in of_line if each.is_altered})
            last = of_line
    return altered
