"""What an import of deals came to, as people and as machines read it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pricing_engine.cli.book_outcome import problem_json, problems_paragraphs
from pricing_engine.imports.book.cells import shown
from pricing_engine.rulebook.fault_report import counted
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.scoring.deal import Outcome

if TYPE_CHECKING:
    from pricing_engine.usecases.deals_report import DealsReport

_MOST_WORDS: Final = 12


def deals_text(report: DealsReport, bad_rows: Path | None) -> str:
    """What was written, what was there, what was refused and why; what the deals are like."""
    return "\n".join(_paragraphs(report, bad_rows)) + "\n"


def _paragraphs(report: DealsReport, bad_rows: Path | None) -> Iterator[str]:
    yield from problems_paragraphs(report.problems, report.by_code, bad_rows)
    if report.is_table_refused:
        yield "nothing was imported: the tables cannot be read under this mapping"
        return
    yield f"{'would import' if report.is_dry_run else 'imported'} {counted(report.made, 'deal')}"
    for count, told in (
        (report.ended, "open when they were imported, and ended since"),
        (report.there, "there already, and left as they are"),
        (report.restated, "there already, and otherwise in the table now"),
        (report.corrected, "there already, and made as the table says now"),
        (report.left_out, "open and without a day, left out as the mapping says"),
        (report.deals_refused, "refused, with nothing of them written"),
    ):
        if count:
            yield f"{told}: {counted(count, 'deal')}"
    if report.rows_without_account:
        yield f"left out, for they name no deal: {counted(report.rows_without_account, 'row')}"
    if report.deals:
        yield ""
        yield from _described(report)


def _described(report: DealsReport) -> Iterator[str]:
    outcomes = ", ".join(f"{report.outcomes[each]} {each}" for each in Outcome)
    yield f"{counted(report.deals, 'deal')} created from {report.first} to {report.last}: {outcomes}"
    alone = f"; {counted(report.without_account, 'deal')} of nobody, each its own" if report.without_account else ""
    yield f"of {counted(len(report.accounts), 'account')}{alone}"
    shares = ", ".join(f"{_share(report.known[each], report.outcomes[each])} of {each}" for each in Outcome)
    yield f"a discount is known of {shares}"
    if report.zero.total():
        zeros = ", ".join(f"{_share(report.zero[each], report.outcomes[each])} of {each}" for each in Outcome)
        yield f"a net of 0 have {zeros}: where it goes with the outcome, it was filled in when a deal ended"
    if report.drawn:
        yield f"a price drawn by lot have {counted(report.drawn, 'deal')}"
    if report.facts:
        facts = ", ".join(f"{name} {_percent(report.missing(name))}" for name in sorted(report.facts))
        yield f"missing: {facts}"
    yield from _of_quotes(report)
    for (column, text, read), count in sorted(report.spelled.items()):
        yield f"{column}: {count} × {text} read as {read}"


def _of_quotes(report: DealsReport) -> Iterator[str]:
    if report.of_quotes is None:
        yield "no rulebook is in force, so nothing says which of these facts quotes will have"
        return
    without = sorted(set(report.facts) - report.of_quotes)
    if without:
        yield f"quotes do not have: {', '.join(without)}; a model that goes by one cannot score them"
    for (name, word), count in report.strange.most_common(_MOST_WORDS):
        hint = did_you_mean(word, report.words[name])
        yield f"quotes never have {name} {shown(word)}, as {counted(count, 'deal')} do: {hint} Say so under values"
    if len(report.strange) > _MOST_WORDS:
        yield f"… nor {counted(len(report.strange) - _MOST_WORDS, 'more word')}"


def _share(count: int, whole: int) -> str:
    return _percent(Decimal(count) / whole) if whole else "none"


def _percent(share: Decimal) -> str:
    return f"{share:.1%}"


def deals_json(report: DealsReport, bad_rows: Path | None) -> dict[str, Any]:
    """The report for machines; shares are text."""
    return {
        "is_whole": report.is_whole,
        "is_dry_run": report.is_dry_run,
        "is_table_refused": report.is_table_refused,
        **report.counts(),
        "created_from": report.first and report.first.isoformat(),
        "created_to": report.last and report.last.isoformat(),
        "accounts": len(report.accounts),
        "without_account": report.without_account,
        "drawn": report.drawn,
        "outcomes": {each.value: _outcome_json(report, each) for each in Outcome},
        "facts": [
            {
                "name": name,
                "missing": str(report.missing(name)),
                "of_quotes": None if report.of_quotes is None else name in report.of_quotes,
            }
            for name in sorted(report.facts)
        ],
        "words_not_of_quotes": [
            {"fact": name, "word": word, "deals": count} for (name, word), count in sorted(report.strange.items())
        ],
        "spelled": [
            {"column": column, "text": text, "read_as": read, "cells": count}
            for (column, text, read), count in sorted(report.spelled.items())
        ],
        "problems": {
            "count": sum(report.by_code.values()),
            "reported": report.reported,
            "by_code": dict(sorted(report.by_code.items())),
            "first": [problem_json(problem) for problem in report.problems],
            "all_in": None if bad_rows is None else str(bad_rows),
        },
    }


def _outcome_json(report: DealsReport, outcome: Outcome) -> dict[str, int]:
    return {
        "deals": report.outcomes[outcome],
        "discount_known": report.known[outcome],
        "net_of_zero": report.zero[outcome],
    }
