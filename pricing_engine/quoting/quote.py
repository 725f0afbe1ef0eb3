"""A priced quote: the record that is kept, shown, explained and replayed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from pricing_engine.money import Currency
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.billing import Invoice
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.contract_change import ContractChange
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.scoring.scored import Scored


class QuoteState(StrEnum):
    """Where a quote stands; `quoting/lifecycle.py` says what leads from one to another."""

    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    PRESENTED = "presented"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


DRAFT: Final = QuoteState.DRAFT


class TierOutcome(NamedTuple):
    """The tier a quote resolved to, the one asked for, and the metric or product that rules out the tier below."""

    tier: str
    asked: str | None
    forced_by: str | None

    @property
    def is_upgrade(self) -> bool:
        """Whether the customer gets a higher tier than asked for."""
        return self.asked is not None and self.tier != self.asked


class Totals(NamedTuple):
    """Sums of rounded lines, in the quote's currency.

    `list`, `discount` and `net` are over the term and include one-time fees, so `net` is the TCV; `mrr` is
    ARR ÷ 12 and `acv` the recurring value per year of term, each rounded once.
    """

    list: Decimal
    discount: Decimal
    net: Decimal
    arr: Decimal
    mrr: Decimal
    acv: Decimal
    tcv: Decimal
    one_time: Decimal
    first_invoice: Decimal


class Quote(NamedTuple):
    """The whole answer. `totals` and `invoices` are None and empty while a line has no price (P5).

    `change` says what it does to a contract (None: it is a new sale, or incomplete); `terms` are the id of those it
    is sold under. `invoices` are those still to be sent, `change.due_now` the first of them where something is due.
    `scored` is None where the rules say nothing of scoring and no model is live.
    """

    id: str
    state: QuoteState
    request: QuoteRequest
    rulebook: str
    price_book: str
    currency: Currency
    term_start: date
    term_end: date
    billing: str
    tier: TierOutcome | None
    lines: tuple[PricedLine, ...]
    totals: Totals | None
    invoices: tuple[Invoice, ...]
    findings: tuple[Finding, ...]
    approval_levels: tuple[str, ...]
    change: ContractChange | None = None
    terms: str | None = None
    scored: Scored | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every line has a price."""
        return self.totals is not None

    @property
    def is_refused(self) -> bool:
        """Whether a finding stands that no approval helps against."""
        return any(finding.severity is Severity.REFUSAL for finding in self.findings)
