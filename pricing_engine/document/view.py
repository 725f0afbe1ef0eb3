"""What every section of the document is written from: the quote, the contract it would make, and how to write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing_engine.contracts.contract import Contract
from pricing_engine.document import wording
from pricing_engine.document.figures import Figures, counted, inert, shortened, words
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.quote import Quote, Totals
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.terms.terms import Terms


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a quote added to it; `valid_until` is None while no last day is settled."""

    version: int
    on: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A quote with `contract`, what it is booked as once it is agreed, and the `terms` that one is under.

    `totals` are the quote's, which has a price for every line. `terms_rulebook` is the version the terms are of.
    """

    quote: Quote
    totals: Totals
    kept: Kept
    contract: Contract
    terms: Terms | None
    rulebook: Rulebook
    terms_rulebook: Rulebook
    figures: Figures

    @property
    def type(self) -> QuoteType:
        """What the quote is for."""
        return QuoteType.NEW if self.quote.change is None else self.quote.change.type

    @property
    def is_new_term(self) -> bool:
        """Whether the quote's lines are those of a term that it begins."""
        return self.type in {QuoteType.NEW, QuoteType.RENEWAL, QuoteType.REINSTATEMENT}

    @property
    def months(self) -> str:
        """The length of the term in words."""
        return self.count_months(self.quote.request.term_months)

    def count_months(self, months: int) -> str:
        """So many months in words."""
        return wording.months(self.figures.number(Decimal(months)), months)

    def count_days(self, days: int) -> str:
        """So many days in words."""
        return wording.days(self.figures.number(Decimal(days)), days)

    def unit_of(self, metric: str) -> str:
        """What one of a metric is called."""
        known = self.rulebook.metrics.get(metric)
        return shortened(inert(known.unit) if known else words(metric).removesuffix("s"))

    def units(self, metric: str | None, quantity: Decimal) -> str:
        """So many of a metric; empty for what counts nothing."""
        return "" if metric is None else counted(self.figures.number(quantity), quantity, self.unit_of(metric))

    def product_name(self, product: str) -> str:
        """A product as the rules name it."""
        known = self.rulebook.products.get(product)
        return inert(known.name) if known else words(product)

    def bundle_name(self, bundle: str) -> str:
        """A bundle as the rules name it."""
        known = self.rulebook.bundles.get(bundle)
        return inert(known.name) if known else words(bundle)
