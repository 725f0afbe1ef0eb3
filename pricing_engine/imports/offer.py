"""What a page sells, in our words: tiers, products, metrics and prices with their ids, ready to be written as rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing_engine.imports.page import PagePrice, QuantityBounds, Unlimited


@dataclass(frozen=True, slots=True)
class OfferMetric:
    """Something counted: what plans and add-ons are sold by (`is_sold`), or what a plan limits."""

    id: str
    unit: str
    is_sold: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class OfferCharge:
    """The one price of a tier or add-on. `months` None: paid once; `metric` None: one amount, whatever the quantity."""

    id: str
    metric: str | None
    months: int | None
    price: PagePrice


@dataclass(frozen=True, slots=True)
class OfferTier:
    """A plan as a tier. `limits` are by metric."""

    id: str
    name: str
    description: str
    charge: OfferCharge
    limits: tuple[tuple[str, Decimal | Unlimited], ...]


@dataclass(frozen=True, slots=True)
class OfferProduct:
    """An add-on as a product. `offered_in` None: every tier."""

    id: str
    name: str
    description: str
    charge: OfferCharge
    offered_in: tuple[str, ...] | None
    requires: tuple[str, ...]
    excludes: tuple[str, ...]
    bounds: QuantityBounds | None


@dataclass(frozen=True, slots=True)
class OfferBilling:
    """A way of billing: the engine's billing plan, and what the price is multiplied by."""

    plan: str
    policy: str
    said: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything a rule repository is written from."""

    name: str
    currency: str
    first_day: date
    end: date | None
    metrics: tuple[OfferMetric, ...]
    tiers: tuple[OfferTier, ...]
    products: tuple[OfferProduct, ...]
    billing: tuple[OfferBilling, ...]
