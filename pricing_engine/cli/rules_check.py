"""`rules check`, `rules test` and `rules configurations`: judge a directory of rules without any database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_engine.cli.outcome import ExitCode, outcome_shown
from pricing_engine.cli.screen import JsonFlag, write_json, write_text

if TYPE_CHECKING:
    from pricing_engine.cli.rule_folder import RuleFolder

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
    """Say everything that is wrong with the rules, with file, line and how to mend it."""
    chosen = ReportFormat.JSON if as_json else format
    with outcome_shown(as_json=chosen is ReportFormat.JSON):
        from pricing_engine.cli.rule_folder import check_rule_folder

        folder = check_rule_folder(directory)
        write_text(_report(folder, chosen))
        if folder.result.rulebook is None:
            raise typer.Exit(ExitCode.REFUSED)


def _report(folder: RuleFolder, chosen: ReportFormat) -> str:
    from pricing_engine.rulebook.fault_pages import ALL_CODES
    from pricing_engine.rulebook.fault_report import render_github, render_json, render_sarif

    match chosen:
        case ReportFormat.TEXT:
            return folder.text(folder.faults) + "\n" + _summary(folder)
        case ReportFormat.JSON:
            rulebook = folder.result.rulebook
            found = {"is_valid": rulebook is not None, "hash": rulebook.hash if rulebook else None}
            return json.dumps(found | {"faults": render_json(folder.faults)}, indent=2, ensure_ascii=False)
        case ReportFormat.GITHUB:
            return render_github(folder.faults)
        case ReportFormat.SARIF:
            return json.dumps(render_sarif(folder.faults, pages=ALL_CODES), indent=2, ensure_ascii=False)


def _summary(folder: RuleFolder) -> str:
    """What there is, when the rules can be compiled; nothing otherwise."""
    from pricing_engine.rulebook.fault_report import counted

    rulebook = folder.result.rulebook
    if rulebook is None:
        return ""
    counts = {
        "tier": len(rulebook.ladder.tiers) if rulebook.ladder else 0,
        "product": len(rulebook.products),
        "bundle": len(rulebook.bundles),
        "price book": len(rulebook.price_books),
        "discount policy": len(rulebook.discounts),
    }
    shown = ", ".join(counted(number, noun) for noun, number in counts.items())
    return f"{rulebook.name}: {shown}\nrulebook {rulebook.hash}\n"


def run_examples_of(directory: Directory = RULES, as_json: JsonFlag = False) -> None:
    """Price the examples beside the rules and compare; say which rules no example makes fire."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.rule_folder import check_rule_folder, compiled_rulebook, shown_directory
        from pricing_engine.rulechecks.examples import run_examples
        from pricing_engine.rulechecks.examples_report import examples_json, render_examples

        folder = check_rule_folder(directory)
        rulebook = compiled_rulebook(folder)
        report = run_examples(folder.files, rulebook)
        if as_json:
            write_json(examples_json(report))
        else:
            if report.faults:
                write_text(folder.text(folder.located(report.faults)) + "\n")
            write_text(render_examples(report, folder=f"{shown_directory(directory).as_posix()}/"))
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
