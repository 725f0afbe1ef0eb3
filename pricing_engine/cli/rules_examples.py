"""Worked examples on the command line: how their outcome is shown, and the gate they are before rules count."""

from __future__ import annotations

from pricing_engine.cli.outcome import CommandStopped, ExitCode
from pricing_engine.cli.rule_folder import RuleFolder, shown_directory
from pricing_engine.rulechecks.examples import ExamplesReport
from pricing_engine.rulechecks.examples_report import count_examples, examples_json, render_examples, render_failures


def text_of_examples(folder: RuleFolder, report: ExamplesReport) -> str:
    """The whole report: faults of the tests, failures, the coverage of rules, and a count."""
    return _under_faults(folder, report, render_examples(report, folder=_prefix(folder)))


def examples_do_not_hold(folder: RuleFolder, report: ExamplesReport) -> str:
    """One sentence with the count."""
    return f"the worked examples do not all hold: {count_examples(report, folder=_prefix(folder))}"


def examples_refused(folder: RuleFolder, report: ExamplesReport) -> CommandStopped:
    """The exception that keeps rules from counting while their worked examples do not hold."""
    directory = shown_directory(folder.directory)
    return CommandStopped(
        examples_do_not_hold(folder, report),
        fix=f"mend what pricing-engine rules test {directory} shows, or say with --despite-failed-examples why not",
        where="--activate",
        exit_code=ExitCode.REFUSED,
        code="examples-failed",
        report=_under_faults(folder, report, render_failures(report, folder=_prefix(folder))),
        facts=examples_json(report),
    )


def _under_faults(folder: RuleFolder, report: ExamplesReport, text: str) -> str:
    return f"{folder.text(folder.located(report.faults))}\n\n{text}" if report.faults else text


def _prefix(folder: RuleFolder) -> str:
    return f"{shown_directory(folder.directory).as_posix()}/"
