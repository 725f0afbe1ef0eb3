"""Upsell paths: a predefined move from what an account has, when a condition holds, to an offer or a trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.expressions import Expression


@dataclass(frozen=True, slots=True)
class TierOffer:
    """Be on another tier of the ladder."""

    tier: str


@dataclass(frozen=True, slots=True)
class ProductOffer:
    """Take a product; of a metric that `quantities` leave out, as many as the account has."""

    product: str
    quantities: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CapacityOffer:
    """Have `more` of a metric: of `product`, or where it is None of every product held that counts the same people."""

    metric: str
    more: Decimal
    product: str | None = None


@dataclass(frozen=True, slots=True)
class BundleOffer:
    """Have a bundle; what is missing of it is taken as a product is."""

    bundle: str
    quantities: Mapping[str, Decimal] = field(default_factory=dict)


Target = TierOffer | ProductOffer | CapacityOffer | BundleOffer
"""What a path leads to."""


@dataclass(frozen=True, slots=True)
class Incentive:
    """A share off the lines of the offer, for some months (None: for as long as they stay). Units: fraction."""

    percent: Decimal
    months: int | None = None


@dataclass(frozen=True, slots=True)
class PathTrial:
    """A product to try. The terms say how long and how much: where they allow less than this, it is not offered."""

    product: str
    days: int | None = None
    limits: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UpsellPath:
    """From a state (`tier`, `product`; None: from any), when a condition holds, to a target, a trial or both.

    `say` is the sentence it is offered with, with placeholders in braces (`offers/sentences.py`). An incentive is a
    discount policy of the path's id, which only a request made from the offer is granted.
    """

    id: str
    rule: RuleRef
    say: str
    tier: str | None = None
    product: str | None = None
    when: Expression | None = None
    target: Target | None = None
    trial: PathTrial | None = None
    incentive: Incentive | None = None

    @property
    def starts_anywhere(self) -> bool:
        """Whether it is also for an account that has nothing yet."""
        return self.tier is None and self.product is None
