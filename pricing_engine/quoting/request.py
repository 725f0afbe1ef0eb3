"""What a rep asks for: changes to what an account has, discounts, and the dates and term they apply to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

NONE: Final[Mapping[str, Any]] = {}
"""No quantities, prices or attributes; shared, and never written to."""


class Account(NamedTuple):
    """Who is quoted, with the attributes rules may ask about."""

    id: str
    name: str
    currency: str
    market: str | None = None
    attributes: Mapping[str, str | Decimal | bool | date] = NONE


class RampStep(NamedTuple):
    """What changes `after_months` into the term (P13): quantities, or unit prices by charge.

    A unit price of a charge that is on request is its price; of any other charge it is a target price, and what
    it takes off is discretionary.
    """

    after_months: int
    quantities: Mapping[str, Decimal] = NONE
    unit_prices: Mapping[str, Decimal] = NONE


class Add(NamedTuple):
    """Take a product: how many of each metric, what is committed, and prices for charges that are on request.

    `quantities` of a usage metric are a committed quantity; `commitments` are committed amounts by usage charge,
    per charge period, in the quote's currency. `unit_prices` are by charge.
    """

    product: str
    quantities: Mapping[str, Decimal] = NONE
    commitments: Mapping[str, Decimal] = NONE
    unit_prices: Mapping[str, Decimal] = NONE
    ramp: tuple[RampStep, ...] = ()


Change = Add


@dataclass(frozen=True, slots=True)
class PercentOff:
    """A share off the running net. Units: fraction."""

    fraction: Decimal


@dataclass(frozen=True, slots=True)
class AmountOff:
    """An amount off, in the quote's currency: per year of recurring lines, once for one-time lines."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class TargetPrice:
    """The net unit price per charge period that the line should come to."""

    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class DiscountRequest:
    """A discretionary discount: for the whole quote (`product` None), a product, or one charge of it."""

    size: PercentOff | AmountOff | TargetPrice
    product: str | None = None
    charge: str | None = None
    why: str = ""


class QuoteRequest(NamedTuple):
    """A request for a quote, in the words of the API. `usage` is the declared use per month of usage metrics."""

    account: Account
    as_of: date
    effective_date: date
    term_months: int
    currency: str
    role: str
    changes: tuple[Change, ...]
    billing: str | None = None
    tier: str | None = None
    bundles: tuple[str, ...] = ()
    discounts: tuple[DiscountRequest, ...] = ()
    usage: Mapping[str, Decimal] = NONE
    valid_until: date | None = None
    external_ref: str | None = None
    note: str = ""
