"""Which discount policies a quote is granted: each condition tested once, each size resolved once where it can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pricing_engine.catalog.products import Charge, Product
from pricing_engine.money import Currency, round_money
from pricing_engine.periods import Period, add_months
from pricing_engine.policies.discounts import QUANTITY, Amount, DiscountPolicy, Percent, Schedule
from pricing_engine.pricing.line_item import Granted
from pricing_engine.quoting.facts import FactMissing, evaluate
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook

Granting = Mapping[str, tuple[Granted, ...]]


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
    _by_rules: dict[tuple[int, bool], Granting] = field(default_factory=dict)

    def for_line(self, key: str, product: Product, charge: Charge, *, bundled: bool) -> Granting:
        """The policies granted to a line, by group id; lines of a bundle get only those that stack with bundles."""
        policies = self.rulebook.policies_for(key, product, charge)
        memo = (id(policies), bundled)
        found = self._by_rules.get(memo)
        if found is None:
            by_group: dict[str, tuple[Granted, ...]] = {}
            for policy in policies:
                granted = None if bundled and not policy.stacks_with_bundles else self._grant(policy)
                if granted is not None:
                    by_group[policy.group] = (*by_group.get(policy.group, ()), granted)
            found = self._by_rules[memo] = by_group
        return found

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
        conditions = (policy.when, policy.hold)
        return all(
            condition is None or evaluate(condition, self._facts_for(condition.names)) for condition in conditions
        )

    def _facts_for(self, names: frozenset[str]) -> Mapping[str, Any]:
        """The facts, with ARR at list when a name asks for it: it costs a second pass over the price book."""
        vocabulary = self.rulebook.vocabulary
        wanted = [name for name in names if name in vocabulary and vocabulary[name].origin == "quote.list_arr"]
        if not wanted:
            return self.facts
        return {**self.facts, **dict.fromkeys(wanted, self.list_arr())}

    def _resolve(self, policy: DiscountPolicy) -> Granted:
        ends = self._ends(policy)
        match policy.size:
            case Percent(fraction):
                return Granted(policy, fraction, None, None, ends)
            case Amount(amount):
                rate = self.rulebook.rates.rate(self.currency.code, self.request.effective_date)
                return Granted(policy, None, None, round_money(amount / rate, self.currency), ends)
            case Schedule(by) as schedule if by == QUANTITY:
                return Granted(policy, None, schedule, None, ends)
            case Schedule(by) as schedule:
                number = self._facts_for(frozenset((by,))).get(by)
                if number is None:
                    raise FactMissing(f"{policy.id} goes by {by}, which is not known for this quote", name=by)
                return Granted(policy, schedule.fraction_at(number), None, None, ends)

    def _ends(self, policy: DiscountPolicy) -> date | None:
        """The first day without the discount; None when it lasts the term and is no promotion."""
        ends = [] if policy.ends_on is None else [policy.ends_on]
        if policy.months is not None:
            ends.append(add_months(self.term.start, policy.months))
        return min(ends) if ends else None
