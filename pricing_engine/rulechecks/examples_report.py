"""Shows the results of worked examples: as text for people, as JSON-ready data for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.pricing.waterfall import PricedLine, Step, StepKind
from pricing_engine.quoting.quote import Quote
from pricing_engine.rulebook.fault_report import counted, render_json
from pricing_engine.rulebook.faults import path_text
from pricing_engine.rulechecks.examples import CaseResult, ExamplesReport, Mismatch
from pricing_engine.rulechecks.rule_coverage import Coverage, RuleUse

UNROUNDED_DIGITS = 6
DUE = frozenset({"due", "due_now"})
"""The expectations that the items due now explain."""


def render_examples(report: ExamplesReport, *, folder: str = "") -> str:
    """The examples that fail, each with what was expected, what came out and why; then the coverage and a count.

    The count names the files that were not run, or not wholly, so that it is not taken for all of them.
    Shape: `folder`, such as `rules/`, stands before every file name, so that a terminal can open it.
    """
    coverage = "\n".join(_coverage_text(report.coverage, folder))
    return "\n\n".join([*_failures(report, folder), coverage, count_examples(report, folder=folder)])


def render_failures(report: ExamplesReport, *, folder: str = "") -> str:
    """The examples that fail, each with what was expected, what came out and why."""
    return "\n\n".join(_failures(report, folder))


def count_examples(report: ExamplesReport, *, folder: str = "") -> str:
    """How many examples passed and failed, and which files were not run: `94 examples passed, 0 failed`."""
    passed = sum(case.passed for case in report.cases)
    counts = [f"{counted(passed, 'example')} passed, {len(report.cases) - passed} failed"]
    counts += _left_out("not run", report.not_run, folder) + _left_out("run only in part", report.run_in_part, folder)
    return "; ".join(counts)


def _failures(report: ExamplesReport, folder: str) -> list[str]:
    return ["\n".join(_case_text(case, folder)) for case in report.cases if not case.passed]


def _left_out(what: str, files: Sequence[str], folder: str) -> list[str]:
    names = ", ".join(f"{folder}{file}" for file in files)
    return [f"{counted(len(files), 'file')} with errors {what}: {names}"] if files else []


def _case_text(case: CaseResult, folder: str) -> Iterator[str]:
    file = f"{folder}{case.file}"
    yield f"FAILED {file}:{case.line}  {case.name}"
    for mismatch in case.mismatches:
        difference = mismatch.difference
        name = path_text(difference.path) or "expect"
        yield f"  {name}: expected {difference.expected}, got {difference.actual}  ({file}:{mismatch.line})"
    if case.quote is not None:
        yield from _due_text(case, case.quote, folder)
        for line in _lines_meant(case, case.quote):
            waterfall = waterfall_text(line, digits=case.quote.currency.digits, folder=folder)
            yield from (f"    {text}" for text in waterfall)


def _due_text(case: CaseResult, quote: Quote, folder: str) -> Iterator[str]:
    """What is due now item by item, where a difference is about it."""
    if quote.change is None or not any(mismatch.difference.path[0] in DUE for mismatch in case.mismatches):
        return
    yield "    due now"
    for item in quote.change.items:
        place = f"  {_place(item.rule, folder)}" if item.rule is not None else ""
        amount = _number(item.amount, quote.currency.digits)
        yield f"      {item.kind:<26}{item.line or '':<24}{amount:>16}  {item.how}{place}"


def _lines_meant(case: CaseResult, quote: Quote) -> tuple[PricedLine, ...]:
    """The lines whose waterfall explains a difference: those it is about, else all that cost something."""
    about = {mismatch.difference.about for mismatch in case.mismatches}
    if None not in about:
        return tuple(line for line in quote.lines if line.id in about)
    return tuple(line for line in quote.lines if line.list_term or line.id in about)


def waterfall_text(line: PricedLine, *, digits: int, folder: str = "") -> Iterator[str]:
    """The waterfall of one line: per stretch of the term its list price and each step, then the term and rounding.

    Units: amounts in the quote's currency, of which `digits` are the decimals of the minor unit.
    """
    if not line.is_priced:
        yield f"{line.id}: priced on request"
        return
    for segment in line.segments:
        yield f"{line.id}: {segment.quantity:f} {line.metric or ''}".rstrip() + f", {segment.start} to {segment.end}"
        for step in segment.steps:
            yield _step_text(step, digits, folder)
    for step in line.closing:
        if step.amount:
            yield _step_text(step, digits, folder)


def _step_text(step: Step, digits: int, folder: str) -> str:
    """One step; a price that a stretch begins with, or that the term makes of several stretches, has no difference."""
    is_difference = step.kind not in (StepKind.LIST, StepKind.TERM)
    amount = _number(step.amount, digits) if is_difference else ""
    return (
        f"  {step.kind:<14}{step.rule.id:<24}{amount:>16}{_number(step.after, digits):>16}  {_place(step.rule, folder)}"
    )


def _number(amount: Decimal, digits: int) -> str:
    """The amount with its currency's decimals, and up to six where it is not rounded yet."""
    whole, _, decimals = f"{amount:f}".partition(".")
    decimals = decimals[: max(digits, UNROUNDED_DIGITS)].rstrip("0").ljust(digits, "0")
    return f"{whole}.{decimals}" if decimals else whole


def _place(rule: RuleRef, folder: str) -> str:
    return f"{rule.why} ({folder}{rule.file}:{rule.line})" if rule.file else rule.why


def _coverage_text(coverage: Coverage, folder: str) -> Iterator[str]:
    yield "rules that fire in some example"
    for each in coverage.by_kind:
        yield f"  {each.kind:<18}{each.fired:>4} of {each.total}"
    unfired = coverage.unfired
    if unfired:
        yield "no example makes these fire"
        yield from (f"  {folder}{rule.file}:{rule.line}  {rule.id}" for rule in unfired)


def examples_json(report: ExamplesReport) -> dict[str, Any]:
    """The report as JSON-ready data; every amount is the text it is compared as."""
    return {
        "passed": report.passed,
        "cases": [_case_json(case) for case in report.cases],
        "coverage": {
            "kinds": [
                {"kind": str(each.kind), "fired": each.fired, "total": each.total} for each in report.coverage.by_kind
            ],
            "rules": _rules_json(report.coverage.rules),
        },
        "faults": render_json(report.faults),
        "not_run": report.not_run,
        "run_in_part": report.run_in_part,
    }


def _case_json(case: CaseResult) -> dict[str, Any]:
    return {
        "file": case.file,
        "line": case.line,
        "name": case.name,
        "passed": case.passed,
        "mismatches": [_mismatch_json(mismatch) for mismatch in case.mismatches],
    }


def _mismatch_json(mismatch: Mismatch) -> dict[str, Any]:
    difference = mismatch.difference
    return {
        "line": mismatch.line,
        "path": path_text(difference.path),
        "expected": difference.expected,
        "actual": difference.actual,
        "about": difference.about,
    }


def _rules_json(rules: Sequence[RuleUse]) -> list[dict[str, Any]]:
    return [
        {"kind": str(rule.kind), "id": rule.id, "file": rule.file, "line": rule.line, "cases": rule.cases}
        for rule in rules
    ]
