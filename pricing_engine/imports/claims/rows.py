"""One row of a table of claims, read: whose it is, of which contract and day, and what its columns say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from pricing_engine.expressions import Kind
from pricing_engine.imports.book.cells import Value, read_day, read_number, read_value
from pricing_engine.imports.book.columns import Header, Row
from pricing_engine.imports.book.problems import Problem
from pricing_engine.imports.book.read_mapping import KINDS
from pricing_engine.imports.claims.mapping import ClaimsTableShape


class ClaimRow(NamedTuple):
    """A row as it was read; "" and None where it says nothing. `day` is the first on which what it says holds."""

    line: int
    account: str
    contract: str
    day: date | None
    product: str
    quantity: Decimal | None
    names: Mapping[str, Value]


class ClaimReader:
    """Reads rows of one table. `header.problems` say what the table's header lacks."""

    def __init__(self, shape: ClaimsTableShape, header: Header) -> None:
        self.header = header
        self.account = header.bind(shape.account)
        self.contract = header.bind(shape.contract)
        self.day = header.bind(shape.day)
        self.product = header.bind(shape.product)
        self.quantity = header.bind(shape.quantity)
        self.names = [
            (name, KINDS[each.type], source)
            for name, each in shape.names.items()
            if (source := header.bind(each)) is not None
        ]
        header.ignore(shape.ignored)
        header.refuse_unmapped()
        self._later = timedelta(days=shape.day_is == "last_day")
        self._day = partial(read_day, order=shape.dates)
        self._number = partial(read_number, decimal_comma=shape.decimal_comma)
        self._value = partial(read_value, order=shape.dates, decimal_comma=shape.decimal_comma)

    def read(self, line: int, cells: Sequence[str]) -> tuple[ClaimRow | None, list[Problem]]:
        """The row, or None when something in it is wrong, and what that is."""
        row = Row(self.header.file, line, cells)
        if not row.is_table_row(self.header):
            return None, row.problems
        assert self.account is not None  # a table without it has problems in its header, and no row of it is read
        account = row.needed(self.account, str)
        contract = None if self.contract is None else row.needed(self.contract, str)
        day = None if self.day is None else row.needed(self.day, self._day)
        read = ClaimRow(
            line=line,
            account=account or "",
            contract=contract or "",
            day=None if day is None else day + self._later,
            product=row.text(self.product),
            quantity=row.value(self.quantity, self._number),
            names=self._named(row),
        )
        return (None if row.problems else read), row.problems

    def _named(self, row: Row) -> dict[str, Any]:
        """What the columns of a name say; an empty one of them says nothing, and what asks for it is not tested."""
        named: dict[str, Any] = {}
        for name, kind, source in self.names:
            found = row.value(source, partial(self._value, kind=kind)) if kind is not Kind.TEXT else row.text(source)
            if found is not None:
                named[name] = found
        return named
