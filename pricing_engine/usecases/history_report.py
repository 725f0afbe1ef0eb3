"""What an import of a revenue history came to: counts, totals by month, what was refused, and the first problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pricing_engine.rulebook.faults import Fault
from pricing_engine.usecases.import_problems import ImportProblems


@dataclass(slots=True)
class HistoryReport(ImportProblems):
    """Counts while a history is imported, and the outcome at the end.

    `faults` are those of the mapping under the rulebook in force; with any, or where `is_table_refused`, nothing was
    read. `months_filled` are those of the made ones that the table does not have. `mrr` is what was made of the table's
    last month, by currency.
    """

    is_dry_run: bool
    faults: tuple[Fault, ...] = ()
    rows: int = 0
    first: date | None = None
    last: date | None = None
    accounts_made: int = 0
    accounts_there: int = 0
    months_made: int = 0
    months_filled: int = 0
    months_there: int = 0
    movements: int = 0
    mrr: dict[str, Decimal] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether the database says of every month what the table says."""
        refused = self.faults or self.is_table_refused or self.accounts_refused or self.rows_without_account
        return not (refused or self.reported)

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
