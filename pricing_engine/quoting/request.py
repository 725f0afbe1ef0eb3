"""What a rep asks for: changes to what an account has, discounts, and the dates and term they apply to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pricing_engine.quoting.contract_change import QuoteType

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


class Set(NamedTuple):
    """Have this many of a product from the effective date on, whatever there were; fields as those of `Add`."""

    product: str
    quantities: Mapping[str, Decimal] = NONE
    commitments: Mapping[str, Decimal] = NONE
    unit_prices: Mapping[str, Decimal] = NONE
    ramp: tuple[RampStep, ...] = ()


class Remove(NamedTuple):
    """Give a product up, or so many of it where quantities are named."""

    product: str
    quantities: Mapping[str, Decimal] = NONE


class ChangeTier(NamedTuple):
    """Be on another tier of the ladder; a lower one only if everything that is kept fits it (P16)."""

    tier: str


class Renew(NamedTuple):
    """A new term after the running one, of the request's `term_months`; early and late ones by the terms (P27)."""


class Extend(NamedTuple):
    """So many months more when the term ends: a renewal with another length (P27)."""

    months: int


class Cancel(NamedTuple):
    """Give all of the contract up from the effective date on (P31)."""


class Reinstate(NamedTuple):
    """Come back after a lapse, with what was there, for a term of the request's `term_months` (P25)."""


class TrueUp(NamedTuple):
    """Bring a product's committed quantities up to what is used, above since a day (P26)."""

    product: str
    used: Mapping[str, Decimal]
    since: date


class Trial(NamedTuple):
    """Try a product at 0, as long and as much as the terms allow (P29)."""

    product: str
    quantities: Mapping[str, Decimal] = NONE


Change = Add | Set | Remove | ChangeTier | Renew | Extend | Cancel | Reinstate | TrueUp | Trial


OPS: Final[Mapping[type, str]] = {
    Add: "add",
    Set: "set",
    Remove: "remove",
    ChangeTier: "change_tier",
    Renew: "renew",
    Extend: "extend",
    Cancel: "cancel",
    Reinstate: "reinstate",
    TrueUp: "true_up",
    Trial: "trial",
}
"""The word of each change in requests (`op`)."""


def op_of(change: Change) -> str:
    """The word of a change."""
    return OPS[type(change)]


class Waiver(NamedTuple):
    """A term that is to be waived, or to be `to` instead (P32); `what` is a `Waivable` of the terms."""

    what: str
    to: str | None = None
    why: str = ""


class ContractRef(NamedTuple):
    """The contract that is changed, in the version it was priced from; version 0 is another contract beside others."""

    id: str
    version: int


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


DECIDING: Final[Mapping[type[Change], QuoteType]] = {
    Renew: QuoteType.RENEWAL,
    Extend: QuoteType.RENEWAL,
    Reinstate: QuoteType.REINSTATEMENT,
    Cancel: QuoteType.CANCELLATION,
}
"""What a request is for that asks for one of these changes; beside them a contract is amended."""


class QuoteRequest(NamedTuple):
    """A request for a quote, in the words of the API. `usage` is the declared use per month of usage metrics.

    `contract` is None for a new sale. `term_months` is the length of a new term; for a change within a term, its own.
    `path` is the upsell path it takes up, whose incentive it is granted; only offers name one.
    """

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
    contract: ContractRef | None = None
    waivers: tuple[Waiver, ...] = ()
    path: str | None = None

    @property
    def type(self) -> QuoteType:
        """What it is for."""
        if self.contract is None or not self.contract.version:
            return QuoteType.NEW
        decided = (DECIDING.get(type(change)) for change in self.changes)
        return next(filter(None, decided), QuoteType.AMENDMENT)
