"""The page of an evaluation: one file that loads nothing, with every text escaped and every figure of the JSON."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from decimal import Decimal
from functools import cache
from io import StringIO
from typing import Any

import pytest
from rich.console import Console, RenderableType

from pricing_engine.api.evaluation_json import evaluation_json
from pricing_engine.cli.show_evaluation import evaluation_parts
from pricing_engine.rendering.evaluation import grouped_leaks, render_evaluation
from pricing_engine.rendering.plots import Estimate, estimates_plot, lines_plot, reliability_plot
from pricing_engine.scoring.artefact import Artefact
from pricing_engine.scoring.evaluation import PolicyValue
from pricing_engine.scoring.learning.since_training import since_training
from pricing_engine.scoring.learning.training import Asked, train
from tests.scoring_deals import END, START, deals_with, with_fact

DEALS = deals_with(900, seed=7)
WORTH = [
    PolicyValue(Decimal(strength), prices, policy, Decimal("100.00"), Decimal(gain), Decimal("0.1"))
    for prices in ("chosen by sellers", "1,000 drawn by lot")
    for policy, gain in (("history", "0"), ("naive", "-0.1500"), ("guidance", "0.0400"))
    for strength in ("0.0", "2.0")
]


def printed(*parts: RenderableType) -> str:
    """The parts as a wide terminal has them."""
    console = Console(file=StringIO(), width=500, markup=False, highlight=False)
    for part in parts:
        console.print(part)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@cache
def judged() -> Artefact:
    past = with_fact(DEALS, "<script>", [str(deal.outcome) for deal in DEALS])
    return train(past, Asked(), on=END, versions={}, policies=tuple(WORTH), on_step=lambda *_: None)


def test_the_page_is_well_formed_loads_nothing_and_escapes_what_it_is_given() -> None:
    page = render_evaluation(evaluation_json(judged())).decode()
    assert "<script" not in page.lower()
    assert "&lt;script&gt;" in page
    assert "http" not in page
    for svg in page.split("<svg")[1:]:
        ET.fromstring("<svg" + svg.partition("</svg>")[0] + "</svg>")
    # gains, reliability, and a plot for each of the two ways that prices came about
    assert page.count("<svg") == 4


def test_page_and_terminal_say_the_same_figures() -> None:
    artefact = judged()
    assert artefact.win is not None
    page = render_evaluation(evaluation_json(artefact)).decode()
    shown = printed(*evaluation_parts(artefact, None))
    for figure in (artefact.win.measures[1].log_loss, artefact.win.slope.value, artefact.win.drift[0].psi):
        assert str(figure) in page
        assert str(figure) in shown
    for verdict in artefact.verdicts:
        assert verdict.why[:40] in page
    assert "-15.0%" in page
    assert "-15.0%" in shown


def test_a_model_without_a_chance_to_win_has_a_page_that_says_so() -> None:
    few = train(DEALS[:60], Asked(), on=END, versions={}, on_step=lambda *_: None)
    page = render_evaluation(evaluation_json(few)).decode()
    assert "There is none to judge: too few deals" in page
    assert "too few deals" in printed(*evaluation_parts(few, None))


@pytest.mark.parametrize("accounts", [1, 9])
def test_later_deals_of_a_few_accounts_judge_nothing(accounts: int) -> None:
    """Of one account every draw is the same: the interval would have no width at all."""
    assert since_training(judged(), DEALS) is not None
    later = [deal._replace(account=f"a{row % accounts}") for row, deal in enumerate(DEALS)]
    assert since_training(judged(), later) is None


def test_later_deals_judge_a_model_that_is_kept() -> None:
    half = START.replace(year=2025)
    artefact = train(
        [each for each in DEALS if (each.closed or END) < half], Asked(), on=half, versions={}, on_step=lambda *_: None
    )
    later = [each for each in DEALS if each.created > half]
    since = since_training(artefact, later)
    assert since is not None
    assert since.deals == sum(each.is_decided for each in later)
    assert since.log_loss_gain.value > 0  # there is a signal, and it stays what it was
    assert since_training(artefact, later[:20]) is None
    assert "Since it was trained" in render_evaluation(evaluation_json(artefact, since)).decode()
    assert "Since it was trained" in printed(*evaluation_parts(artefact, since))


def test_the_page_does_not_call_the_mean_of_several_worlds_one_history() -> None:
    page = render_evaluation(evaluation_json(judged())).decode()
    assert "Each figure is the mean of several simulated histories" in page


def test_facts_that_leak_alike_are_told_together() -> None:
    alike = {"suspicion": "refused", "check": "c", "why": "w", "fix": "f", "kept": None}
    leaks: list[dict[str, Any]] = [{"fact": "a", **alike}, {"fact": "b", **alike, "why": "x"}, {"fact": "c", **alike}]
    assert [each["facts"] for each in grouped_leaks(leaks)] == [["a", "c"], ["b"]]


def test_a_plot_puts_numbers_where_they_belong() -> None:
    # Across and upwards run from 0 to 1, so what was said and came true stands on the dashed diagonal.
    plot = ET.fromstring(str(reliability_plot([(0.5, Estimate("a", 0.5, 0.4, 0.6))])))
    circle = plot.find("circle")
    diagonal = next(each for each in plot.iter("line") if each.get("stroke-dasharray"))
    assert circle is not None
    places = {name: float(value) for name, value in {**diagonal.attrib}.items() if name in {"x1", "x2", "y1", "y2"}}
    assert float(circle.attrib["cx"]) == pytest.approx((places["x1"] + places["x2"]) / 2, abs=0.1)
    assert float(circle.attrib["cy"]) == pytest.approx((places["y1"] + places["y2"]) / 2, abs=0.1)


def test_plots_of_nothing_that_differs_and_of_odd_names_can_be_drawn() -> None:
    estimates = ET.fromstring(str(estimates_plot([Estimate('<&"', 0, 0, 0)], what="a & b")))
    assert '<&"' in [*estimates.itertext()]
    lines = ET.fromstring(str(lines_plot({"<x>": [(0, 0)]}, what="<", below="&")))
    assert {"<x>", "&"} <= {*lines.itertext()}
