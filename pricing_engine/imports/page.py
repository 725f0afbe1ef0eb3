"""A price page after reading: plans, add-ons, features and usage limits, in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing_engine.rulebook.faults import Position


@dataclass(frozen=True, slots=True)
class ListAmount:
    """A price that is a number. Units: major units of the page's currency, per period of the unit."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class Words:
    """A price that is a text such as "Contact Sales": on request, never 0 (P5)."""

    text: str


PagePrice = ListAmount | Words


@dataclass(frozen=True, slots=True)
class Unlimited:
    """`.inf`: as much as one likes."""


FeatureValue = bool | Decimal | str
LimitValue = Decimal | Unlimited | bool | str


@dataclass(frozen=True, slots=True)
class Feature:
    """Something the service can do, and whether it comes with every plan unless a plan says otherwise."""

    name: str
    position: Position
    description: str
    default: FeatureValue


@dataclass(frozen=True, slots=True)
class UsageLimit:
    """How much of something may be used unless a plan says otherwise."""

    name: str
    position: Position
    description: str
    unit: str
    is_renewed: bool
    default: LimitValue
    linked_features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A name used on the page, and where."""

    name: str
    position: Position


@dataclass(frozen=True, slots=True)
class FeatureSetting:
    """What a plan or add-on says about a feature."""

    name: str
    position: Position
    value: FeatureValue


@dataclass(frozen=True, slots=True)
class LimitSetting:
    """What a plan or add-on says about a usage limit."""

    name: str
    position: Position
    value: LimitValue


@dataclass(frozen=True, slots=True)
class Coefficient:
    """What a monthly price is multiplied by when billed in the way named."""

    name: str
    position: Position
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """A packaging level of the page. `annual` is the monthly price when billed yearly, in pages before syntax 2.0."""

    name: str
    position: Position
    description: str
    price: PagePrice
    price_position: Position
    unit: str
    annual: PagePrice | None
    features: tuple[FeatureSetting, ...]
    limits: tuple[LimitSetting, ...]


@dataclass(frozen=True, slots=True)
class QuantityBounds:
    """How often an add-on may be taken in one subscription (syntax 3.0)."""

    minimum: Decimal | None
    maximum: Decimal | None
    step: Decimal | None


@dataclass(frozen=True, slots=True)
class AddOn:
    """Something sold on top of a plan. `available_for` None: every plan."""

    name: str
    position: Position
    description: str
    price: PagePrice
    price_position: Position
    unit: str
    annual: PagePrice | None
    available_for: tuple[Reference, ...] | None
    depends_on: tuple[Reference, ...]
    excludes: tuple[Reference, ...]
    features: tuple[FeatureSetting, ...]
    limits: tuple[LimitSetting, ...]
    extensions: tuple[LimitSetting, ...]
    bounds: QuantityBounds | None


@dataclass(frozen=True, slots=True)
class Page:
    """A whole price page. Its prices are in force from `first_day` until the day before `end` (None: for good)."""

    name: str
    position: Position
    syntax: str
    version: str
    url: str
    currency: str
    first_day: date
    end: date | None
    billing: tuple[Coefficient, ...]
    features: tuple[Feature, ...]
    limits: tuple[UsageLimit, ...]
    plans: tuple[Plan, ...]
    add_ons: tuple[AddOn, ...]

    def features_of(self, plan: Plan) -> dict[str, FeatureValue]:
        """Every feature of the page with the value it has in the plan."""
        return {each.name: each.default for each in self.features} | {each.name: each.value for each in plan.features}

    def limits_of(self, plan: Plan) -> dict[str, LimitValue]:
        """Every usage limit of the page with the value it has in the plan."""
        return {each.name: each.default for each in self.limits} | {each.name: each.value for each in plan.limits}
