"""The accounts that rows of the book, or of an accounts file, describe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pricing_engine.imports.book.accounts import AccountReader, AccountRow
from pricing_engine.imports.book.problems import Problem
from pricing_engine.quoting.request import Account
from pricing_engine.usecases.book_table import RowIndex, Table, TableRow


class Described(NamedTuple):
    """An account as the files describe it (None: they do not), by which line, and what is wrong with that."""

    row: AccountRow | None
    problems: tuple[Problem, ...]

    def account(self, new_id: Callable[[str], str]) -> Account | None:
        """A new account of that description; None when there is none."""
        row = self.row
        return None if row is None else Account(new_id("acc"), row.name, row.currency, row.market, row.attributes)


class AccountRows:
    """Describes accounts from a table of their own, or from the rows of the book; without a reader, not at all."""

    def __init__(self, reader: AccountReader | None, table: Table | None) -> None:
        self.reader = reader
        self.table = table
        self._index: RowIndex | None = None

    def index(self) -> None:
        """Finds the accounts' rows in their own table.

        Raises: TableUnreadable.
        """
        if self.reader is not None and self.table is not None:
            self._index = self.table.index(self.reader.key, on_row=lambda rows: None)

    def describe(self, key: str, in_book: Sequence[TableRow]) -> Described:
        """The account with this external id; `in_book` are its rows of the book."""
        reader = self.reader
        if reader is None:
            return Described(None, ())
        rows = in_book
        if self.table is not None and self._index is not None:
            places = self._index.places.get(key)
            rows = list(self.table.at(places)) if places else ()
        read = [(row, *reader.read(row.line, row.cells)) for row in rows]
        problems = [problem for _, _, found in read for problem in found]
        described = [(row.line, account) for row, account, _ in read if account is not None]
        if not described:
            return Described(None, tuple(problems))
        first_line, first = described[0]
        for line, other in described[1:]:
            if other != first:
                problems.append(reader.disagreement(line, first_line, other, first))
        return Described(first, tuple(problems))
