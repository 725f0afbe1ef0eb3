"""One row of the book, read: ids, days, what was sold, how much of it and for what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final, NamedTuple

from pricing_engine.expressions import Kind
from pricing_engine.imports.book.cells import (
    Value,
    read_day,
    read_id,
    read_months,
    read_number,
    read_value,
    read_yes_no,
)
from pricing_engine.imports.book.columns import Header, Row, Source, is_text
from pricing_engine.imports.book.mapping import BookMappingDocument
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.imports.book.read_mapping import KINDS

_DAY: Final = timedelta(days=1)


MEASURES: Final = ("net_unit_price", "net_per_month", "net_per_year")
FIELDS: Final = (
    *("account", "id", "start", "end", "term_months", "product", "tier", "charge", "quantity", *MEASURES),
    *("list_unit_price", "policies", "billing", "terms", "price_hold", "trial"),
)
"""What a mapping's `contracts` may say of a row."""


class BookRow(NamedTuple):
    """A row as it was read. `end` is the first day after; `net` is in the measure that the mapping says;
    without `price_hold` the terms say it.

    `cells` are kept to name the value that turns out wrong later.
    """

    line: int
    account: str
    contract: str
    start: date
    end: date | None
    term_months: int | None
    sold: str
    charge: str
    quantity: Decimal | None
    net: Decimal | None
    list_unit_price: Decimal | None
    policies: tuple[str, ...]
    billing: str
    terms: str
    price_hold: bool | None
    trial: bool
    names: Mapping[str, Value]
    cells: Sequence[str]


class BookReader:
    """Reads rows of one table under a mapping. `header.problems` say what the table's header lacks."""

    def __init__(self, document: BookMappingDocument, header: Header) -> None:
        contracts = document.contracts
        self.file = header.file
        self.header = header
        self.columns = {field: header.bind(getattr(contracts, field)) for field in FIELDS}
        self.measure = next(field for field in MEASURES if getattr(contracts, field) is not None)
        self.sold_as = "product" if contracts.product is not None else "tier"
        self.names = [
            (name, KINDS[shape.type], source)
            for name, shape in document.names.items()
            if (source := header.bind(shape)) is not None
        ]
        self._last_day = contracts.end_is == "last_day"
        self._day: Callable[[str], date | Wrong] = partial(read_day, order=document.dates)
        self._number = partial(read_number, decimal_comma=document.decimal_comma)
        self._value = partial(read_value, order=document.dates, decimal_comma=document.decimal_comma)
        header.ignore(document.ignored)

    @property
    def sources(self) -> dict[str, Source]:
        """The sources that there are, by field of the mapping and by name of checks."""
        measured = {**self.columns, **{name: source for name, _, source in self.names}}
        return {name: source for name, source in measured.items() if source is not None}

    def key(self, cells: Sequence[str]) -> str:
        """The id of the row's account; "" when it has none, or the row is no text that a database could look up."""
        is_row = len(cells) == len(self.header.names) and is_text(cells)
        found = self._source("account").text(cells) if is_row else ""
        return "" if isinstance(found, Wrong) else found

    def read(self, line: int, cells: Sequence[str]) -> tuple[BookRow | None, list[Problem]]:
        """The row, or None when something in it is wrong, and what that is."""
        row = Row(self.file, line, cells)
        if not row.is_table_row(self.header):
            return None, row.problems
        read = self._read(row, self.columns)
        return (None if row.problems else read), row.problems

    def _read(self, row: Row, columns: Mapping[str, Source | None]) -> BookRow | None:
        account = row.needed(self._source("account"), str)
        contract = row.needed(self._source("id"), read_id)
        start = row.needed(self._source("start"), self._day)
        end = row.value(columns["end"], self._day)
        months = row.value(columns["term_months"], read_months)
        sold = row.needed(self._source(self.sold_as), str)
        read = BookRow(
            line=row.line,
            account=account or "",
            contract=contract or "",
            start=start or date.min,
            end=end + _DAY if end is not None and self._last_day else end,
            term_months=months,
            sold=sold or "",
            charge=row.text(columns["charge"]),
            quantity=row.value(columns["quantity"], self._number),
            net=row.value(columns[self.measure], self._number),
            list_unit_price=row.value(columns["list_unit_price"], self._number),
            policies=tuple(filter(None, map(str.strip, row.text(columns["policies"]).split(";")))),
            billing=row.text(columns["billing"]),
            terms=row.text(columns["terms"]),
            price_hold=row.value(columns["price_hold"], read_yes_no),
            trial=bool(row.value(columns["trial"], read_yes_no)),
            names=self._named(row),
            cells=row.cells,
        )
        if not row.problems:
            self._check_days(row, read)
            self._check_amounts(row, read)
        return read

    def _check_days(self, row: Row, read: BookRow) -> None:
        if read.end is not None and read.end <= read.start:
            what = f"the contract ends before it begins on {read.start}"
            row.refuse(self.columns["end"], Wrong("ends-first", what, "mend the days, or say otherwise what end_is"))
        if read.end is None and read.term_months is None:
            wrong = Wrong("no-end", "nothing says when this contract ends", "give the row an end, or map term_months")
            row.refuse(self.columns["end"], wrong)

    def _check_amounts(self, row: Row, read: BookRow) -> None:
        net = self.columns[self.measure]
        if read.trial and read.net:
            what = f"a trial costs nothing, and this row has {read.net}"
            row.refuse(net, Wrong("trial-with-price", what, "it is no trial, or its price is 0"))
        if not read.trial and read.net is None:
            row.refuse(net, Wrong("missing", f"there is no {self.measure}", "fill it in; 0 is written as 0"))
        if read.quantity is not None and not read.quantity:
            row.refuse(self.columns["quantity"], Wrong("no-quantity", "nothing was bought", "leave the row out"))

    def _named(self, row: Row) -> dict[str, Any]:
        named: dict[str, Any] = {}
        for name, kind, source in self.names:
            found = row.needed(source, partial(self._value, kind=kind)) if kind is not Kind.TEXT else row.text(source)
            if found is not None:
                named[name] = found
        return named

    def _source(self, field: str) -> Source:
        source = self.columns[field]
        assert source is not None  # a table without it has problems in its header, and no row of it is read
        return source
