"""Writes IMPORT.md: where the rules came from, what became of every part of the page, what rules cannot say."""

from __future__ import annotations

from collections.abc import Iterator

from pricing_engine.imports.page import FeatureValue, LimitValue, Page, Unlimited
from pricing_engine.imports.page_text import one_line
from pricing_engine.imports.report import Outcome, ReportLine, group_lines

_TITLES = {
    Outcome.WARNING: "Look at these: the page is probably wrong here",
    Outcome.NOT_REPRESENTED: "Not represented",
    Outcome.NOTE: "Taken over in another form",
}


def record_file(page: Page, source: str, report: tuple[ReportLine, ...]) -> str:
    """IMPORT.md, for people: nothing reads it."""
    lines = [f"# {_cell(page.name)}", "", f"Imported from `{source}` (Pricing2Yaml {page.syntax})."]
    if page.url:
        lines.append(f"The page: <{one_line(page.url)}>, as of {page.first_day}.")
    lines += ["", *_licence(), ""]
    lines.append(
        f"{len(page.plans)} plans, {len(page.add_ons)} add-ons, {len(page.features)} features, "
        f"{len(page.limits)} usage limits."
    )
    for outcome, title in _TITLES.items():
        lines += _statements(outcome, title, report)
    lines += _features(page)
    lines += _limit_changes(page)
    return "\n".join(lines) + "\n"


def _licence() -> tuple[str, ...]:
    return (
        "The licence of the transcription holds for these files too. Pages of isa-group/SaaS-analysis",
        "(doi 10.5281/zenodo.16106711) are CC BY 4.0: name the source when you pass them on.",
    )


def _statements(outcome: Outcome, title: str, report: tuple[ReportLine, ...]) -> Iterator[str]:
    chosen = tuple(line for line in report if line.outcome is outcome)
    if not chosen:
        return
    yield from ("", f"## {title}", "")
    for statement in group_lines(chosen):
        names = ", ".join(_code(name) for name in statement.names)
        yield f"- line {statement.position.line}: {statement.part} {names}: {_cell(statement.what)}".replace(" :", ":")


def _features(page: Page) -> Iterator[str]:
    if not page.features:
        return
    columns = ["feature", *(plan.name for plan in page.plans)]
    yield from ("", "## Features", "", _row(columns), _row(["---"] * len(columns)))
    given = [page.features_of(plan) for plan in page.plans]
    for feature in page.features:
        yield _row([feature.name, *(_feature_text(values[feature.name]) for values in given)])
    for add_on in page.add_ons:
        if add_on.features:
            said = ", ".join(f"{_code(each.name)} {_feature_text(each.value)}" for each in add_on.features)
            yield from ("", f"Add-on {_code(add_on.name)}: {said}.")


def _limit_changes(page: Page) -> Iterator[str]:
    changed = [add_on for add_on in page.add_ons if add_on.limits or add_on.extensions]
    if changed:
        yield from ("", "## Usage limits that add-ons change", "")
    for add_on in changed:
        sets = [f"sets {_code(each.name)} to {_limit_text(each.value)}" for each in add_on.limits]
        adds = [f"adds {_limit_text(each.value)} to {_code(each.name)}" for each in add_on.extensions]
        yield f"- {_code(add_on.name)} {', '.join((*sets, *adds))}"


def _feature_text(value: FeatureValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "–"
    return _cell(value) if isinstance(value, str) else f"{value:f}"


def _limit_text(value: LimitValue) -> str:
    return "unlimited" if isinstance(value, Unlimited) else _feature_text(value)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|").replace("<", "&lt;")


def _code(name: str) -> str:
    return f"`{one_line(name).replace('`', chr(39))}`"
