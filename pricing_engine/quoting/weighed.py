"""What a request comes to before it is written out as a quote: enough to choose among several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from pricing_engine.money import EXACT, Currency, exact_arithmetic
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import QuoteRequest


@dataclass(frozen=True, slots=True)
class Weighed:
    """A request that is worked out, priced and judged; `assemble` makes the quote of it, with the id that it is given.

    `arr_before` is the ARR of the contract that is changed (0: it is a new sale), `due_now` what would be invoiced at
    once. While a line has no price the amounts mean nothing (P5).
    """

    request: QuoteRequest
    currency: Currency
    lines: tuple[PricedLine, ...]
    is_complete: bool
    arr_before: Decimal
    arr_after: Decimal
    due_now: Decimal
    findings: tuple[Finding, ...]
    approval_levels: tuple[str, ...]
    assemble: Callable[[str], Quote] = field(compare=False, repr=False)

    def write_out(self, quote_id: str) -> Quote:
        """The quote of it, unscored."""
        with exact_arithmetic():
            return self.assemble(quote_id)

    @property
    def arr_difference(self) -> Decimal:
        """ARR against what there is; of a first sale all of it."""
        return EXACT.subtract(self.arr_after, self.arr_before)

    @property
    def can_be_sold(self) -> bool:
        """Whether every line has a price, and nothing refuses it."""
        return self.is_complete and self.refusal is None

    @property
    def refusal(self) -> Finding | None:
        """The first finding that no approval helps against; None when there is none."""
        return next((each for each in self.findings if each.severity is Severity.REFUSAL), None)
