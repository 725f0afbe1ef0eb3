"""Whose contracts they are: one account from its row, of the accounts file or of the book itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from pricing_engine.imports.book.cells import Value, read_value
from pricing_engine.imports.book.columns import Header, Row
from pricing_engine.imports.book.mapping import TableShape
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean


class AccountRow(NamedTuple):
    """An account as a row describes it; `attributes` are by the key that rules look them up by."""

    external_id: str
    name: str
    currency: str
    market: str | None
    attributes: Mapping[str, Value]


class AccountReader:
    """Reads accounts from rows of one table under a mapping and a rulebook's vocabulary."""

    def __init__(self, document: TableShape, header: Header, rulebook: Rulebook) -> None:
        shape = document.accounts
        assert shape is not None  # without one every account is looked up, and none is read
        self.header = header
        self.id = header.bind(shape.id)
        self.name = header.bind(shape.name)
        self.currency = header.bind(shape.currency)
        self.market = header.bind(shape.market)
        self.attributes = [
            (rulebook.vocabulary[name], source)
            for name, each in shape.attributes.items()
            if (source := header.bind(each)) is not None
        ]
        header.ignore(shape.ignored)
        self._currencies = frozenset(rulebook.currencies)
        self._value = partial(read_value, order=document.dates, decimal_comma=document.decimal_comma)

    def key(self, cells: Sequence[str]) -> str:
        """The id of the row's account; "" when it has none."""
        found = self.id.text(cells) if self.id and len(cells) == len(self.header.names) else ""
        return "" if isinstance(found, Wrong) else found

    def read(self, line: int, cells: Sequence[str]) -> tuple[AccountRow | None, list[Problem]]:
        """The account, or None when something in its row is wrong, and what that is."""
        row = Row(self.header.file, line, cells)
        if not row.is_table_row(self.header):
            return None, row.problems
        assert self.id is not None  # a table without it has problems in its header, and no row of it is read
        assert self.name is not None
        assert self.currency is not None
        external_id = row.needed(self.id, str)
        name = row.needed(self.name, str)
        currency = row.needed(self.currency, self._read_currency)
        attributes: dict[str, Value] = {}
        for entry, source in self.attributes:
            text = row.text(source)
            value = self._value(text, kind=entry.name.kind, words=entry.words) if text else None
            if isinstance(value, Wrong):
                row.refuse(source, value)
            elif value is not None:
                attributes[entry.key] = value
        market = row.text(self.market) or None
        if row.problems:
            return None, row.problems
        return AccountRow(external_id or "", name or "", currency or "", market, attributes), row.problems

    def disagreement(self, line: int, first_line: int, other: AccountRow, first: AccountRow) -> Problem:
        """What is wrong with a row that describes the account otherwise than an earlier one."""
        fields = [field for field in first._fields if getattr(other, field) != getattr(first, field)]
        what = f"account {first.external_id} has another {' and '.join(fields)} in line {first_line}"
        source = {"name": self.name, "currency": self.currency, "market": self.market}.get(fields[0])
        column = "" if source is None else source.column
        fix = "make its rows agree"
        return Problem(self.header.file, line, column, f"{getattr(other, fields[0])}", "account-differs", what, fix)

    def _read_currency(self, text: str) -> str | Wrong:
        if text in self._currencies:
            return text
        what = f"the rulebook in force does not sell in {text}"
        return Wrong("unknown-currency", what, did_you_mean(text, self._currencies))
