"""What an import of a history came to, as people and as machines read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pricing_engine.cli.book_outcome import problem_json, problems_paragraphs, refused_text
from pricing_engine.rulebook.fault_report import counted

if TYPE_CHECKING:
    from pricing_engine.usecases.history_report import HistoryReport


def report_text(report: HistoryReport, bad_rows: Path | None) -> str:
    """What was written, what was there, what was refused and why; the first problems with their places."""
    return "\n".join(_paragraphs(report, bad_rows)) + "\n"


def _paragraphs(report: HistoryReport, bad_rows: Path | None) -> Iterator[str]:
    yield from problems_paragraphs(report.problems, report.by_code, bad_rows)
    if report.is_table_refused:
        yield "nothing was imported: the table cannot be read under this mapping"
        return
    yield from _made(report)
    filled = f"{counted(report.months_filled, 'month')}, taken as missing_months says"
    for count, told in (
        (report.months_filled, f"of them not in the table: {filled}"),
        (report.months_there, f"there already, and left as they are: {counted(report.months_there, 'month')}"),
        (report.reported, f"there already, and otherwise in the table now: {counted(report.reported, 'month')}"),
        (report.accounts_refused, refused_text(report.accounts_refused, report.refused)),
        (
            report.rows_without_account,
            f"left out, for they name no account: {counted(report.rows_without_account, 'row')}",
        ),
    ):
        if count:
            yield told


def _made(report: HistoryReport) -> Iterator[str]:
    verb = "would import" if report.is_dry_run else "imported"
    made = f"{counted(report.months_made, 'month')} with {counted(report.movements, 'movement')}"
    yield f"{verb} {made}, and {counted(report.accounts_made, 'new account')}"
    if report.months_made and report.last is not None:
        for currency, mrr in report.mrr.items():
            yield f"MRR of these in {report.last:%Y-%m}: {mrr:,f} {currency}"


def report_json(report: HistoryReport, bad_rows: Path | None) -> dict[str, Any]:
    """The report for machines; amounts are text."""
    return {
        "is_whole": report.is_whole,
        "is_dry_run": report.is_dry_run,
        "is_table_refused": report.is_table_refused,
        "first_month": None if report.first is None else f"{report.first:%Y-%m}",
        "last_month": None if report.last is None else f"{report.last:%Y-%m}",
        **report.counts(),
        "refused_first": dict(report.refused),
        "mrr": {currency: f"{mrr:f}" for currency, mrr in report.mrr.items()},
        "problems": {
            "count": sum(report.by_code.values()),
            "reported": report.reported,
            "by_code": dict(sorted(report.by_code.items())),
            "first": [problem_json(problem) for problem in report.problems],
            "all_in": None if bad_rows is None else str(bad_rows),
        },
    }
