"""Intervals of differences, held to published figures and to the same worked out otherwise (N13)."""

from __future__ import annotations

import sys
from fractions import Fraction
from random import Random
from statistics import mean

import numpy as np
import pytest
from scipy.stats import t

from pricing_engine.retention import behaviour_statistics
from pricing_engine.retention.behaviour_statistics import (
    Interval,
    Sample,
    StatisticsUnavailable,
    check_available,
    of_counts,
    of_shares,
    sample_of,
)
from tests.rulebooks import D

LEVEL = D("0.95")


def equal(hit: int, like: int) -> Sample:
    """As many accounts, of one case each."""
    names = [f"acc_{number}" for number in range(hit + like)]
    return sample_of(names, [(name, 0) for name in names], [True] * hit + [False] * like, [1] * (hit + like))


def test_counts_have_the_interval_that_newcombe_published() -> None:
    # Table II of Newcombe (1998), (a) 56/70 − 48/80 by method 10: 0.0524 to 0.3339.
    values = np.array([1] * 56 + [0] * 14 + [1] * 48 + [0] * 32, dtype=np.float64)
    found = of_counts(equal(70, 80), values, level=LEVEL)
    assert [round(bound, 4) for bound in found if bound is not None] == [D("0.2000"), D("0.0524"), D("0.3339")]


def test_where_nobody_left_there_is_still_a_width() -> None:
    found = of_counts(equal(30, 30), np.zeros(60), level=LEVEL)
    assert found.difference == 0
    assert found.lower is not None
    assert -D("0.2") < found.lower < -D("0.05")
    assert not found.excludes_nothing


def test_shares_have_the_interval_of_leaving_out_one_account_after_the_other() -> None:
    """The same by hand: every account left out in turn, in both groups where it is in both, and weights as they are."""
    chance = Random(1)
    accounts = [f"acc_{chance.randrange(45)}" for _ in range(120)]
    is_hit = [chance.random() < 0.4 for _ in accounts]
    weights = [1 if each else chance.choice((0.5, 1, 2)) for each in is_hit]
    values = [chance.choice((0.0, 0.0, 0.1, -0.3, 0.4)) for _ in accounts]

    def difference(without: str | None) -> Fraction:
        sides = []
        for side in (True, False):
            kept = [
                (Fraction(weight), Fraction(value))
                for account, hit, weight, value in zip(accounts, is_hit, weights, values, strict=True)
                if hit is side and account != without
            ]
            sides.append(sum(weight * value for weight, value in kept) / sum(weight for weight, _ in kept))
        return sides[0] - sides[1]

    whole, names = difference(None), sorted(set(accounts))
    error = (mean((difference(name) - whole) ** 2 for name in names) * (len(names) - 1)) ** 0.5
    width = t.ppf(0.975, len(names) - 1) * float(error)
    sample = sample_of(accounts, [(name, 0) for name in accounts], is_hit, weights)
    found = of_shares(sample, np.array(values), level=LEVEL)
    assert found.lower is not None
    assert found.upper is not None
    assert float(found.difference) == pytest.approx(float(whole), abs=1e-6)
    assert float(found.lower) == pytest.approx(float(whole) - width, abs=2e-6)
    assert float(found.upper) == pytest.approx(float(whole) + width, abs=2e-6)


def test_of_thousands_the_errors_are_clustered_and_hardly_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(2)
    values = np.array([chance.choice((0.0, 0.2, -0.4)) for _ in range(400)])
    one_by_one = of_shares(equal(150, 250), values, level=LEVEL)
    monkeypatch.setattr(behaviour_statistics, "_MOST_LEFT_OUT_ONE_BY_ONE", 1)
    clustered = of_shares(equal(150, 250), values, level=LEVEL)
    assert clustered != one_by_one
    for one, other in zip(one_by_one, clustered, strict=True):
        assert one is not None
        assert other is not None
        assert abs(one - other) < D("0.001")


def test_weights_and_repetition_make_a_group_smaller() -> None:
    # (1+1+2)² / (1+1+4) = 16/6; with the two of weight 1 of one account (2+2)² / (4+4) = 2; apart in time 16/6 again.
    weights, is_hit = [1, 1, 2, 1], [True, True, True, False]
    apart = sample_of(["a", "b", "c", "d"], [(name, 0) for name in "abcd"], is_hit, weights)
    assert apart.counts_as(hit=True) == pytest.approx(16 / 6)
    twice = sample_of(["a", "a", "c", "d"], [("a", 1), ("a", 2), ("c", 3), ("d", 4)], is_hit, weights)
    assert (twice.counts_as(hit=True), twice.counts_as(hit=False)) == (pytest.approx(2), pytest.approx(1))
    assert twice.spells_count_as(hit=True) == pytest.approx(16 / 6)


@pytest.mark.parametrize(("hit", "like"), [(19, 500), (500, 19)])
def test_nothing_is_told_of_fewer_than_twenty(hit: int, like: int) -> None:
    values = np.array([1] * hit + [0] * like, dtype=np.float64)
    assert of_counts(equal(hit, like), values, level=LEVEL) == Interval(D("1.000000"), None, None)
    assert of_shares(equal(hit, like), values, level=LEVEL) == Interval(D("1.000000"), None, None)


def test_nothing_is_told_where_hardly_an_account_moved() -> None:
    values = np.array([0.5] * 4 + [0] * 56)
    assert of_shares(equal(30, 30), values, level=LEVEL).lower is None
    values[4] = 0.5
    assert of_shares(equal(30, 30), values, level=LEVEL).lower is not None


def test_where_doubt_does_no_harm_bounds_are_told_of_any_number_that_moved() -> None:
    # 4 of 30 gave up a half, and nobody else: 0.067 with an error of √(0.0299 / 30) = 0.032, 2.1 times that.
    found = of_shares(equal(30, 30), np.array([0.5] * 4 + [0] * 56), level=LEVEL, least_moved=0)
    assert found.excludes_nothing
    assert of_shares(equal(30, 30), np.zeros(60), level=LEVEL, least_moved=0) == Interval(D(0), D(0), D(0))


def test_without_statsmodels_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.stats.proportion", None)
    with pytest.raises(StatisticsUnavailable, match="not installed here") as refused:
        check_available()
    assert refused.value.fix == "install pricing-engine[statistics]"
