"""Forecasts of past days: made from what was known then alone, and held against what came and the rate before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pricing_engine.retention.backtest import BackTest, Tried, Verdict, back_test, last_rate
from pricing_engine.retention.forecast import Band
from pricing_engine.retention.panel import Term
from tests.simulated.forecast_books import WORLDS, World, book_of, tried
from tests.unit.retention.test_hazards import panel

BOOK = book_of(World(months=18, customers=60), seed=5, window=0)


def test_days_are_a_month_apart_and_have_a_year_before_them_and_their_window_after() -> None:
    whole = BOOK.panel(months=18)
    found = back_test(whole, months=3)
    # 12 to 15 months of the 18 are history, and the three after them the window.
    assert [each.origin for each in found.tried] == list(whole.ends[12:16])
    assert found.apart == 2  # four windows of three months, a month apart
    for at, each in zip(range(12, 16), found.tried, strict=True):
        there = whole.arr[:, at] > 0
        assert each.truth == pytest.approx(whole.arr[there, at + 3].sum() / whole.arr[there, at].sum())
    assert back_test(whole, months=7).tried == []


def test_nothing_that_came_later_is_known() -> None:
    whole = BOOK.panel(months=18)
    terms = [Term(account, date(2021, 4, 1), known=whole.ends[13]) for account in whole.accounts]
    knowing = replace(BOOK, terms=terms).panel(months=18)
    otherwise = whole.arr.copy()
    otherwise[:, 13:] *= 5
    otherwise[::2, 15:] = 0
    first = back_test(whole, months=3).tried[0]
    again = back_test(knowing._replace(arr=otherwise), months=3).tried[0]
    assert first.origin == whole.ends[12]
    assert (first.band, first.last) == (again.band, again.last)
    assert first.truth != again.truth


def test_the_rate_of_the_window_before_is_that_of_each_segment_on_what_it_has_now() -> None:
    rows = [[100, 100, 80], [50, 40, 0], [200, 200, 300], [0, 60, 60]]
    book = panel(rows, segments=["x", "y", "new"], segment=np.array([0, 0, 1, 2]))
    # x 80/150, y 300/200, and of the new one, which nobody was in, the book's 380/350; they have 80, 300 and 60.
    wanted = (80 * 80 / 150 + 300 * 1.5 + 60 * 380 / 350) / 440
    assert last_rate(book, months=2) == pytest.approx(wanted)
    assert last_rate(book, months=3) is None
    assert last_rate(panel([[0, 0, 10]]), months=2) is None


def test_the_verdict_is_by_the_mean_error_and_needs_two_windows_apart() -> None:
    def made(*truths: float, last: float | None) -> BackTest:
        return BackTest([Tried(date(2025, 1, 1), Band(0.9, 1.0, 1.1), truth, last) for truth in truths], 3)

    # P50 is off by 0.05, 0.05, 0.05 and 0.2, the rate before by 0.15, 0.05, 0.15 and 0.1.
    found = made(0.95, 1.05, 0.95, 1.2, last=1.1)
    assert (found.coverage, found.apart, found.verdict) == (0.75, 2, Verdict.BEATS)
    assert (found.error, found.error_of_last) == (pytest.approx(0.0875), pytest.approx(0.1125))
    assert made(0.95, 1.05, 0.95, 1.2, last=1.0).verdict is Verdict.DOES_NOT_BEAT
    assert made(0.95, 1.05, 0.95, last=1.1).verdict is Verdict.CANNOT_TELL
    assert made(0.95, 1.05, 0.95, 1.2, last=None).verdict is Verdict.CANNOT_TELL
    assert (made(last=1.0).coverage, made(last=1.0).error) == (None, None)


def test_of_books_whose_truth_is_known_about_eight_in_ten_are_inside_and_the_forecast_is_nearer() -> None:
    world = World(months=24, customers=120, varies=WORLDS["usual"].varies)
    found = [tried(book_of(world, seed=seed), most=200) for seed in range(30)]
    inside = sum(each.band.has(each.came) for each in found)
    # Of 30 with 8 in 10 each it is fewer than 19 or more than 29 once in fifty times; `make simulate` tries hundreds.
    assert 19 <= inside <= 29
    error, last = (
        np.mean([abs(said - each.came) for said, each in pairs])
        for pairs in ([(each.band.p50, each) for each in found], [(each.last, each) for each in found])
    )
    assert error < last


def test_knowing_when_terms_end_makes_the_forecast_nearer() -> None:
    world = World(months=48, customers=150, churn=0.3, expansion=0.0, contraction=0.0, varies=0.0, terms=True)
    books = [book_of(world, seed=seed) for seed in range(8)]
    known, unknown = (
        np.mean([abs((each := tried(book, most=200)).band.p50 - each.came) for book in asked])
        for asked in (books, [book.without_terms() for book in books])
    )
    assert known < unknown
