"""The shape of a quote as an answer, for the OpenAPI document alone: `quote_json.py` writes it, a test compares."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits, InvoiceOut, NextCursor, RuleOut
from pricing_engine.api.wire_change_answers import ChangeOut
from pricing_engine.api.wire_life import ActionName, LifeStepOut, State, TypeName
from pricing_engine.api.wire_scored import ScoreInShort, ScoringOut
from pricing_engine.pricing.waterfall import StepKind


class StepOut(Answer):
    """One step of the waterfall; amounts are unrounded."""

    kind: StepKind
    rule: RuleOut
    before: Digits
    after: Digits
    amount: Digits


class SegmentOut(Answer):
    """A part of the term with one price; `list` and `net` per year (in all for one-time lines), unrounded."""

    start: date
    end: date
    last_day: date
    share: Annotated[str, Field(description="How many years' worth is billed, as a fraction.", examples=["184/365"])]
    quantity: Digits
    list: Digits
    net: Digits
    steps: tuple[StepOut, ...]


class LineOut(Answer):
    """One charge of one product. Amounts are null while the line is on request and has no price."""

    id: str
    product: str
    name: str
    tier: str | None
    charge: str
    timing: Literal["recurring", "one_time", "usage"]
    months: Annotated[int | None, Field(description="Length of the charge period; null for one-time charges.")]
    metric: str | None
    bundle: str | None
    quantity: Digits
    is_priced: bool
    list_per_year: Digits | None
    net_per_year: Digits | None
    list_term: Digits | None
    net_term: Digits | None
    list_unit_price: Annotated[Digits | None, Field(description="Per charge period and unit on the first day.")]
    net_unit_price: Annotated[Digits | None, Field(description="The same after all steps; for showing, to 6 decimals.")]
    net_per_period: Annotated[Digits | None, Field(description="What one charge period comes to on the first day.")]
    usage_estimate: Digits | None
    segments: Annotated[tuple[SegmentOut, ...], Field(description="Only with expand=waterfall.")] = ()
    closing: Annotated[tuple[StepOut, ...], Field(description="Only with expand=waterfall.")] = ()


class TierOut(Answer):
    """The tier the quote comes to, the one asked for, and what forced it up."""

    tier: str
    asked: str | None
    forced_by: str | None
    is_upgrade: bool


class TotalsOut(Answer):
    """Sums of rounded lines; list, discount, net and tcv over the term."""

    list: Digits
    discount: Digits
    net: Digits
    arr: Digits
    mrr: Digits
    acv: Digits
    tcv: Digits
    one_time: Digits
    first_invoice: Digits


class FindingOut(Answer):
    """A remark; approval means somebody must agree, refusal that no approval helps."""

    code: str
    severity: Literal["info", "approval", "refusal"]
    what: str
    line: str | None
    rule: RuleOut | None
    facts: Annotated[dict[str, Any], Field(description="Those that the role may see.")]


class QuoteOut(Answer):
    """A priced quote. Periods are half-open: `term_end` is the first day after the term."""

    id: str
    state: State
    account_id: str
    external_ref: str | None
    rulebook: Annotated[str, Field(description="Content hash of the rulebook version it is pinned to.")]
    price_book: str
    currency: str
    as_of: date
    effective_date: date
    term_months: int
    term_start: date
    term_end: date
    term_last_day: date
    valid_until: date | None
    billing: str
    bundles: tuple[str, ...]
    note: str
    terms: Annotated[str | None, Field(description="Under which terms and conditions it is sold.")]
    tier: TierOut | None
    lines: tuple[LineOut, ...]
    totals: Annotated[TotalsOut | None, Field(description="Null while a line has no price.")]
    invoices: Annotated[tuple[InvoiceOut, ...], Field(description="Those still to be sent.")]
    change: Annotated[ChangeOut | None, Field(description="What it does to a contract; null for a new sale.")]
    findings: tuple[FindingOut, ...]
    approval_levels: tuple[str, ...]
    score: Annotated[
        ScoreInShort | None, Field(description="Null where the rules have no scorecard, or a line has no price.")
    ]
    is_complete: bool
    is_refused: bool
    version: Annotated[int | None, Field(description="Null in a preview, like all that comes with keeping it.")]
    revision: Annotated[int | None, Field(description="Counts its changes; the ETag.")]
    revises: Annotated[str | None, Field(description="The quote that this is the next version of.")]
    missing_approvals: Annotated[tuple[str, ...], Field(description="The levels that have yet to agree to it.")]
    actions: Annotated[tuple[ActionName, ...], Field(description="What can be done with it on the day of the answer.")]
    history: Annotated[tuple[LifeStepOut, ...], Field(description="What was done with it, oldest first.")]
    created_at: datetime | None
    created_by: str | None
    scoring: Annotated[ScoringOut | None, Field(description="Only with expand=score.")] = None


class QuoteSummaryOut(Answer):
    """What a list shows of a quote."""

    id: str
    account_id: str
    type: Annotated[TypeName, Field(description="What it is for: its `change.type`, also while a line has no price.")]
    state: State
    version: int
    as_of: date
    effective_date: date
    valid_until: Annotated[
        date | None, Field(description="The last day on which it can be accepted; null until it has one.")
    ]
    currency: str
    rulebook: str
    external_ref: str | None
    is_complete: bool
    arr: Annotated[Digits | None, Field(description="Null while a line has no price.")]
    tcv: Digits | None
    created_at: datetime
    created_by: str


class QuotesOut(Answer):
    """A page of quotes, newest first."""

    items: tuple[QuoteSummaryOut, ...]
    next_cursor: NextCursor


class DifferenceOut(Answer):
    """A value that is not the same; values are shown to roles that see costs."""

    pointer: str
    stored: str | None
    replayed: str | None


class ReplayOut(Answer):
    """Whether a quote priced again under its rulebook is equal."""

    quote_id: str
    rulebook: str
    is_equal: bool
    differences: tuple[DifferenceOut, ...]
