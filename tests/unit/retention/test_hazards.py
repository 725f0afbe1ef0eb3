"""How often customers leave, take less and take more: rates, their shrinkage and how much they vary, worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from pricing_engine.periods import add_months
from pricing_engine.retention.hazards import (
    PRIOR_VARIATION,
    PRIOR_YEARS,
    Hazards,
    hazards_of,
    lowered,
    raised,
    shrunk,
    variation,
)
from pricing_engine.retention.movements import ArrKind
from pricing_engine.retention.panel import DUE, WITHIN, Floats, Panel, Terms


def panel(rows: list[list[float]], **more: object) -> Panel:
    arr = np.array(rows, dtype=np.float64)
    count, months = arr.shape[0], arr.shape[1] - 1
    ends = [add_months(date(2025, 1, 31), number) for number in range(months + 1)]
    names = [f"c{number}" for number in range(count)]
    nothing, none = np.zeros((count, months), np.int64), Terms(*np.zeros((6, 0), np.int64))
    plain = Panel(names, ends, arr, nothing, none, ["all"], np.zeros(count, np.int64))
    return plain._replace(**more)  # type: ignore[arg-type]


def learnt(rows: list[list[float]], **more: object) -> Hazards:
    return hazards_of(panel(rows, **more), months=12)


def test_a_rate_is_of_the_customers_that_were_there_with_half_an_event_more() -> None:
    found = learnt([[100, 0], [100, 80], [100, 130], [100, 100], [0, 70]]).by_kind
    # Of four that had something one left, one took less, one took more: 1.5 of 4 each; the fifth is new.
    assert {kind: (each.rate, each.events) for kind, each in found.items()} == {
        ArrKind.CHURN: (1.5 / 4, 1),
        ArrKind.CONTRACTION: (1.5 / 4, 1),
        ArrKind.EXPANSION: (1.5 / 4, 1),
    }


def test_a_month_of_a_year_ago_counts_half() -> None:
    # One customer leaves a year before the last month, in which the other, alone, stays.
    rows = [[100.0, 0.0, *[0.0] * 12], [0.0] * 13 + [0.0], [100.0] * 14]
    rate = learnt(rows).by_kind[ArrKind.CHURN].rate
    weights = [2 ** (-age / 12) for age in range(13)]
    assert rate == pytest.approx((0.5 + 0.5) / (sum(weights) + 0.5))


def test_segments_are_drawn_to_the_book_by_how_little_they_show() -> None:
    # Beyond chance: ((10-5)² - 5 + (0-5)² - 5) / (25 + 25) = 0.8, a Gamma of shape 1/0.8 = 1.25 each:
    # (1.25 + 10) / (1.25 + 5) = 1.8 and (1.25 + 0) / (1.25 + 5) = 0.2.
    assert shrunk(np.array([10.0, 0.0]), np.array([5.0, 5.0])) == pytest.approx([1.8, 0.2])
    # No further apart than chance: ((6-5)² - 5 + (4-5)² - 5) is less than nothing.
    assert shrunk(np.array([6.0, 4.0]), np.array([5.0, 5.0])) == pytest.approx([1, 1])
    few, many = shrunk(np.array([2.0, 0.0, 200.0]), np.array([1.0, 1.0, 100.0]))[[0, 2]]
    assert 1 < few < many < 2  # twice as often as expected, all three, but of one event and of a hundred
    assert shrunk(np.array([0.0]), np.array([0.0])) == pytest.approx([1])


def test_a_segment_that_loses_more_is_expected_to() -> None:
    stays, leaves = [100.0, 100.0], [100.0, 0.0]
    rows = [stays] * 40 + [leaves] * 10 + [stays] * 49 + [leaves]
    found = learnt(rows, segments=["bad", "good"], segment=np.repeat([0, 1], 50)).by_kind[ArrKind.CHURN]
    bad, good = found.by_segment
    assert good < 1 < bad < 10 / 5.5
    due = np.repeat([[DUE], [WITHIN]], 50, axis=0)
    assert learnt(rows, due=due).by_kind[ArrKind.CHURN].by_term[[DUE, WITHIN]] == pytest.approx([bad, good])


@pytest.mark.parametrize(("months", "lag"), [(12, 0), (3, 1), (1, 0)])
def test_variation_is_that_of_windows_beyond_chance_weighed_with_what_is_usual(months: int, lag: int) -> None:
    draw = np.random.default_rng(7 + lag)
    rate = np.repeat([0.5, 1.5, 1.0], 12)
    expected = draw.uniform(900, 1_100, 36)
    observed = draw.poisson(expected * rate)
    # The oracle: the variance of a sum is the sum over all pairs of months; a pair is averaged over all its places.
    excess, total = observed - expected, sum(each * each for each in expected)
    double = 0.0
    for first in range(months):
        for second in range(months):
            gap = abs(first - second)
            pairs = sum(excess[at] * excess[at + gap] for at in range(36 - gap))
            double += (pairs - (sum(expected) if not gap else 0)) / total
    between = max(0.0, double / months**2) * 36 / (36 - months)
    years = 36 / months - 1
    weighed = (PRIOR_YEARS * PRIOR_VARIATION + years * between) / (PRIOR_YEARS + years)
    assert variation(observed, expected, months=months) == pytest.approx(weighed)


def test_rates_that_differ_between_years_vary_more_than_those_that_do_not() -> None:
    expected = np.full(48, 100.0)
    flat, yearly = np.full(48, 100), np.repeat([50, 150, 50, 150], 12)
    # A season repeats itself in every window, and is no variation between them.
    season = np.tile(np.repeat([50, 150], 6), 4)
    found = [variation(each, expected, months=12) for each in (flat, yearly, season)]
    assert found[0] == pytest.approx(PRIOR_VARIATION * 2 / 5)
    assert found[0] <= found[2] < PRIOR_VARIATION < found[1]
    assert variation(flat[:12], expected[:12], months=12) == PRIOR_VARIATION  # one window says nothing


@pytest.mark.parametrize("adds", [True, False])
def test_growth_is_in_amounts_or_in_shares_as_the_ledger_shows(adds: bool) -> None:
    before = np.geomspace(1_000, 1_000_000, 40)
    growth = np.tile([100.0, 300.0], 20) if adds else before * np.tile([0.1, 0.3], 20)
    found = learnt(np.column_stack((before, before + growth)).tolist())
    assert found.power == pytest.approx(1 if adds else 0, abs=0.02)
    grown = lowered(raised(np.array([2_000.0]), found.power) + found.growth.steps.mean(), found.power)[0]
    assert grown == pytest.approx(2_200 if adds else 2_000 * (1.1 * 1.3) ** 0.5, rel=0.005)


def test_what_has_not_happened_yet_is_rare_and_not_impossible() -> None:
    rows: Floats = np.full((50, 25), 100.0)
    found = learnt(rows.tolist())
    assert all(0 < each.rate < 0.001 and each.events == 0 for each in found.by_kind.values())
    assert (found.growth.steps.tolist(), found.losses.steps.tolist()) == ([0], [0])
