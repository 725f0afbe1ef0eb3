"""Which discount policies a quote is granted: each condition tested once, each size resolved once where it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pricing_engine.catalog.products import ONE_TIME
from pricing_engine.expressions import Expression
from pricing_engine.money import ZERO, round_money
from pricing_engine.periods import add_months
from pricing_engine.policies.discounts import QUANTITY, Amount, DiscountPolicy, Percent
from pricing_engine.pricing.line_item import Granted, GrantedPolicies, Granting, LineItem, granted_policies
from pricing_engine.pricing.list_price import list_on
from pricing_engine.quoting.facts import FactMissing, evaluate
from pricing_engine.quoting.sale import Sale
from pricing_engine.rulebook.rulebook import PoliciesByGroup


def grant_policies(sale: Sale, items: Sequence[LineItem], facts: Mapping[str, Any]) -> GrantedPolicies:
    """The policies granted to each line; bundled lines get only those that stack with bundles.

    Raises: FactMissing where a policy goes by what is not known.
    """
    by_line, granted = grants_of(sale, items, items, facts)
    return granted_policies(by_line, granted)


def grants_of(
    sale: Sale, about: Sequence[LineItem], items: Sequence[LineItem], facts: Mapping[str, Any]
) -> tuple[dict[str, Granting], list[Granted]]:
    """What the sale's rulebook grants to the lines it is `about`, by line, and each of it once; `items` are all lines.

    Raises: FactMissing where a policy goes by what is not known.
    """
    grants = _Grants(sale, items, facts)
    policies_for = sale.rulebook.policies_for
    known: dict[tuple[int, bool], Granting] = {}
    by_line: dict[str, Granting] = {}
    for item in about:
        policies = policies_for(item.key, item.product, item.charge)
        key = id(policies), item.bundle is not None
        granting = known.get(key)
        if granting is None:
            granting = known[key] = grants.of(policies, is_bundled=item.bundle is not None)
        by_line[item.id] = granting
    return by_line, [each for each in grants.granted.values() if each is not None]


class _Grants:
    """What of each policy is granted, by its id; a policy is tested only when a line is about it."""

    __slots__ = ("facts", "granted", "items", "sale")

    def __init__(self, sale: Sale, items: Sequence[LineItem], facts: Mapping[str, Any]) -> None:
        self.sale = sale
        self.items = items
        self.facts = facts
        self.granted: dict[str, Granted | None] = {}

    def of(self, by_group: PoliciesByGroup, *, is_bundled: bool) -> Granting:
        """Those of the policies that are granted, by group."""
        granting = []
        for group, policies in by_group:
            granted = [
                each
                for policy in policies
                if (policy.stacks_with_bundles or not is_bundled) and (each := self._grant(policy)) is not None
            ]
            if granted:
                granting.append((group, tuple(granted)))
        return tuple(granting)

    def _grant(self, policy: DiscountPolicy) -> Granted | None:
        granted = self.granted
        if policy.id not in granted:
            found = self._resolve(policy) if self._holds(policy) else None
            # One of 0 that may improve is remembered by the contract: a further product brings it (P22).
            idle = found is None or (found.fraction == 0 and not policy.reprice_on_improved)
            granted[policy.id] = None if idle else found
        return granted[policy.id]

    def _holds(self, policy: DiscountPolicy) -> bool:
        if policy.path is not None and policy.path != self.sale.request.path:
            return False
        if policy.is_dated:
            if not policy.is_requested_in_time(self.sale.request.as_of):
                return False
            if policy.ends_on is not None and policy.ends_on <= self.sale.term.start:
                return False
        return self._meets(policy.when) and self._meets(policy.hold)

    def _meets(self, condition: Expression | None) -> bool:
        return condition is None or bool(evaluate(condition, self._facts_for(condition.names)))

    def _facts_for(self, names: frozenset[str]) -> Mapping[str, Any]:
        """The facts, with ARR at list when a name asks for it: it costs a second pass over the price book."""
        late = self.sale.rulebook.list_arr_names
        if not late or late.isdisjoint(names):
            return self.facts
        wanted = late & names
        return {**self.facts, **dict.fromkeys(wanted, list_arr(self.sale, self.items))}

    def _resolve(self, policy: DiscountPolicy) -> Granted:
        ends = self._ends(policy) if policy.is_dated else None
        size = policy.size
        if isinstance(size, Percent):
            return Granted(policy, size.fraction, None, None, ends)
        if isinstance(size, Amount):
            currency, day = self.sale.currency, self.sale.request.effective_date
            rate = self.sale.rulebook.rates.rate(currency.code, day)
            return Granted(policy, None, None, round_money(size.amount / rate, currency), ends)
        if size.by == QUANTITY:
            return Granted(policy, None, size, None, ends)
        number = self.facts.get(size.by) or self._facts_for(frozenset((size.by,))).get(size.by)
        if number is None:
            raise FactMissing(f"{policy.id} goes by {size.by}, which is not known for this quote", name=size.by)
        return Granted(policy, size.fraction_at(number), None, None, ends)

    def _ends(self, policy: DiscountPolicy) -> date | None:
        """The first day without the discount; None when it lasts."""
        if policy.months is None:
            return policy.ends_on
        after_months = add_months(self.sale.term.start, policy.months)
        return after_months if policy.ends_on is None else min(policy.ends_on, after_months)


def list_arr(sale: Sale, items: Sequence[LineItem], beside: Decimal = ZERO) -> Decimal:
    """ARR at list in the reporting currency; percentages of other lines and unpriced lines count as nothing.

    Units: `beside` is that of lines which are not among the items, in the sale's currency.
    """
    total = beside
    for item in items:
        if item.has_price and item.charge.of_lines is None and item.charge.timing is not ONE_TIME:
            total += list_on(item, sale.term.start)
    return total * sale.reporting_rate
