"""What pricing is given: one charge to price over the term, with its list price, policies and asked discounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final, NamedTuple, cast

from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle, Charge, Product, Tier
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract_line import Phase, Uplifted, phase_on
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


# As `make_step` in `pricing/waterfall.py`: a contract's grants are each made anew when it is changed.
make_granted = cast("Callable[[tuple[object, ...]], Granted]", partial(tuple.__new__, Granted))
"""What is granted from a tuple of its fields."""

Granting = tuple[tuple[DiscountGroup, tuple[Granted, ...]], ...]
"""The policies granted to a line, by group, the groups in their declared order."""


class PolicyEnd(NamedTuple):
    """The first day on which a policy granted until then no longer counts."""

    policy: str
    day: date
    rule: RuleRef


class GrantedPolicies(NamedTuple):
    """The policies granted to each line, by line id; lines with the same policies share one `Granting`.

    `ends` are the days on which policies end, in order of policy and day; `amount_groups` are the ids of the groups
    in which a fixed amount is to be shared over lines.
    """

    by_line: Mapping[str, Granting]
    ends: tuple[PolicyEnd, ...]
    amount_groups: frozenset[str]

    def in_force(self, day: date) -> Mapping[str, Granting]:
        """By line id, what is granted on a day of the term: all but what has ended."""
        if not self.ends or all(end.day > day for end in self.ends):
            return self.by_line
        return self.only(lambda each: each.ends is None or each.ends > day)

    def only(self, keeps: Callable[[Granted], bool]) -> Mapping[str, Granting]:
        """By line id, what is granted of what is to be kept."""
        left: dict[int, Granting] = {}
        for granting in self.by_line.values():
            if id(granting) not in left:
                left[id(granting)] = tuple(
                    (group, kept)
                    for group, granted in granting
                    if (kept := tuple(each for each in granted if keeps(each)))
                )
        return {line: left[id(granting)] for line, granting in self.by_line.items()}


def granted_policies(by_line: Mapping[str, Granting], granted: Iterable[Granted]) -> GrantedPolicies:
    """What is granted to each line, with what is to be known of the policies in it."""
    ends: set[PolicyEnd] = set()
    amounts: set[str] = set()
    for each in granted:
        if each.ends is not None:
            ends.add(PolicyEnd(each.policy.id, each.ends, each.policy.rule))
        if each.amount is not None:
            amounts.add(each.policy.group)
    return GrantedPolicies(by_line, tuple(sorted(ends)) if ends else (), frozenset(amounts))


LAYER = "~"
"""Between a line's price-book key and the number of its layer."""


def price_key(line_id: str) -> str:
    """The price-book key of a line or of one of its layers."""
    return line_id.partition(LAYER)[0]


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
    """A discretionary discount on the lines named (None: every line), asked for now or agreed with the contract."""

    rule: RuleRef
    size: PercentAsk | AmountAsk | PriceAsk
    lines: frozenset[str] | None
    is_agreed: bool = False

    def is_about(self, line: str) -> bool:
        """Whether it is asked off the line of this id."""
        return self.lines is None or line in self.lines


class LineItem(NamedTuple):
    """One charge of one chosen product; a named tuple, like all that exists once per line (quality.md).

    `id` is its price-book key, with `~2` and so on for a layer bought later; `price` is its list price, None when it is
    on request, and `list_rule` where that is said; `cost_per_unit` is in the quote's currency, per charge period;
    `declared_usage` is what the customer expects to use of a usage charge's metric in one. Until `trial_until` it
    costs nothing, and from then on it is not there (P29). `uplifted` is what an earlier renewal's limit made of its
    price (P27).
    """

    id: str
    product: Product
    tier: Tier | None
    charge: Charge
    list_rule: RuleRef
    price: Price | None
    bundle: Bundle | None
    phases: tuple[Phase, ...]
    cost_per_unit: Decimal | None
    declared_usage: Decimal | None
    trial_until: date | None = None
    uplifted: tuple[Uplifted, ...] = ()

    @property
    def key(self) -> str:
        """Its price-book key."""
        return price_key(self.id)

    @property
    def has_price(self) -> bool:
        """False for a charge that is on request and was given no price (P5)."""
        return self.price is not None or self.phases[0].unit_price is not None

    def phase_on(self, day: date) -> Phase:
        """The phase in force on a day of the term."""
        return phase_on(self.phases, day)

    def with_phases(self, phases: tuple[Phase, ...]) -> LineItem:
        """The same with other phases."""
        return make_line_item((*self[:7], phases, *self[8:]))


# As `make_step` in `pricing/waterfall.py`: every line of a contract that is changed is made into an item.
make_line_item = cast("Callable[[tuple[object, ...]], LineItem]", partial(tuple.__new__, LineItem))
"""An item from a tuple of all its fields."""


@dataclass(frozen=True, slots=True)
class BundlePrice:
    """A fixed bundle price in force. Units: quote currency per year."""

    per_year: Decimal
    rule: RuleRef


class TotalCap(NamedTuple):
    """The most that policies take off list in all, as a fraction (None: no limit), and its rule."""

    most: Decimal | None
    rule: RuleRef | None


class UpliftLimit(NamedTuple):
    """What a renewal's price may come to against the contracted one (P27). Units: fractions; None does not limit.

    With `is_contracted` the price is the contracted one × (1 + `uplift`, or a `cap` below it), not above list; else it
    is kept between contracted × (1 + `floor`) and contracted × (1 + `cap`).
    """

    rule: RuleRef
    is_contracted: bool
    floor: Decimal | None
    cap: Decimal | None
    uplift: Decimal


_SETTLED: Final[frozenset[str]] = frozenset()
_CAPS: Final[Mapping[str, TotalCap]] = {}


class PricingTerms(NamedTuple):
    """What all lines of a quote share: currency, term, billing cadence, stacking, limits and what a rep asked for.

    `billing_months` is 12 for all up front (P8). `bundle_prices` are the fixed prices in force, by bundle id.
    `anchor` is the day billing periods are counted from (None: the term's first day). Of a contract that is changed,
    `settled` lines are as they were agreed, so that today's floor does not refuse them, and `caps` are the total caps
    of lines that are pinned to an earlier rulebook.
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
    anchor: date | None = None
    settled: frozenset[str] = _SETTLED
    caps: Mapping[str, TotalCap] = _CAPS
