"""What an import of a revenue history came to: counts, totals by month, what was refused, and the first problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pricing_engine.imports.book.problems import Problem
from pricing_engine.rulebook.faults import Fault
from pricing_engine.usecases.book_report import MOST_KEPT


@dataclass(slots=True)
class HistoryReport:
    """Counts while a history is imported, and the outcome at the end.

    `faults` are those of the mapping under the rulebook in force; with any, or where `is_table_refused`, nothing was
    read. `problems` are the first ones, `by_code` counts all, `refused` names the first accounts of which nothing was
    written. `months_filled` are those of the made ones that the table does not have. `mrr` is what was made of the
    table's last month, by currency.
    """

    is_dry_run: bool
    on_problem: Callable[[Problem], None]
    faults: tuple[Fault, ...] = ()
    is_table_refused: bool = False
    rows: int = 0
    rows_without_account: int = 0
    first: date | None = None
    last: date | None = None
    accounts_made: int = 0
    accounts_there: int = 0
    accounts_refused: int = 0
    months_made: int = 0
    months_filled: int = 0
    months_there: int = 0
    movements: int = 0
    problems: list[Problem] = field(default_factory=list)
    by_code: Counter[str] = field(default_factory=Counter)
    reported: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    mrr: dict[str, Decimal] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether the database says of every month what the table says."""
        refused = self.faults or self.is_table_refused or self.accounts_refused or self.rows_without_account
        return not (refused or self.reported)

    def say(self, problems: Iterable[Problem]) -> None:
        """Counts problems, keeps the first ones, and hands each on."""
        for problem in problems:
            self.by_code[problem.code] += 1
            self.reported += not problem.refuses
            if len(self.problems) < MOST_KEPT:
                self.problems.append(problem)
            self.on_problem(problem)

    def refuse(self, account: str, problems: int) -> None:
        """Counts an account of which nothing is written."""
        self.accounts_refused += 1
        if len(self.refused) < MOST_KEPT:
            self.refused[account] = problems

    def counts(self) -> Mapping[str, int]:
        """What was counted, by name."""
        return {
            "rows": self.rows,
            "rows_without_account": self.rows_without_account,
            "accounts_made": self.accounts_made,
            "accounts_there": self.accounts_there,
            "accounts_refused": self.accounts_refused,
            "months_made": self.months_made,
            "months_filled": self.months_filled,
            "months_there": self.months_there,
            "movements": self.movements,
        }
