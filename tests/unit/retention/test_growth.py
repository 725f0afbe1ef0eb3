"""Cohorts and the Rule of 40, by figures worked by hand (N9, N15)."""

from __future__ import annotations

from datetime import date

import pytest

from pricing_engine.retention.cohorts import CohortSpan, cohorts_of
from pricing_engine.retention.growth import rule_of_40
from pricing_engine.retention.movements import Cause
from pricing_engine.retention.rates import Rates
from tests.cuts import in_columns
from tests.rulebooks import D
from tests.unit.retention.entries import entry, sold

LEDGER = [
    sold("a", "100", date(2025, 1, 15)),
    sold("b", "300", date(2025, 3, 31)),
    sold("c", "50", date(2025, 4, 1)),
    entry("a", date(2025, 6, 30), "-100", Cause.CHURN),
    entry("b", date(2025, 7, 1), "200", Cause.VOLUME),
    entry("a", date(2025, 8, 1), "80", Cause.REACTIVATION),
]


def test_cohorts_are_followed_from_the_end_of_their_own_span() -> None:
    first, second = cohorts_of(in_columns(LEDGER), CohortSpan.QUARTER, until=date(2025, 9, 30))
    # 100 and 300 at the end of March; 300 at the end of June, for a left that day; 500 and 80 at the end of September.
    assert (first.start, first.customers, first.arr) == (date(2025, 1, 1), 2, (400, 300, 580))
    assert first.rates == (D(1), D("0.750000"), D("1.450000"))
    assert (second.start, second.customers, second.arr) == (date(2025, 4, 1), 1, (50, 50))


def test_a_span_that_is_not_over_is_left_out() -> None:
    assert [each.arr for each in cohorts_of(in_columns(LEDGER), CohortSpan.QUARTER, until=date(2025, 6, 29))] == [
        (400,)
    ]
    assert cohorts_of(in_columns(LEDGER), CohortSpan.YEAR, until=date(2025, 12, 30)) == []
    (year,) = cohorts_of(in_columns(LEDGER), CohortSpan.YEAR, until=date(2025, 12, 31))
    assert (year.start, year.customers, year.arr) == (date(2025, 1, 1), 3, (630,))
    assert cohorts_of(in_columns([]), CohortSpan.MONTH, until=date(2025, 6, 29)) == []


@pytest.mark.parametrize(
    ("span", "start"),
    [("month", date(2025, 11, 1)), ("quarter", date(2025, 10, 1)), ("year", date(2025, 1, 1))],
)
def test_a_span_begins_on_its_first_day(span: str, start: date) -> None:
    assert CohortSpan(span).start_of(date(2025, 11, 30)) == start
    assert CohortSpan(span).start_of(start) == start


def test_growth_and_margin_sum_to_the_rule() -> None:
    # Of 350 customers kept 280, new ones brought 80: −20% and 22.857…%; with a margin of 30%.
    rule = rule_of_40(Rates(D(350), D(280), D(250), D(250), D(80), 3, 1), margin=D("0.30"))
    assert (rule.from_customers, rule.from_new) == (D("-0.200000"), D("0.228571"))
    assert (rule.growth, rule.total) == (D("0.028571"), D("0.328571"))
    nothing = rule_of_40(Rates(D(0), D(0), D(0), D(0), D(80), 0, 0), margin=D("0.30"))
    assert (nothing.growth, nothing.total) == (None, None)
