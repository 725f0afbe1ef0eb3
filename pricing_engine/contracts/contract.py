"""What an account has agreed, as one booking left it; a later booking is a new version and never changes this one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.contracts.contract_line import ContractLine
from pricing_engine.money import Currency
from pricing_engine.periods import Period, ProrationMethod

_NONE: Final[Mapping[str, str]] = {}


class HeldProduct(NamedTuple):
    """A product of the contract as it was asked for: `starts` are the days its ramp changes something.

    Shape: `quantities`, by metric, and `unit_prices`, by charge, have one mapping per start. They may name metrics
    that no charge is by, such as the users that a tier's limit counts. `commitments` are amounts by usage charge.
    """

    product: str
    starts: tuple[date, ...]
    quantities: tuple[Mapping[str, Decimal], ...]
    unit_prices: tuple[Mapping[str, Decimal], ...]
    commitments: Mapping[str, Decimal]


class DiscountKind(StrEnum):
    """What a discretionary discount was asked as."""

    PERCENT = "percent"
    AMOUNT = "amount"
    UNIT_PRICE = "unit_price"


class AgreedDiscount(NamedTuple):
    """A discretionary discount that was agreed: it holds while the products it was granted with are kept (P22).

    `size` is a fraction, an amount per year in the contract's currency or a net unit price per charge period.
    `lines` are the ids of the lines it is off.
    """

    rule: RuleRef
    kind: DiscountKind
    size: Decimal
    lines: frozenset[str]
    products: frozenset[str]


class ChargeKind(StrEnum):
    """What a booked one-time amount is for."""

    ONE_TIME = "one_time"
    CANCELLATION_FEE = "cancellation_fee"
    PARTIAL_CANCELLATION_FEE = "partial_cancellation_fee"
    FORFEITED_CREDIT = "forfeited_credit"
    CLAWBACK = "clawback"
    REINSTATEMENT_FEE = "reinstatement_fee"
    OVER_USE = "over_use"
    GUARANTEE_CREDIT = "guarantee_credit"
    UNUSED_TERM = "unused_term"
    OLD_TERM = "old_term"


class BookedCharge(NamedTuple):
    """An amount owed once (negative: given), the day it is invoiced, and the line or rule it is about."""

    day: date
    kind: ChargeKind
    what: str
    amount: Decimal


class SettledUse(NamedTuple):
    """Use above the commitment that was charged: on the days `[start, end)` so much of a metric is paid for (P26)."""

    product: str
    metric: str
    start: date
    end: date
    used: Decimal


class Conversion(NamedTuple):
    """What is tried and bought from a day on, as its rule says, unless it is given up before (P29)."""

    product: str
    quantities: Mapping[str, Decimal]
    on: date


class Outcome(StrEnum):
    """How a promised milestone came out."""

    PENDING = "pending"
    MET = "met"
    MISSED = "missed"


class Milestone(NamedTuple):
    """A milestone promised with the contract, its last day, and the credit when it is missed (P28)."""

    id: str
    due: date
    credit: Decimal
    outcome: Outcome = Outcome.PENDING


class TermsPin(NamedTuple):
    """The terms a contract is under: their id, in the rulebook version that was in force when the term began."""

    id: str
    rulebook: str


class Contract(NamedTuple):
    """The state a booking left behind.

    `version` counts the bookings from 1. `effective` is the day from which this version is in force; `ends` is the
    first day nothing is in force any more: the term's end, or the day of a cancellation. `tier_rulebook` is the
    version whose limits the tier was sold with (P16). `changed_terms` are terms agreed otherwise, by what a waiver
    names (P32), `settled_use` what true-ups of this term charged. `products` are what is in force, `lines` also those
    of this term that have ended.
    """

    id: str
    account_id: str
    version: int
    effective: date
    currency: Currency
    price_book: str
    term: Period
    ends: date
    billing: BillingPlan
    proration: ProrationMethod
    tier: str | None
    tier_rulebook: str
    terms: TermsPin | None
    price_hold: bool
    products: tuple[HeldProduct, ...]
    lines: tuple[ContractLine, ...]
    discounts: tuple[AgreedDiscount, ...] = ()
    charges: tuple[BookedCharge, ...] = ()
    trials: tuple[str, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    changed_terms: Mapping[str, str] = _NONE
    settled_use: tuple[SettledUse, ...] = ()
    conversions: tuple[Conversion, ...] = ()

    def is_tried(self, product: str, day: date) -> bool:
        """Whether a trial of the product runs on a day."""
        return any(
            line.product == product
            and line.trial_until is not None
            and day < line.trial_until
            and line.stretch_on(day) is not None
            for line in self.lines
        )

    def lines_on(self, day: date) -> tuple[ContractLine, ...]:
        """The lines in force on a day."""
        return tuple([line for line in self.lines if line.stretch_on(day) is not None])

    @property
    def rulebooks(self) -> frozenset[str]:
        """The hashes of the rulebook versions that its lines, tier and terms are pinned to."""
        pinned = {line.rulebook for line in self.lines if line.phases} | {self.tier_rulebook}
        return frozenset(pinned if self.terms is None else pinned | {self.terms.rulebook})
