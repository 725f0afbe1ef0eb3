"""What an import of a book came to: counts, what was refused, and the first problems; every one goes to a sink."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.value import arr_on
from pricing_engine.imports.book.problems import Problem
from pricing_engine.rulebook.faults import Fault
from pricing_engine.usecases.import_problems import ImportProblems


@dataclass(frozen=True, slots=True)
class BookReport:
    """The outcome. `faults` are those of the mapping under the rulebook in force; with any, nothing was read.

    `is_table_refused`: the header or the file itself is wrong, and nothing was read. `problems` are the first ones,
    `by_code` counts all, `refused` names the first accounts of which nothing was written, with how many problems each
    has. `arr` is that of the contracts written, on the book's day, by currency.
    """

    rulebook: str
    book_date: date
    is_dry_run: bool
    faults: tuple[Fault, ...]
    is_table_refused: bool
    rows: int
    accounts_made: int
    accounts_there: int
    accounts_refused: int
    contracts_made: int
    contracts_there: int
    lines_made: int
    rows_without_account: int
    problems: tuple[Problem, ...]
    by_code: Mapping[str, int]
    reported: int
    refused: Mapping[str, int]
    arr: Mapping[str, Decimal]

    @property
    def is_whole(self) -> bool:
        """Whether everything in the book is in the database now, or would be."""
        return not (self.faults or self.is_table_refused or self.accounts_refused or self.rows_without_account)


@dataclass(slots=True)
class Tally(ImportProblems):
    """Counts while a book is imported."""

    rulebook: str
    book_date: date
    is_dry_run: bool
    rows: int = 0
    accounts_made: int = 0
    accounts_there: int = 0
    contracts_made: int = 0
    contracts_there: int = 0
    lines_made: int = 0
    arr: dict[str, Decimal] = field(default_factory=dict)

    def made(self, contracts: Iterable[Contract]) -> None:
        """Counts contracts that are written."""
        for contract in contracts:
            self.contracts_made += 1
            self.lines_made += len(contract.lines)
            code = contract.currency.code
            self.arr[code] = self.arr.get(code, Decimal(0)) + arr_on(contract, self.book_date)

    def report(self, *, faults: tuple[Fault, ...] = ()) -> BookReport:
        """What it has come to."""
        return BookReport(
            self.rulebook,
            self.book_date,
            self.is_dry_run,
            faults,
            self.is_table_refused,
            self.rows,
            self.accounts_made,
            self.accounts_there,
            self.accounts_refused,
            self.contracts_made,
            self.contracts_there,
            self.lines_made,
            self.rows_without_account,
            tuple(self.problems),
            dict(sorted(self.by_code.items())),
            self.reported,
            dict(self.refused),
            dict(sorted(self.arr.items())),
        )
