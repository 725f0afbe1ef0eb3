"""Outcomes of the coming months: what they sum to, what is certain in them, and their mean worked out another way."""

from __future__ import annotations

import numpy as np
import pytest

from pricing_engine.retention.forecast import Outcomes, band_of, expected_events, lacks, outcomes_of
from pricing_engine.retention.hazards import hazards_of
from pricing_engine.retention.movements import ArrKind
from pricing_engine.retention.panel import DUE, UNKNOWN, WITHIN, Floats, Panel
from tests.simulated.forecast_books import World, book_of

PANEL: Panel = book_of(World(months=24, customers=80), seed=3).panel(months=24)
COMING = np.full((len(PANEL.accounts), 12), UNKNOWN)
OPENING = PANEL.arr[:, -1]


def outcomes(given_up: Floats | None = None, *, seed: int = 1, most: int = 400) -> Outcomes:
    nothing = np.zeros(len(PANEL.accounts))
    hazards = hazards_of(PANEL, months=12)
    return outcomes_of(PANEL, hazards, COMING, nothing if given_up is None else given_up, seed=seed, most=most)


def test_the_same_book_and_day_have_the_same_outcomes() -> None:
    first, again, other = outcomes(), outcomes(), outcomes(seed=2)
    assert np.array_equal(first.nrr, again.nrr)
    assert not np.array_equal(first.nrr, other.nrr)


def test_what_is_lost_and_gained_sums_to_what_is_kept_and_nothing_is_kept_twice() -> None:
    found = outcomes()
    kept = OPENING - found.churn - found.contraction + found.expansion
    assert kept.sum() == pytest.approx(found.nrr.mean() * OPENING.sum())
    assert (found.grr <= np.minimum(found.nrr, 1) + 1e-12).all()
    for each in (found.churn, found.contraction, found.expansion):
        assert (each >= -1e-6).all()
        assert not each[OPENING == 0].any()
    band = band_of(found.nrr)
    assert band.p10 < band.p50 < band.p90
    assert np.mean(found.nrr < band.p10) == pytest.approx(0.1, abs=0.005)


def test_as_many_leave_as_the_mean_over_gamma_rates_has_it() -> None:
    found = outcomes(most=2_000)
    hazards = hazards_of(PANEL, months=12)
    expected = expected_events(hazards, PANEL, OPENING, COMING)[ArrKind.CHURN]
    # Who stays is who has no event: the mean of exp(-λZ) over a Gamma of mean 1 and variance v is (1 + λv)^(-1/v).
    varies = hazards.by_kind[ArrKind.CHURN].variation
    lost = OPENING * (1 - (1 + expected * varies) ** (-1 / varies))
    assert found.churn.sum() == pytest.approx(lost.sum(), rel=0.03)


def test_what_is_given_up_is_lost_in_every_outcome() -> None:
    assert not outcomes(OPENING).nrr.any()
    largest = int(OPENING.argmax())
    given_up = np.where(np.arange(len(OPENING)) == largest, OPENING, 0)
    found = outcomes(given_up)
    assert found.churn[largest] == pytest.approx(OPENING[largest])
    assert found.grr.max() <= 1 - OPENING[largest] / OPENING.sum() + 1e-12
    half = outcomes(given_up / 2)
    assert half.contraction[largest] > 0
    assert found.nrr.mean() < half.nrr.mean() < outcomes().nrr.mean()


def test_a_book_of_few_large_customers_is_less_certain() -> None:
    rows = PANEL.arr.copy()
    rows[:, :] = np.where(rows > 0, 1_000.0, 0)
    level = PANEL._replace(arr=rows)
    hazards, nothing = hazards_of(PANEL, months=12), np.zeros(len(OPENING))
    widths = []
    for panel in (level, PANEL):
        band = band_of(outcomes_of(panel, hazards, COMING, nothing, seed=1, most=400).grr)
        widths.append(band.p90 - band.p10)
    assert widths[0] < widths[1]


def test_too_short_or_small_or_quiet_a_history_is_named() -> None:
    assert lacks(PANEL, months=12) == []
    assert lacks(PANEL, months=13) == [
        "the ledger has 24 whole months by that day, and 26 are needed: 2 times the window"
    ]
    few = PANEL._replace(arr=np.where(OPENING[:, None] > np.sort(OPENING)[-30], PANEL.arr, 0))
    assert "29 customers have something on that day, and 30 are needed" in lacks(few, months=12)
    calm = PANEL._replace(arr=np.repeat(OPENING[:, None], 25, axis=1))
    assert lacks(calm, months=12) == ["customers left or took less 0 times, and 10 are needed"]


def test_a_customer_whose_chance_of_leaving_in_a_month_is_a_half_leaves_in_half() -> None:
    hazards = hazards_of(PANEL, months=12)
    churn = hazards.by_kind[ArrKind.CHURN]._replace(
        rate=1 / 2, by_size=np.ones(5), by_term=np.array([1.0, 0.0, 3.0]), by_segment=np.ones(3)
    )
    sure = hazards._replace(by_kind={**hazards.by_kind, ArrKind.CHURN: churn})
    coming = np.array([[UNKNOWN] + [WITHIN] * 11, [DUE] + [WITHIN] * 11])
    pair = PANEL._replace(arr=np.ones((2, 1)), segment=np.zeros(2, np.int64))
    once, surest = np.exp(-expected_events(sure, pair, np.ones(2), coming)[ArrKind.CHURN])
    assert (once, surest) == (pytest.approx(0.5), pytest.approx(0.01))  # a chance of 1.5 is none
