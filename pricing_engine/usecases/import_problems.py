"""The problems of a table while it is imported: counted, the first ones kept, each handed on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from pricing_engine.imports.book.problems import Problem
from pricing_engine.usecases.book_table import TableUnreadable

MOST_KEPT = 200


@dataclass(slots=True, kw_only=True)
class ImportProblems:
    """What every import counts alike.

    `problems` are the first ones, `by_code` counts all; `reported` are those that refuse nothing. `refused` names the
    first accounts of which nothing was written, with how many problems each has. With `is_table_refused` the header or
    the file itself is wrong, and nothing was read.
    """

    on_problem: Callable[[Problem], None]
    is_table_refused: bool = False
    rows_without_account: int = 0
    accounts_refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    by_code: Counter[str] = field(default_factory=Counter)
    reported: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def say(self, problems: Iterable[Problem]) -> None:
        """Counts problems, keeps the first ones, and hands each on."""
        for problem in problems:
            self.by_code[problem.code] += 1
            self.reported += not problem.refuses
            if len(self.problems) < MOST_KEPT:
                self.problems.append(problem)
            self.on_problem(problem)

    def refuse_table(self, problems: Iterable[Problem]) -> None:
        """Counts problems that leave nothing to be read."""
        self.say(problems)
        self.is_table_refused = True

    def refuse(self, account: str, problems: int) -> None:
        """Counts an account of which nothing is written."""
        self.accounts_refused += 1
        if len(self.refused) < MOST_KEPT:
            self.refused[account] = problems


@contextmanager
def tables_read(counted: ImportProblems) -> Iterator[ExitStack]:
    """What files are closed by at the end; one that turns out to be unreadable refuses the table."""
    try:
        with ExitStack() as stack:
            yield stack
    except TableUnreadable as unreadable:
        fix = "save it as CSV in UTF-8, with a quote at both ends of every cell that needs one"
        counted.refuse_table([Problem(unreadable.file, unreadable.line, "", "", "table", unreadable.what, fix)])
