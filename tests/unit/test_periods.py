"""Month arithmetic, tiling and proration, by example."""

from datetime import date
from fractions import Fraction

import pytest

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

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
DAYS, MONTHS = ProrationMethod.DAYS, ProrationMethod.MONTHS
MONTHS_DAYS, THIRTY_360 = ProrationMethod.MONTHS_DAYS, ProrationMethod.THIRTY_360


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_are_counted_from_the_anchor_and_cut_to_the_months_last_day(
    anchor: date, months: int, expected: date
) -> None:
    assert add_months(anchor, months) == expected


@pytest.mark.parametrize(("anchor", "months"), [(date(9999, 12, 1), 1), (date(1, 1, 1), -1)])
def test_the_calendar_ends_with_an_error_that_names_the_day(anchor: date, months: int) -> None:
    with pytest.raises(OverflowError, match=str(anchor)):
        add_months(anchor, months)


def test_a_month_that_is_cut_short_is_a_whole_month() -> None:
    assert months_between(date(2026, 1, 31), date(2026, 2, 28)) == 1
    assert months_between(date(2024, 1, 31), date(2024, 2, 28)) == 0
    assert months_between(date(2026, 3, 15), date(2026, 1, 16)) == -1


def test_a_billing_day_31_comes_back_after_february() -> None:
    term = Period(date(2024, 1, 31), date(2024, 5, 31))
    assert [part.start for part in tile(term, months=1)] == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
        date(2024, 4, 30),
    ]


def test_a_yearly_29_february_comes_back_in_the_next_leap_year() -> None:
    anchor = date(2020, 2, 29)
    assert period_at(anchor, date(2023, 6, 1), months=12) == Period(date(2023, 2, 28), date(2024, 2, 29))
    assert period_at(anchor, date(2024, 2, 28), months=12).start == date(2023, 2, 28)
    assert period_at(anchor, date(2024, 2, 29), months=12) == Period(date(2024, 2, 29), date(2025, 2, 28))


def test_periods_reach_back_before_their_anchor() -> None:
    assert period_at(date(2026, 3, 31), date(2026, 2, 1), months=1) == Period(date(2026, 1, 31), date(2026, 2, 28))
    assert period_at(date(2026, 3, 31), date(2026, 2, 28), months=1) == Period(date(2026, 2, 28), date(2026, 3, 31))


def test_a_start_before_the_billing_day_makes_a_leading_stub() -> None:
    covered = Period(date(2026, 2, 1), date(2026, 4, 20))
    assert list(tile(covered, months=1, anchor=date(2026, 2, 13))) == [
        Period(date(2026, 2, 1), date(2026, 2, 13)),
        Period(date(2026, 2, 13), date(2026, 3, 13)),
        Period(date(2026, 3, 13), date(2026, 4, 13)),
        Period(date(2026, 4, 13), date(2026, 4, 20)),
    ]


def test_no_days_have_no_tiles_and_no_share() -> None:
    nothing = Period(date(2026, 2, 1), date(2026, 2, 1))
    assert list(tile(nothing, months=1)) == []
    assert share_of_year(nothing, anchor=YEAR.start, billing_months=1, method=DAYS) == 0


def test_a_period_holds_its_first_day_and_not_its_end() -> None:
    assert date(2026, 1, 1) in YEAR
    assert date(2027, 1, 1) not in YEAR
    assert YEAR.days == 365
    assert Period.through(date(2026, 1, 1), date(2026, 12, 31)) == YEAR


