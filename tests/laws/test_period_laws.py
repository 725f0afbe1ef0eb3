"""Laws of time: periods tile the calendar, months do not drift after a clamp, and whole periods make whole years."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pricing_engine.periods import (
    Period,
    ProrationMethod,
    add_months,
    days_30_360,
    months_between,
    period_at,
    share_of_period,
    share_of_stretch,
    share_of_year,
    tile,
)
from tests.laws.numbers import anchors, cadences, days, periods
from tests.oracle import calendar

methods = st.sampled_from(ProrationMethod)
month_counts = st.integers(-60, 60)
CLAMPED = Period(date(2023, 2, 28), date(2023, 5, 31))  # the quarter from a 31st that starts on a clamped day


@given(anchors, month_counts)
def test_a_month_later_is_the_same_day_or_the_months_last(anchor: date, months: int) -> None:
    later = add_months(anchor, months)
    assert later == calendar.month_later(anchor, months)
    assert (later.year * 12 + later.month) - (anchor.year * 12 + anchor.month) == months
    assert later.day == anchor.day or (later + timedelta(days=1)).day == 1


@given(anchors, month_counts, month_counts)
def test_later_months_never_come_earlier(anchor: date, one: int, other: int) -> None:
    assert (add_months(anchor, one) < add_months(anchor, other)) == (one < other)


@given(anchors, days)
def test_months_between_is_the_largest_number_that_fits(start: date, end: date) -> None:
    assume(start <= end)
    months = months_between(start, end)
    assert add_months(start, months) <= end < add_months(start, months + 1)
    assert months_between(end, start) == -months


@given(anchors, st.integers(0, 60))
def test_months_between_undoes_adding_months(anchor: date, months: int) -> None:
    assert months_between(anchor, add_months(anchor, months)) == months


@given(anchors, days, cadences)
def test_the_period_at_a_day_holds_it_and_is_the_one_found_by_walking(anchor: date, day: date, months: int) -> None:
    period = period_at(anchor, day, months=months)
    assert day in period
    assert (period.start, period.end) == calendar.period_of(anchor, day, months)


@given(periods(), anchors, cadences)
@example(CLAMPED, date(2023, 1, 31), 1)
@example(Period(date(2023, 2, 28), date(2025, 3, 1)), date(2024, 2, 29), 12)
def test_tiles_hold_each_day_exactly_once(whole: Period, anchor: date, months: int) -> None:
    tiles = list(tile(whole, months=months, anchor=anchor))
    covered = [day for part in tiles for day in calendar.days_of(part.start, part.end)]
    assert covered == calendar.days_of(whole.start, whole.end)


@given(periods(), anchors, cadences)
def test_only_the_first_and_the_last_tile_can_be_stubs(whole: Period, anchor: date, months: int) -> None:
    tiles = list(tile(whole, months=months, anchor=anchor))
    assert all(part == period_at(anchor, part.start, months=months) for part in tiles[1:-1])


@given(anchors, st.integers(1, 6), st.sampled_from([1, 3, 6, 12]), methods)
def test_whole_years_are_billed_for_exactly_whole_years(
    start: date, years: int, months: int, method: ProrationMethod
) -> None:
    term = Period(start, add_months(start, 12 * years))
    assert len(list(tile(term, months=months))) == years * 12 // months
    assert share_of_year(term, anchor=start, billing_months=months, method=method) == years


@given(periods(), anchors, cadences)
def test_a_share_by_days_counts_each_day_in_its_own_period(covered: Period, anchor: date, months: int) -> None:
    share = share_of_year(covered, anchor=anchor, billing_months=months, method=ProrationMethod.DAYS)
    assert share == calendar.share_of_year_by_days(covered.start, covered.end, anchor, months)


@given(periods(), anchors, cadences)
@example(Period(date(2023, 3, 1), date(2023, 5, 31)), date(2023, 1, 31), 3)
def test_a_share_by_months_counts_the_months_begun(covered: Period, anchor: date, months: int) -> None:
    share = share_of_year(covered, anchor=anchor, billing_months=months, method=ProrationMethod.MONTHS)
    assert share == calendar.share_of_year_by_months(covered.start, covered.end, anchor)


@given(periods(), days, anchors, cadences)
def test_days_used_and_days_unused_make_the_whole(covered: Period, cut: date, anchor: date, months: int) -> None:
    cut = min(max(cut, covered.start), covered.end)
    used, unused, both = (
        share_of_year(part, anchor=anchor, billing_months=months, method=ProrationMethod.DAYS)
        for part in (Period(covered.start, cut), Period(cut, covered.end), covered)
    )
    assert used + unused == both


@given(anchors, st.lists(st.integers(1, 1_500), min_size=1, max_size=6), cadences, methods)
@example(date(2026, 1, 1), [73, 365], 12, ProrationMethod.MONTHS)  # split on 15 March
@example(date(2026, 1, 1), [30, 365], 12, ProrationMethod.THIRTY_360)  # split on 31 January
def test_stretches_of_a_term_sum_to_the_term(
    start: date, cuts: list[int], months: int, method: ProrationMethod
) -> None:
    ends = [start + timedelta(days=cut) for cut in sorted({0, *cuts})]
    shares = [
        share_of_stretch(Period(first, after), anchor=start, billing_months=months, method=method)
        for first, after in pairwise(ends)
    ]
    assert sum(shares) == share_of_year(Period(start, ends[-1]), anchor=start, billing_months=months, method=method)
    assert min(shares) >= 0


@given(anchors, periods(), cadences)
def test_a_stretch_by_days_is_billed_as_if_it_stood_alone(anchor: date, stretch: Period, months: int) -> None:
    assume(anchor <= stretch.start)
    arguments = {"anchor": anchor, "billing_months": months, "method": ProrationMethod.DAYS}
    assert share_of_stretch(stretch, **arguments) == share_of_year(stretch, **arguments)  # type: ignore[arg-type]


@given(anchors, days, cadences, methods, st.tuples(st.integers(0, 366), st.integers(0, 366)))
@example(date(2023, 1, 31), date(2023, 3, 15), 1, ProrationMethod.MONTHS_DAYS, (0, 30))
@example(date(2023, 1, 31), date(2023, 3, 15), 3, ProrationMethod.MONTHS, (1, 92))
@example(date(2023, 1, 30), date(2023, 2, 1), 3, ProrationMethod.MONTHS_DAYS, (31, 58))
def test_a_stub_is_never_more_than_the_whole_and_grows_with_its_days(
    anchor: date, day: date, months: int, method: ProrationMethod, cuts: tuple[int, int]
) -> None:
    whole = period_at(anchor, day, months=months)
    first, last = sorted(min(cut, whole.days) for cut in cuts)
    start, end = (whole.start + timedelta(days=cut) for cut in (first, last))
    share = share_of_period(Period(start, end), whole, method, anchor=anchor)
    assert 0 <= share <= 1
    if start < end:
        shorter = Period(start, end - timedelta(days=1))
        assert share_of_period(shorter, whole, method, anchor=anchor) <= share


@given(anchors, days, cadences, methods, st.integers(1, 400))
def test_a_part_outside_its_period_is_refused(
    anchor: date, day: date, months: int, method: ProrationMethod, beyond: int
) -> None:
    whole = period_at(anchor, day, months=months)
    for part in (
        Period(whole.start, whole.end + timedelta(days=beyond)),
        Period(whole.start - timedelta(days=beyond), whole.end),
    ):
        with pytest.raises(ValueError, match="is not inside"):
            share_of_period(part, whole, method)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 1)), st.integers(0, 40), st.integers(1, 28))
def test_months_and_days_are_months_and_then_the_days_of_the_last_month(start: date, days_left: int, day: int) -> None:
    # from the 1st to the 28th no month start is clamped, so the month that is left is as long as its calendar month
    start = start.replace(day=day)
    months = days_left % 11
    whole = Period(start, add_months(start, 12))
    last = Period(add_months(start, months), add_months(start, months + 1))
    part = Period(start, last.start + timedelta(days=min(days_left, last.days - 1)))
    assert share_of_period(part, whole, ProrationMethod.MONTHS_DAYS) == Fraction(months, 12) + Fraction(
        min(days_left, last.days - 1), 12 * last.days
    )


@given(periods(longest=2_000))
def test_thirty_day_months_are_counted_as_the_definition_lists_them(period: Period) -> None:
    assert days_30_360(period) == calendar.days_when_every_month_has_thirty(period.start, period.end)


@given(periods(), periods())
def test_an_overlap_holds_the_days_both_hold(one: Period, other: Period) -> None:
    both = one.overlap(other)
    expected = set(calendar.days_of(one.start, one.end)) & set(calendar.days_of(other.start, other.end))
    assert set(calendar.days_of(both.start, both.end)) == expected
