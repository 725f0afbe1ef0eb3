"""What a quote does to a contract: line by line, what is due now, and the schedule of invoices before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Final, NamedTuple, cast

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.pricing.billing import Invoice


class QuoteType(StrEnum):
    """What a quote is for; the vocabulary's `request.quote_type`."""

    NEW = "new"
    AMENDMENT = "amendment"
    RENEWAL = "renewal"
    REINSTATEMENT = "reinstatement"
    CANCELLATION = "cancellation"


class Recording(StrEnum):
    """What is booked on a contract without a quote, since no price changes by it."""

    MILESTONE = "milestone"


BookingKind = QuoteType | Recording
BOOKING_KINDS: Final[Mapping[str, BookingKind]] = {kind.value: kind for kind in (*QuoteType, *Recording)}


class Movement(StrEnum):
    """What became of a line."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    GROWN = "grown"
    REDUCED = "reduced"
    REPRICED = "repriced"


KEPT: Final = Movement.KEPT
"""As `RECURRING` in `catalog/products.py`."""


class LineChange(NamedTuple):
    """A line before and after; quantities and yearly nets are 0 on the side where it is not.

    `repricing` is the part of the yearly difference that repricing makes. `due` is the part of what is due now.
    Rounds: yearly amounts once each, half up; `repricing` once.
    """

    line: str
    product: str
    name: str
    movement: Movement
    quantity_before: Decimal
    quantity_after: Decimal
    net_before: Decimal
    net_after: Decimal
    repricing: Decimal
    due: Decimal


# As `make_step` in `pricing/waterfall.py`.
make_line_change = cast("Callable[[tuple[object, ...]], LineChange]", partial(tuple.__new__, LineChange))
"""A line before and after from a tuple of all fields."""


class DueKind(StrEnum):
    """What an item of what is due now is for."""

    CHARGE = "charge"
    CREDIT = "credit"
    REPRICING = "repricing"
    ONE_TIME = "one_time"
    CANCELLATION_FEE = "cancellation_fee"
    PARTIAL_CANCELLATION_FEE = "partial_cancellation_fee"
    FORFEITED_CREDIT = "forfeited_credit"
    CLAWBACK = "clawback"
    REINSTATEMENT_FEE = "reinstatement_fee"
    OVER_USE = "over_use"
    GUARANTEE_CREDIT = "guarantee_credit"
    UNUSED_TERM = "unused_term"


class DueItem(NamedTuple):
    """One amount of what is due now (negative: to the customer), with the rule behind it and how it was made."""

    kind: DueKind
    line: str | None
    rule: RuleRef | None
    how: str
    amount: Decimal


class Exposure(NamedTuple):
    """A promised milestone, its last day, and the credit if it is missed (P28)."""

    milestone: str
    due: date
    credit: Decimal


class ContractChange(NamedTuple):
    """The difference between what the contract was and what it will be.

    `due_now` is the sum of `items`: what covers billed periods, and fees (P24). `tcv_before` and `tcv_after` are what
    all invoices of the contract's term sum to; of a new term, what settles the one before included. `invoices_before`
    are those that would have followed without the change. `is_refund` says that a negative amount is paid back rather
    than credited.
    """

    type: QuoteType
    contract: str
    version: int
    arr_before: Decimal
    arr_after: Decimal
    tcv_before: Decimal
    tcv_after: Decimal
    due_on: date
    due_now: Decimal
    is_refund: bool
    items: tuple[DueItem, ...]
    lines: tuple[LineChange, ...]
    invoices_before: tuple[Invoice, ...]
    exposures: tuple[Exposure, ...]
