"""The shapes of contracts as answers, for the OpenAPI document alone: contract_json.py writes them, a test compares."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits, NextCursor, RuleOut
from pricing_engine.contracts.contract import ChargeKind, DiscountKind, Outcome
from pricing_engine.quoting.contract_change import BookingKind


class GrantedOut(Answer):
    """A discount policy a line was granted, as the line's rulebook version defines it."""

    policy: str
    rulebook: str
    fraction: Annotated[Digits | None, Field(description="Null for one by the line's quantity, or an amount.")]
    amount: Digits | None
    ends: Annotated[date | None, Field(description="The first day without it.")]
    holds: Annotated[bool, Field(description="False: lost, and comes back when its condition holds again.")]
    per_year: Annotated[Digits | None, Field(description="What it takes off a year on the day asked for.")]


class StretchOut(Answer):
    """A part of the term with one price; `list` and `net` per year, unrounded."""

    start: date
    end: date
    last_day: date
    quantity: Digits
    list: Digits
    net: Digits


class ContractLineOut(Answer):
    """One charge of one product on the day asked for, or a layer of it bought later at another price."""

    id: str
    product: str
    name: str
    tier: str | None
    charge: str
    timing: Literal["recurring", "one_time", "usage"]
    months: Annotated[int, Field(description="Length of the charge period.")]
    metric: str | None
    bundle: str | None
    rulebook: Annotated[str, Field(description="Hash of the version its price is pinned to.")]
    quantity: Digits
    list_per_year: Digits
    net_per_year: Digits
    net_unit_price: Annotated[
        Digits | None, Field(description="Per charge period and unit; for showing, to 6 decimals.")
    ]
    discounts: tuple[GrantedOut, ...]
    stretches: tuple[StretchOut, ...]
    trial_until: Annotated[date | None, Field(description="The first day after a trial; null: it is none.")]


class AgreedOut(Answer):
    """A discretionary discount that was agreed; it holds while its products are kept."""

    rule: RuleOut
    kind: DiscountKind
    size: Digits
    lines: tuple[str, ...]
    products: tuple[str, ...]


class ChargeOut(Answer):
    """An amount owed once (negative: given), and the day it is invoiced."""

    day: date
    kind: ChargeKind
    what: str
    amount: Digits


class MilestoneOut(Answer):
    """A milestone that was promised, its last day, and the credit when it is missed."""

    id: str
    due: date
    credit: Digits
    outcome: Outcome


class BookingOut(Answer):
    """One booking: what it made of a contract, and the ARR from its effective date on."""

    contract_id: str
    version: int
    kind: BookingKind
    effective_date: date
    quote_id: str | None
    booked_at: datetime
    booked_by: str
    currency: str
    arr: Digits
    term_start: date
    term_end: date
    term_last_day: date
    ends: date


class BookedOut(Answer):
    """A contract in one version, with the lines in force on a day."""

    id: str
    version: int
    effective_date: Annotated[date, Field(description="The day from which this version is in force.")]
    currency: str
    price_book: str
    term_start: date
    term_end: date
    term_last_day: date
    ends: Annotated[date, Field(description="The first day nothing is in force: the term's end, or a cancellation's.")]
    billing: str
    tier: str | None
    terms: str | None
    terms_rulebook: str | None
    changed_terms: Annotated[dict[str, str], Field(description="Terms that were agreed otherwise.")]
    price_hold: bool
    arr: Annotated[Digits, Field(description="On the day asked for.")]
    tcv: Digits
    lines: tuple[ContractLineOut, ...]
    agreed_discounts: tuple[AgreedOut, ...]
    charges: tuple[ChargeOut, ...]
    trials: Annotated[tuple[str, ...], Field(description="Products that have been tried.")]
    milestones: tuple[MilestoneOut, ...]
    kind: BookingKind
    quote_id: Annotated[
        str | None, Field(description="The quote it was booked from; null: taken over, or a milestone's outcome.")
    ]
    booked_at: datetime
    booked_by: str


class ContractOut(BookedOut):
    """A contract in the version in force on the day asked for."""

    has_ended: bool
    upcoming: Annotated[
        tuple[BookingOut, ...],
        Field(description="Booked already, in force after the day asked for; of several from one day the last holds."),
    ]


class AccountContractsOut(Answer):
    """What an account has on a day, contract by contract, also those that had ended by then."""

    account_id: str
    on: date
    known_on: Annotated[date | None, Field(description="The day as of which it was known; null: now.")]
    contracts: tuple[ContractOut, ...]
    not_begun: Annotated[
        tuple[BookingOut, ...], Field(description="What is booked of contracts that begin after the day asked for.")
    ]


class HistoryOut(Answer):
    """A page of everything that was booked for an account, newest first."""

    account_id: str
    items: tuple[BookingOut, ...]
    next_cursor: NextCursor
