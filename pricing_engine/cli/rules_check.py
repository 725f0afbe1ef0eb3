"""`rules check`, `rules test` and `rules configurations`: judge a directory of rules without any database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_engine.cli.outcome import ExitCode, outcome_shown
from pricing_engine.cli.screen import JsonFlag, write_json, write_text

if TYPE_CHECKING:
    from pricing_engine.cli.rule_folder import RuleFolder
    from pricing_engine.rulebook.faults import Fault

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="The directory of rule files.")]

RULES = Path("rules")


class ReportFormat(StrEnum):
    """How faults are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def check(
    directory: Directory = RULES,
    format: Annotated[ReportFormat, typer.Option(help="For people, machines, or a pull request.")] = ReportFormat.TEXT,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Say everything that is wrong with the rules and the tests beside them, with file, line and how to mend it.

    The tests are read, not run: rules test does that.
    """
    chosen = ReportFormat.JSON if as_json else format
    with outcome_shown(as_json=chosen is ReportFormat.JSON):
        from pricing_engine.cli.rule_folder import check_rule_folder
        from pricing_engine.rulebook.faults import Severity, sort_faults
        from pricing_engine.rulechecks.examples import check_examples

        folder = check_rule_folder(directory)
        of_tests = check_examples(folder.files, folder.result.rulebook)
        faults = sort_faults((*folder.faults, *folder.located(of_tests)))
        is_valid = not any(fault.severity is Severity.ERROR for fault in faults)
        write_text(_report(folder, faults, chosen, is_valid=is_valid))
        if not is_valid:
            raise typer.Exit(ExitCode.REFUSED)


def _report(folder: RuleFolder, faults: Sequence[Fault], chosen: ReportFormat, *, is_valid: bool) -> str:
    from pricing_engine.rulebook.fault_pages import ALL_CODES
    from pricing_engine.rulebook.fault_report import render_github, render_json, render_sarif
    from pricing_engine.rulechecks.example_codes import EXAMPLE_CODES

    match chosen:
        case ReportFormat.TEXT:
            return folder.text(faults) + "\n" + (_summary(folder) if is_valid else "")
        case ReportFormat.JSON:
            rulebook = folder.result.rulebook
            found = {"is_valid": is_valid, "hash": rulebook.hash if rulebook else None}
            return json.dumps(found | {"faults": render_json(faults)}, indent=2, ensure_ascii=False)
        case ReportFormat.GITHUB:
            return render_github(faults)
        case ReportFormat.SARIF:
            log = render_sarif(faults, pages={**ALL_CODES, **EXAMPLE_CODES})
            return json.dumps(log, indent=2, ensure_ascii=False)


def _summary(folder: RuleFolder) -> str:
    """What there is, once the rules are sound."""
    from pricing_engine.rulebook.fault_report import counted

    rulebook = folder.result.rulebook
    if rulebook is None:
        return ""
    counts = {
        "tier": len(rulebook.ladder.tiers) if rulebook.ladder else 0,
        "product": len(rulebook.products),
        "bundle": len(rulebook.bundles),
        "price book": len(rulebook.price_books),
        "discount policy": sum(1 for policy in rulebook.discounts if policy.path is None),
        "upsell path": len(rulebook.upsell_paths),
    }
    if rulebook.retention_targets:
        counts["retention target"] = len(rulebook.retention_targets)
    if rulebook.scorecard is not None:
        counts["score factor"] = len(rulebook.scorecard.factors)
    if rulebook.guidance is not None:
        counts["guidance row"] = len(rulebook.guidance.rows)
    shown = ", ".join(counted(number, noun) for noun, number in counts.items())
    return f"{rulebook.name}: {shown}\nrulebook {rulebook.hash}\n"


def run_examples_of(directory: Directory = RULES, as_json: JsonFlag = False) -> None:
    """Price the examples beside the rules and compare; say which rules no example makes fire."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.rule_folder import check_rule_folder, compiled_rulebook
        from pricing_engine.cli.rules_examples import text_of_examples
        from pricing_engine.rulechecks.examples import run_examples
        from pricing_engine.rulechecks.examples_report import examples_json

        folder = check_rule_folder(directory)
        rulebook = compiled_rulebook(folder)
        report = run_examples(folder.files, rulebook)
        if as_json:
            write_json(examples_json(report))
        else:
            write_text(text_of_examples(folder, report))
        if not report.passed:
            raise typer.Exit(ExitCode.REFUSED)


def configurations(directory: Directory = RULES, as_json: JsonFlag = False) -> None:
    """Count what can be bought: each tier with every set of products that the rules allow."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.rule_folder import check_rule_folder, compiled_rulebook
        from pricing_engine.rulechecks.configurations import count_configurations

        count = count_configurations(compiled_rulebook(check_rule_folder(directory)))
        if as_json:
            write_json({"total": count.total, "by_tier": dict(count.by_tier)})
        else:
            write_text("\n".join(_table({**count.by_tier, "in all": count.total})))


def _table(counts: dict[str, int]) -> Iterator[str]:
    name_width = max(map(len, counts))
    number_width = max(len(f"{number:,}") for number in counts.values())
    for name, number in counts.items():
        yield f"{name:<{name_width}}  {number:>{number_width},}"
