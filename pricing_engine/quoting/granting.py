"""Which discount policies a quote is granted: each condition tested once, each size resolved once where it can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pricing_engine.money import Currency, round_money
from pricing_engine.periods import Period, add_months
from pricing_engine.policies.discounts import QUANTITY, Amount, DiscountPolicy, Percent
from pricing_engine.pricing.line_item import Granted, GrantedPolicies, Granting, LineItem
from pricing_engine.quoting.facts import FactMissing, evaluate
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Grants:
    """Grants policies to lines; each policy's condition is tested once per quote, and only if a line is about it.

    `list_arr` computes ARR at list in the reporting currency, for the few rules that ask for it.
    """

    request: QuoteRequest
    rulebook: Rulebook
    facts: Mapping[str, Any]
    term: Period
    currency: Currency
    list_arr: Callable[[], Decimal]
    _granted: dict[str, Granted | None] = field(default_factory=dict)

    def for_lines(self, items: Sequence[LineItem]) -> GrantedPolicies:
        """The policies granted to each line; bundled lines get only those that stack with bundles."""
        policies_for = self.rulebook.policies_for
        by_policies: dict[tuple[int, bool], Granting] = {}
        granted: dict[str, Granting] = {}
        for item in items:
            policies = policies_for(item.id, item.product, item.charge)
            key = (id(policies), item.bundle is not None)
            found = by_policies.get(key)
            if found is None:
                found = by_policies[key] = self._by_group(policies, is_bundled=item.bundle is not None)
            granted[item.id] = found
        return GrantedPolicies(granted)

    def _by_group(self, policies: Sequence[DiscountPolicy], *, is_bundled: bool) -> Granting:
        by_group: dict[str, tuple[Granted, ...]] = {}
        for policy in policies:
            granted = None if is_bundled and not policy.stacks_with_bundles else self._grant(policy)
            if granted is not None:
                by_group[policy.group] = (*by_group.get(policy.group, ()), granted)
        return by_group

    def _grant(self, policy: DiscountPolicy) -> Granted | None:
        if policy.id not in self._granted:
            granted = self._resolve(policy) if self._holds(policy) else None
            self._granted[policy.id] = None if granted is None or granted.fraction == 0 else granted
        return self._granted[policy.id]

    def _holds(self, policy: DiscountPolicy) -> bool:
        if not policy.is_requested_in_time(self.request.as_of):
            return False
        if policy.ends_on is not None and policy.ends_on <= self.term.start:
            return False
        for condition in (policy.when, policy.hold):
            if condition is not None and not evaluate(condition, self._facts_for(condition.names)):
                return False
        return True

    def _facts_for(self, names: frozenset[str]) -> Mapping[str, Any]:
        """The facts, with ARR at list when a name asks for it: it costs a second pass over the price book."""
        if names <= self.facts.keys():
            return self.facts
        vocabulary = self.rulebook.vocabulary
        wanted = [name for name in names if name in vocabulary and vocabulary[name].origin == "quote.list_arr"]
        if not wanted:
            return self.facts
        return {**self.facts, **dict.fromkeys(wanted, self.list_arr())}

    def _resolve(self, policy: DiscountPolicy) -> Granted:
        ends = self._ends(policy)
        size = policy.size
        if isinstance(size, Percent):
            return Granted(policy, size.fraction, None, None, ends)
        if isinstance(size, Amount):
            rate = self.rulebook.rates.rate(self.currency.code, self.request.effective_date)
            return Granted(policy, None, None, round_money(size.amount / rate, self.currency), ends)
        if size.by == QUANTITY:
            return Granted(policy, None, size, None, ends)
        number = self.facts.get(size.by) or self._facts_for(frozenset((size.by,))).get(size.by)
        if number is None:
            raise FactMissing(f"{policy.id} goes by {size.by}, which is not known for this quote", name=size.by)
        return Granted(policy, size.fraction_at(number), None, None, ends)

    def _ends(self, policy: DiscountPolicy) -> date | None:
        """The first day without the discount; None when it lasts the term and is no promotion."""
        if policy.months is None:
            return policy.ends_on
        after_months = add_months(self.term.start, policy.months)
        return after_months if policy.ends_on is None else min(policy.ends_on, after_months)