def test_a_period_cannot_run_backwards() -> None:
    with pytest.raises(ValueError, match=r"cannot end \(2026-01-01\) before it starts \(2026-01-02\)"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_periods_that_only_touch_share_no_day() -> None:
    next_year = Period(date(2027, 1, 1), date(2028, 1, 1))
    assert YEAR.overlap(next_year) == Period(YEAR.start, YEAR.start)
    assert next_year.overlap(YEAR) == Period(next_year.start, next_year.start)
    assert YEAR.overlap(Period(date(2026, 7, 1), date(2027, 7, 1))) == Period(date(2026, 7, 1), YEAR.end)


def test_the_worked_partial_churn_has_184_of_365_days_left() -> None:
    left = Period(date(2026, 7, 1), YEAR.end)
    assert share_of_year(left, anchor=YEAR.start, billing_months=12, method=DAYS) == Fraction(184, 365)


def test_a_stub_is_measured_on_the_period_it_falls_in() -> None:
    # billed monthly, 15 days of April of 30: half of a twelfth; of a yearly plan 15 of 365
    stub = Period(date(2026, 4, 1), date(2026, 4, 16))
    assert share_of_year(stub, anchor=YEAR.start, billing_months=1, method=DAYS) == Fraction(1, 24)
    assert share_of_year(stub, anchor=YEAR.start, billing_months=12, method=DAYS) == Fraction(15, 365)


def test_a_contract_year_over_a_leap_day_has_366_days() -> None:
    half = Period(date(2024, 1, 1), date(2024, 1, 31))
    assert share_of_year(half, anchor=date(2023, 3, 1), billing_months=12, method=DAYS) == Fraction(30, 366)
    assert share_of_year(half, anchor=date(2024, 3, 1), billing_months=12, method=DAYS) == Fraction(30, 366)
    assert share_of_year(half, anchor=date(2023, 1, 1), billing_months=12, method=DAYS) == Fraction(30, 366)
    assert share_of_year(half, anchor=date(2023, 2, 1), billing_months=12, method=DAYS) == Fraction(30, 365)


def test_a_begun_month_counts_whole_from_the_anchor() -> None:
    # 10 April to 1 January, months from the 1st: April is begun, so nine
    left = Period(date(2026, 4, 10), YEAR.end)
    assert share_of_period(left, YEAR, MONTHS) == Fraction(9, 12)
    assert share_of_period(Period(YEAR.start, date(2026, 3, 2)), YEAR, MONTHS) == Fraction(3, 12)


def test_months_and_days_are_whole_months_and_then_days_of_that_month() -> None:
    # 10 April + 8 months = 10 December; 22 days of the 31 from 10 December to 10 January
    left = Period(date(2026, 4, 10), YEAR.end)
    assert share_of_period(left, YEAR, MONTHS_DAYS) == (8 + Fraction(22, 31)) / 12


def test_months_of_a_quarter_that_starts_clamped_are_counted_from_the_anchor() -> None:
    # anchor 31 Jan: the quarter [28 Feb, 31 May) has month starts 28 Feb, 31 Mar, 30 Apr. Counted from the clamped
    # 28 Feb it would have four begun months of three, and 28 Feb – 30 Mar would be a month and two days
    anchor, quarter = date(2022, 11, 30).replace(month=8, day=31), Period(date(2023, 2, 28), date(2023, 5, 31))
    assert period_at(anchor, date(2023, 3, 1), months=3) == quarter
    almost_all = Period(date(2023, 3, 1), quarter.end)
    assert share_of_period(almost_all, quarter, MONTHS, anchor=anchor) == 1
    month_less_a_day = Period(date(2023, 2, 28), date(2023, 3, 30))
    assert share_of_period(month_less_a_day, quarter, MONTHS_DAYS, anchor=anchor) == Fraction(30, 31) / 3


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2024, 2, 23), date(2024, 3, 15), 22),  # 30 - 23 + 15
        (date(2026, 1, 1), date(2027, 1, 1), 360),
        (date(2026, 1, 31), date(2026, 3, 31), 60),  # a 31st counts as the 30th on both sides
        (date(2026, 1, 15), date(2026, 3, 31), 76),  # 60 + 16: an end on the 31st stays after a start before the 30th
        (date(2026, 2, 28), date(2026, 3, 1), 3),
    ],
)
def test_every_month_has_thirty_days(start: date, end: date, expected: int) -> None:
    assert days_30_360(Period(start, end)) == expected


def test_thirty_360_shares_are_of_the_periods_thirty_day_months() -> None:
    assert share_of_period(Period(date(2026, 2, 1), date(2026, 3, 1)), YEAR, THIRTY_360) == Fraction(30, 360)


@pytest.mark.parametrize("method", ProrationMethod)
def test_all_of_a_period_is_exactly_one_under_every_method(method: ProrationMethod) -> None:
    february = Period(date(2026, 2, 28), date(2026, 3, 31))
    assert share_of_period(february, february, method, anchor=date(2026, 1, 31)) == 1


def test_a_part_must_lie_inside_its_period() -> None:
    with pytest.raises(ValueError, match="is not inside"):
        share_of_period(YEAR, Period(date(2026, 1, 1), date(2026, 2, 1)), DAYS)


def test_a_month_cut_in_two_is_billed_in_the_first_stretch_only() -> None:
    # split on 15 March: January to March are begun before it, so 3 and 9 months, not 3 and 10
    shares = [
        share_of_stretch(stretch, anchor=YEAR.start, billing_months=12, method=MONTHS)
        for stretch in (Period(YEAR.start, date(2026, 3, 15)), Period(date(2026, 3, 15), YEAR.end))
    ]
    assert shares == [Fraction(3, 12), Fraction(9, 12)]
