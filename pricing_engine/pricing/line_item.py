"""What pricing is given: one charge to price over the term, with its list price, policies and asked discounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.catalog.price_books import PriceEntry
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle, Charge, Product, Tier
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract_line import Phase
from pricing_engine.money import Currency
from pricing_engine.periods import Period, ProrationMethod
from pricing_engine.policies.discounts import DiscountGroup, DiscountPolicy, Schedule
from pricing_engine.policies.discretion import Floor


class Granted(NamedTuple):
    """A discount policy whose condition holds for this quote; exactly one of the three sizes is set.

    `fraction` is a share, `schedule` a share by the line's own quantity, `amount` an amount in the quote's
    currency to be shared over the lines. `ends` is the first day it no longer holds (None: the whole term).
    """

    policy: DiscountPolicy
    fraction: Decimal | None
    schedule: Schedule | None
    amount: Decimal | None
    ends: date | None


Granting = tuple[tuple[DiscountGroup, tuple[Granted, ...]], ...]
"""The policies granted to a line, by group, the groups in their declared order."""


class GrantedPolicies(NamedTuple):
    """The policies granted to each line, by line id; lines with the same policies share one `Granting`.

    `ends` are the days on which the policies that end do so, with their rule, by policy id; `amount_groups` are
    the ids of the groups in which a fixed amount is to be shared over lines.
    """

    by_line: Mapping[str, Granting]
    ends: Mapping[str, tuple[date, RuleRef]]
    amount_groups: frozenset[str]

    def in_force(self, day: date) -> Mapping[str, Granting]:
        """By line id, what is granted on a day of the term: all but the policies that have ended."""
        ended = {policy_id for policy_id, (ends, _) in self.ends.items() if ends <= day} if self.ends else None
        return self.without(ended) if ended else self.by_line

    def without(self, policy_ids: Set[str]) -> Mapping[str, Granting]:
        """By line id, what is granted but for some policies."""
        left: dict[int, Granting] = {}
        for granting in self.by_line.values():
            if id(granting) not in left:
                left[id(granting)] = tuple(
                    (group, kept)
                    for group, granted in granting
                    if (kept := tuple(each for each in granted if each.policy.id not in policy_ids))
                )
        return {line: left[id(granting)] for line, granting in self.by_line.items()}


def granted_policies(by_line: Mapping[str, Granting], granted: Iterable[Granted]) -> GrantedPolicies:
    """What is granted to each line, with what is to be known of the policies in it."""
    ends: dict[str, tuple[date, RuleRef]] = {}
    amounts: set[str] = set()
    for each in granted:
        if each.ends is not None:
            ends[each.policy.id] = each.ends, each.policy.rule
        if each.amount is not None:
            amounts.add(each.policy.group)
    return GrantedPolicies(by_line, ends, frozenset(amounts))


class PercentAsk(NamedTuple):
    """A discretionary share off the running net. Units: fraction."""

    fraction: Decimal


class AmountAsk(NamedTuple):
    """A discretionary amount, shared over the lines by their running net, in whole minor units."""

    amount: Decimal


class PriceAsk(NamedTuple):
    """A net unit price per charge period that the line should come to."""

    unit_price: Decimal


class Ask(NamedTuple):
    """A discretionary discount on the lines named (None: every line)."""

    rule: RuleRef
    size: PercentAsk | AmountAsk | PriceAsk
    lines: frozenset[str] | None

    def is_about(self, line: str) -> bool:
        """Whether it is asked off the line of this id."""
        return self.lines is None or line in self.lines


class LineItem(NamedTuple):
    """One charge of one chosen product; a named tuple, like all that exists once per line (quality.md).

    `id` is its price-book key; `price` is None when it is on request; `cost_per_unit` is in the quote's currency,
    per charge period; `declared_usage` is what the customer expects to use of a usage charge's metric in one.
    """

    id: str
    product: Product
    tier: Tier | None
    charge: Charge
    entry: PriceEntry
    price: Price | None
    bundle: Bundle | None
    phases: tuple[Phase, ...]
    cost_per_unit: Decimal | None
    declared_usage: Decimal | None

    @property
    def has_price(self) -> bool:
        """False for a charge that is on request and was given no price (P5)."""
        return self.price is not None or self.phases[0].unit_price is not None

    def phase_on(self, day: date) -> Phase:
        """The phase in force on a day of the term."""
        phases = self.phases
        found = phases[0]
        if len(phases) > 1:
            for phase in phases[1:]:
                if phase.start > day:
                    break
                found = phase
        return found


@dataclass(frozen=True, slots=True)
class BundlePrice:
    """A fixed bundle price in force. Units: quote currency per year."""

    per_year: Decimal
    rule: RuleRef


class PricingTerms(NamedTuple):
    """What all lines of a quote share: currency, term, billing cadence, stacking, limits and what a rep asked for.

    `billing_months` is 12 for all up front (P8). `bundle_prices` are the fixed prices in force, by bundle id.
    """

    currency: Currency
    term: Period
    billing_months: int
    proration: ProrationMethod
    groups: tuple[DiscountGroup, ...]
    granted: GrantedPolicies
    asks: tuple[Ask, ...]
    bundle_prices: Mapping[str, BundlePrice]
    max_total_discount: Decimal | None
    cap_rule: RuleRef | None
    floor: Floor | None
