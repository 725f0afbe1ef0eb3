"""What an import of a book came to, as people and as machines read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pricing_engine.rulebook.fault_report import counted

if TYPE_CHECKING:
    from pricing_engine.imports.book.problems import Problem
    from pricing_engine.usecases.book_report import BookReport

MOST_SHOWN: Final = 20


def report_text(report: BookReport, bad_rows: Path | None) -> str:
    """What was written, what was there, what was refused and why; the first problems with their places."""
    return "\n".join(_paragraphs(report, bad_rows)) + "\n"


def _paragraphs(report: BookReport, bad_rows: Path | None) -> Iterator[str]:
    yield from problems_paragraphs(report.problems, report.by_code, bad_rows)
    if report.is_table_refused:
        yield "nothing was imported: the table cannot be read under this mapping"
        return
    yield from _counts(report)


def problems_paragraphs(
    problems: Sequence[Problem], by_code: Mapping[str, int], bad_rows: Path | None
) -> Iterator[str]:
    """The first problems with their places, how many more there are and where, and how many of each code."""
    shown = problems[:MOST_SHOWN]
    for problem in shown:
        yield _problem_text(problem)
    count = sum(by_code.values())
    if count > len(shown):
        where = f"all of them are in {bad_rows}" if bad_rows else "--bad-rows FILE writes all of them to a table"
        yield f"… and {counted(count - len(shown), 'more problem')}; {where}"
    if by_code:
        yield ", ".join(f"{number} × {code}" for code, number in sorted(by_code.items()))
        yield ""


def _problem_text(problem: Problem) -> str:
    where = f"{problem.file}:{problem.line}"
    column = f" {problem.column}" if problem.column else ""
    effect = "refused" if problem.refuses else "reported"
    fix = f"\n    fix: {problem.fix}" if problem.fix else ""
    return f"{where}:{column}: {effect}: {problem.code}\n    {problem.what}{fix}"


def _counts(report: BookReport) -> Iterator[str]:
    verb = "would import" if report.is_dry_run else "imported"
    contracts, accounts = counted(report.contracts_made, "contract"), counted(report.accounts_made, "new account")
    yield f"{verb} {contracts} with {counted(report.lines_made, 'line')}, and {accounts}"
    for currency, arr in report.arr.items():
        yield f"ARR of these on {report.book_date}: {arr:,} {currency}"
    if report.contracts_there:
        yield f"there already, and left as they are: {counted(report.contracts_there, 'contract')}"
    if report.accounts_refused:
        yield refused_text(report.accounts_refused, report.refused)
    if report.rows_without_account:
        yield f"left out, for they name no account: {counted(report.rows_without_account, 'row')}"
    if report.reported:
        yield f"contradictions that were reported, their rows taken all the same: {report.reported}"


def refused_text(count: int, first: Iterable[str]) -> str:
    """How many accounts were refused, and the first of them."""
    named = ", ".join(list(first)[:MOST_SHOWN])
    more = ", …" if count > MOST_SHOWN else ""
    return f"refused, with nothing of them written: {counted(count, 'account')} ({named}{more})"


def report_json(report: BookReport, bad_rows: Path | None) -> dict[str, Any]:
    """The report for machines; amounts are text."""
    return {
        "is_whole": report.is_whole,
        "is_dry_run": report.is_dry_run,
        "is_table_refused": report.is_table_refused,
        "rulebook": report.rulebook,
        "book_date": report.book_date.isoformat(),
        "rows": report.rows,
        "rows_without_account": report.rows_without_account,
        "accounts": {
            "made": report.accounts_made,
            "there": report.accounts_there,
            "refused": report.accounts_refused,
            "refused_first": dict(report.refused),
        },
        "contracts": {"made": report.contracts_made, "there": report.contracts_there, "lines": report.lines_made},
        "arr": {currency: str(arr) for currency, arr in report.arr.items()},
        "problems": {
            "count": sum(report.by_code.values()),
            "reported": report.reported,
            "by_code": dict(report.by_code),
            "first": [problem_json(problem) for problem in report.problems],
            "all_in": None if bad_rows is None else str(bad_rows),
        },
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem with its place, for machines."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "value": problem.value,
        "code": problem.code,
        "what": problem.what,
        "fix": problem.fix,
        "refuses_account": problem.refuses,
    }
