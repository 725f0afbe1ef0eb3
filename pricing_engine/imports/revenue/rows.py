"""One row of a table of revenue, read: whose it is, of which product, and what each of its months had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from pricing_engine.imports.book.cells import read_number, shown
from pricing_engine.imports.book.columns import Header, Row, Source, is_text
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.imports.revenue.mapping import RevenueMappingDocument
from pricing_engine.imports.revenue.month_cells import read_month
from pricing_engine.retention.histories import ALL_PRODUCTS
from pricing_engine.rulebook.suggest import did_you_mean


class Said(NamedTuple):
    """What a cell says of a month; `column` and `value` are its place and text."""

    line: int
    column: str
    value: str
    product: str
    month: date
    mrr: Decimal
    quantity: Decimal | None


class RevenueReader:
    """Reads rows of one table under a mapping. `header.problems` say what the table's header lacks.

    `first` and `last` are the months between which the table has anything, of the rows whose key was asked for; what is
    after `this_month` has not come yet.
    """

    def __init__(
        self, document: RevenueMappingDocument, header: Header, products: frozenset[str], *, this_month: date
    ) -> None:
        revenue = document.revenue
        self.file = header.file
        self.header = header
        self.account = header.bind(revenue.account)
        self.month = header.bind(revenue.month)
        self.mrr = header.bind(revenue.mrr)
        self.product = header.bind(revenue.product)
        self.quantity = header.bind(revenue.quantity)
        self.first: date | None = None
        self.last: date | None = None
        self.this_month = this_month
        header.ignore(document.ignored)
        self._month = partial(read_month, form=document.months)
        self._number = partial(read_number, decimal_comma=document.decimal_comma)
        self._products = products | {*document.retired}
        taken = {*document.ignored, *(each.column for each in self._bound())}
        self._columns = () if revenue.month else tuple(self._month_columns(taken))

    def _bound(self) -> Iterator[Source]:
        yield from filter(None, (self.account, self.month, self.mrr, self.product, self.quantity))

    def _month_columns(self, taken: set[str]) -> Iterator[tuple[date, Source]]:
        """The columns that are months, which nobody else has spoken for."""
        found: dict[date, str] = {}
        for place, name in enumerate(self.header.names):
            month = self._month(name)
            if name in taken or isinstance(month, Wrong):
                continue
            self.header.ignore((name,))
            if month in found:
                self._refuse(name, f"{name} and {found[month]} are one month", "keep one of them, or ignore it by name")
            found[month] = name
            yield month, Source(name, place, None, None, None)
        if not found:
            fix = "say under months how it writes them, or map month and mrr where each is in a row of its own"
            self._refuse("", "no column is a month", fix)

    def _refuse(self, column: str, what: str, fix: str) -> None:
        self.header.problems.append(Problem(self.file, 1, column, column, "header", what, fix))

    def key(self, cells: Sequence[str]) -> str:
        """The id of the row's account; "" when it has none. Takes note of the months the row has."""
        if len(cells) != len(self.header.names) or self.account is None or not is_text(cells):
            return ""
        found = self.account.text(cells)
        if isinstance(found, Wrong) or not found:
            return ""  # a row of nobody says of no month that anybody's table goes on to it
        for month in self._months_with_cells(cells):
            if month <= self.this_month:
                self.first = month if self.first is None else min(self.first, month)
                self.last = month if self.last is None else max(self.last, month)
        return found

    def _months_with_cells(self, cells: Sequence[str]) -> Iterator[date]:
        if self.month is None or self.mrr is None:
            yield from (month for month, source in self._columns if cells[source.place].strip())
        elif self.mrr.text(cells):
            text = self.month.text(cells)
            month = text if isinstance(text, Wrong) else self._month(text)
            if not isinstance(month, Wrong):
                yield month

    def read(self, line: int, cells: Sequence[str]) -> tuple[list[Said], list[Problem]]:
        """What the row says, of each month that it says anything of; nothing when anything in it is wrong."""
        row = Row(self.file, line, cells)
        if not row.is_table_row(self.header):
            return [], row.problems
        assert self.account is not None  # a table without it has problems in its header, and no row of it is read
        row.needed(self.account, str)
        product = ALL_PRODUCTS if self.product is None else row.needed(self.product, self._read_product) or ""
        said = list(self._of_row(row, product))
        return ([] if row.problems else said), row.problems

    def _of_row(self, row: Row, product: str) -> Iterator[Said]:
        if self.month is not None and self.mrr is not None:
            month = row.needed(self.month, self._month)
            quantity = row.value(self.quantity, self._number)
            found = [] if month is None else [(month, self.mrr)]
        else:
            quantity, found = None, list(self._columns)
        for month, source in found:
            mrr = row.value(source, self._number)
            if mrr is not None:
                value = row.cells[source.place].strip() if source.column else ""
                yield Said(row.line, source.column, value, product, month, mrr, quantity)

    def _read_product(self, text: str) -> str | Wrong:
        if text in self._products:
            return text
        what = f"the rulebook in force has no product {shown(text)}"
        fix = did_you_mean(text, self._products, if_none="map it to a product under values, or name it under retired")
        return Wrong("unknown-product", what, fix)
