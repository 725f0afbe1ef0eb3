"""What is wrong in a row of a book: the file, line and column it stands in, and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple


class Problem(NamedTuple):
    """One thing wrong in a row; `column` is the table's name for it ("" for the whole row).

    With `refuses` nothing of the row's account is written; without, the row is taken and the contradiction reported.
    """

    file: str
    line: int
    column: str
    value: str
    code: str
    what: str
    fix: str
    refuses: bool = True

    def __str__(self) -> str:
        column = f" {self.column}" if self.column else ""
        return f"{self.file}:{self.line}:{column}: {self.code}: {self.what}{f' ({self.fix})' if self.fix else ''}"


class Wrong(NamedTuple):
    """What is wrong with a value, before it is known which row it stands in."""

    code: str
    what: str
    fix: str


PROBLEM_COLUMNS: Final = ("file", "line", "column", "value", "code", "what", "fix", "effect")
"""The header of a list of problems as a table."""


def problem_cells(problem: Problem, of: str = "account") -> tuple[str, ...]:
    """The problem as the cells of `PROBLEM_COLUMNS`; `of` is what it refuses."""
    effect = f"{of} refused" if problem.refuses else "reported"
    *texts, _ = problem
    return (*map(str, texts), effect)


def refuses_any(problems: Iterable[Problem]) -> bool:
    """Whether one of them refuses its account."""
    return any(problem.refuses for problem in problems)


def count_codes(problems: Iterable[Problem]) -> Counter[str]:
    """How many there are of each code."""
    return Counter(problem.code for problem in problems)
