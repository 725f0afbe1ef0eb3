"""What a row says was bought: of which charge, how much, from when to when, and what it costs net."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from pricing_engine.catalog.price_books import PriceBook
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract_line import Stretch
from pricing_engine.imports.book.columns import Source
from pricing_engine.imports.book.prices import Amounts, amounts_of
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.imports.book.read_mapping import BookMapping
from pricing_engine.imports.book.rows import BookRow
from pricing_engine.imports.book.sold import Catalogue, Sold
from pricing_engine.money import ONE, ZERO, Currency
from pricing_engine.periods import Period
from pricing_engine.pricing.instalments import Cadence
from pricing_engine.rulebook.rulebook import Rulebook

IMPORTED: Final = "contract-import"
"""The id of the rule that imported amounts name; its file and line are those of the row."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Book:
    """What all rows of a book are read against. `columns` are the sources by field and by name of checks."""

    file: str
    mapping: BookMapping
    rulebook: Rulebook
    catalogue: Catalogue
    measure: str
    book_date: date
    columns: Mapping[str, Source]

    def problem(self, row: BookRow, field: str, wrong: Wrong) -> Problem:
        """What is wrong with a field of a row."""
        source = self.columns.get(field)
        if source is None or not source.column:
            return Problem(self.file, row.line, "", "", *wrong)
        return Problem(self.file, row.line, source.column, row.cells[source.place].strip(), *wrong)


class Terms(NamedTuple):
    """What the lines of one contract share. `begun` is the day it began, before this term perhaps."""

    cadence: Cadence
    begun: date
    currency: Currency
    price_book: PriceBook

    @property
    def earlier(self) -> Terms | None:
        """The same for the time before this term; None when it is the first one."""
        start = self.cadence.term.start
        if self.begun >= start:
            return None
        return self._replace(cadence=self.cadence.over(Period(self.begun, start)))


class Bought(NamedTuple):
    """What a row says was bought of a charge, on top of `below` units of earlier rows, for the days `[start, end)`.

    `start` is in the term in force; `begun` is the day it was bought, before this term perhaps.
    """

    row: BookRow
    sold: Sold
    quantity: Decimal
    below: Decimal
    start: date
    end: date
    amounts: Amounts

    @property
    def begun(self) -> date:
        """The first day of it, in whatever term."""
        return self.row.start

    def at(self, listed: Decimal, net: Decimal) -> Stretch:
        """All of its days at a list and a net amount."""
        return Stretch(self.begun, self.end, self.quantity, listed, net)


def measure_row(row: BookRow, terms: Terms, book: Book, *, below: Mapping[str, Decimal]) -> Bought | Problem:
    """What was bought, or why that cannot be said. Shape: `below` are the units of earlier rows, by price-book key."""
    sold = book.catalogue.find(row.sold, row.charge)
    if isinstance(sold, Wrong):
        field = "charge" if sold.code.endswith("charge") and row.charge else book.catalogue.sold_as
        return book.problem(row, field, sold)
    quantity = _quantity(row, sold, book)
    if isinstance(quantity, Wrong):
        return book.problem(row, "quantity", quantity)
    term = terms.cadence.term
    if row.start >= term.end:
        what = f"it begins when the term of its contract is over: that ends on {term.end - _DAY} (last day)"
        fix = "give it a contract id of its own, or leave it out until the contract is renewed"
        return book.problem(row, "start", Wrong("starts-later", what, fix))
    amounts = amounts_of(row.net or ZERO, book.measure, sold, quantity)
    return Bought(row, sold, quantity, below.get(sold.key, ZERO), max(row.start, term.start), term.end, amounts)


def _quantity(row: BookRow, sold: Sold, book: Book) -> Decimal | Wrong:
    metric, wanted = sold.charge.metric, book.catalogue.metric
    if metric is None:
        if row.quantity in (None, ONE):
            return ONE
        return Wrong("quantity-of-a-fee", f"{sold.key} is one amount, whatever the quantity", "leave it empty, or 1")
    if wanted is not None and metric != wanted:
        return Wrong("other-metric", f"{sold.key} counts {metric}, the mapping {wanted}", "map another charge")
    if row.quantity is None:
        return Wrong(
            "missing", f"{sold.key} is priced by {metric}, and there is no quantity", "map quantity, fill it in"
        )
    return row.quantity


def imported(row: BookRow, book: Book, why: str) -> RuleRef:
    """The row as the rule that an amount comes from."""
    return RuleRef(IMPORTED, book.file, row.line, why)
