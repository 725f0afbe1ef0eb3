"""A change worked out: what the quote of it, and the next version of the contract, are made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pricing_engine.policies.findings import Finding
from pricing_engine.pricing.instalments import Cadence, cadence_for
from pricing_engine.pricing.price import Pricing
from pricing_engine.quoting.changes.agreed_lines import TargetLine
from pricing_engine.quoting.changes.conditions import Priced
from pricing_engine.quoting.changes.kind import Kind
from pricing_engine.quoting.changes.schedule import Schedule
from pricing_engine.quoting.changes.target import Target
from pricing_engine.quoting.changes.waivers import Waived
from pricing_engine.quoting.contract_change import DueItem, LineChange, QuoteType
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.quoting.sale import Sale
from pricing_engine.terms.terms import Credit, Terms


class Worked(NamedTuple):
    """A change worked out. `schedule` and `redline` are of the running term; for a renewal, of what is cut off it.

    `items` are what is due now beside what lines owe or are owed, of which the redline has the sums; `findings` what
    the terms and waivers say.
    """

    request: QuoteRequest
    held: Held
    kind: Kind
    terms: Terms | None
    waived: Waived
    target: Target
    sale: Sale
    lines: tuple[TargetLine, ...]
    conditions: Priced
    facts: Mapping[str, Any]
    pricing: Pricing
    schedule: Schedule
    redline: tuple[LineChange, ...]
    items: tuple[DueItem, ...]
    findings: tuple[Finding, ...]

    @property
    def is_refunded(self) -> bool:
        """Whether the terms pay back what is owed to the customer, instead of crediting it."""
        if self.terms is None:
            return False
        whole = self.kind.type is QuoteType.CANCELLATION
        rule = self.terms.cancellation if whole else self.terms.partial_cancellation
        return rule is not None and rule.credit is Credit.REFUND


def cadence_after(worked: Worked) -> Cadence:
    """How the contract is billed after the change."""
    if not worked.kind.is_new_term:
        return worked.schedule.cadence
    return cadence_for(worked.kind.term, worked.sale.plan, worked.sale.rulebook.proration)
