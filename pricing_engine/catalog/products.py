"""What is sold: products with their charges and the rules about what they need, exclude and how many may be bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pricing_engine.catalog.rule import RuleRef


class Timing(StrEnum):
    """When a charge is owed: every period, once, or for what was used."""

    RECURRING = "recurring"
    ONE_TIME = "one_time"
    USAGE = "usage"


# Looking a member up by its class takes 0.1 µs on CPython 3.11; a quote asks for these some hundred times.
RECURRING: Final = Timing.RECURRING
ONE_TIME: Final = Timing.ONE_TIME
USAGE: Final = Timing.USAGE


PERIODS_PER_YEAR: Final = {1: Decimal(12), 3: Decimal(4), 6: Decimal(2), 12: Decimal(1)}
"""How many charge periods a year has, by their months."""


class ProductType(StrEnum):
    """The glossary's kinds of product."""

    PLATFORM = "platform"
    MODULE = "module"
    ADD_ON = "add-on"
    SERVICE = "service"


class MetricKind(StrEnum):
    """Capacity is bought ahead, usage is measured, money is an amount a percentage is taken of."""

    CAPACITY = "capacity"
    USAGE = "usage"
    MONEY = "money"


class Combine(StrEnum):
    """How several products' quantities of one metric make the account's: the same users (max), more storage (sum)."""

    MAX = "max"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Metric:
    """Something counted. Units: `unit`; quantities come in multiples of `step`.

    `is_highest`: of several products' quantities the highest counts, not their sum.
    """

    id: str
    kind: MetricKind
    unit: str
    combine: Combine
    step: Decimal
    is_highest: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_highest", self.combine is Combine.MAX)


@dataclass(frozen=True, slots=True)
class Selector:
    """Which charges a rule is about; an empty set does not restrict."""

    products: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    types: frozenset[ProductType] = frozenset()
    charges: frozenset[str] = frozenset()
    timings: frozenset[Timing] = frozenset()

    def matches(self, product: Product, charge: Charge) -> bool:
        """Whether the rule is about this charge of this product."""
        return (
            (not self.products or product.id in self.products)
            and (not self.families or product.family in self.families)
            and (not self.types or product.type in self.types)
            and (not self.charges or charge.id in self.charges)
            and (not self.timings or charge.timing in self.timings)
        )


@dataclass(frozen=True, slots=True)
class Charge:
    """One priced item of a product or tier.

    `months` is the length of the period its price is for (None for a one-time charge). `of_lines` makes it a
    percentage of the net of the lines it selects. `unit_cost` is for margins, in the reporting currency and per
    charge period; it is shown only to roles that may see it. `periods_per_year` is 1 for a one-time charge, whose
    amount is no yearly one.
    """

    id: str
    timing: Timing
    metric: str | None = None
    months: int | None = None
    of_lines: Selector | None = None
    unit_cost: Decimal | None = None
    periods_per_year: Decimal = field(init=False, compare=False)

    def __post_init__(self) -> None:
        periods = Decimal(1) if self.months is None else PERIODS_PER_YEAR[self.months]
        object.__setattr__(self, "periods_per_year", periods)


def find_charge(charges: Sequence[Charge], id_: str) -> Charge | None:
    """The charge of an id; None when there is none."""
    for charge in charges:
        if charge.id == id_:
            return charge
    return None


@dataclass(frozen=True, slots=True)
class QuantityRule:
    """How many of a metric a product is sold in. Source: P15."""

    metric: str
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    step: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A product, or the platform product that a ladder's tiers belong to.

    `offered_in` restricts it to tiers (None: wherever a tier offers it); `requires_tier` lifts the account to it.
    `replaces` are products, still sold or not, that customers leave for it: to retention they are one with it.
    `priced_by` are its charges' metrics, and `needed` those a request must give: all but the usage charges'.
    """

    id: str
    name: str
    type: ProductType
    family: str
    charges: tuple[Charge, ...]
    rule: RuleRef
    requires: frozenset[str] = frozenset()
    excludes: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    offered_in: frozenset[str] | None = None
    requires_tier: str | None = None
    quantities: tuple[QuantityRule, ...] = ()
    priced_by: frozenset[str] = field(init=False, compare=False)
    needed: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        metered = [charge for charge in self.charges if charge.metric is not None]
        object.__setattr__(self, "priced_by", frozenset(str(charge.metric) for charge in metered))
        needed = tuple(str(charge.metric) for charge in metered if charge.timing is not Timing.USAGE)
        object.__setattr__(self, "needed", needed)


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of a metric a tier holds (None: unlimited); with `overage` more may be used and is charged."""

    metric: str
    included: Decimal | None
    overage: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    """A packaging level: its charges, its limits, and the products it offers (None: all)."""

    id: str
    name: str
    charges: tuple[Charge, ...]
    limits: tuple[Limit, ...]
    offers: frozenset[str] | None
    rule: RuleRef

    def offers_product(self, product: Product) -> bool:
        """Whether the product may be bought in this tier."""
        return (self.offers is None or product.id in self.offers) and (
            product.offered_in is None or self.id in product.offered_in
        )


@dataclass(frozen=True, slots=True)
class Ladder:
    """The tiers of one platform product, lowest first. The platform is sold as the tier the quote resolves to."""

    platform: Product
    tiers: tuple[Tier, ...]
    ranks: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ranks", {tier.id: rank for rank, tier in enumerate(self.tiers)})


@dataclass(frozen=True, slots=True)
class Bundle:
    """Products sold as one offer, asked for by id (P18a); each item is one product of a choice.

    Either `off_list` (a fraction) or a fixed price from the price book (`price_key`) is set; both are shared
    over the lines by list price.
    """

    id: str
    name: str
    items: tuple[frozenset[str], ...]
    rule: RuleRef
    off_list: Decimal | None = None
    price_key: str | None = None
    price_months: int = 1
