"""`pricing-engine explain`: the page of a fault of rule files, a finding on a quote, or a problem of the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from pricing_engine.cli.outcome import outcome_shown, usage
from pricing_engine.cli.screen import JsonFlag, write_json, write_text
from pricing_engine.errors import CodePage
from pricing_engine.rulebook.suggest import did_you_mean


def explain(
    code: Annotated[str, typer.Argument(help="E118, below-floor, no-price-book …; without one, every code.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """Explain an error code: what it means, what to avoid, what to write instead."""
    with outcome_shown(as_json=as_json):
        pages = _pages()
        if not code:
            _show_all(pages, as_json=as_json)
            return
        wanted = next((known for known in pages if known.casefold() == code.strip().casefold()), None)
        if wanted is None:
            raise usage(f"there is no page for {code}", fix=did_you_mean(code, pages), where="CODE")
        _show(wanted, pages[wanted], as_json=as_json)


def _pages() -> Mapping[str, CodePage]:
    from pricing_engine.api.problem_table import PROBLEMS
    from pricing_engine.policies.finding_codes import FINDING_CODES
    from pricing_engine.rulebook.fault_pages import ALL_CODES
    from pricing_engine.rulechecks.example_codes import EXAMPLE_CODES

    return {**ALL_CODES, **EXAMPLE_CODES, **FINDING_CODES, **{code: problem.page for code, problem in PROBLEMS.items()}}


def _show_all(pages: Mapping[str, CodePage], *, as_json: bool) -> None:
    if as_json:
        write_json({code: asdict(page) for code, page in sorted(pages.items())})
        return
    width = max(map(len, pages))
    write_text("\n".join(f"{code:<{width}}  {page.title}" for code, page in sorted(pages.items())))


def _show(code: str, page: CodePage, *, as_json: bool) -> None:
    if as_json:
        write_json({"code": code, **asdict(page)})
        return
    write_text(
        f"{code}: {page.title}\n\n{page.why}\n\nAvoid\n{_indented(page.avoid)}\n\nPrefer\n{_indented(page.prefer)}"
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))
