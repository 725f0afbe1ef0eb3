"""Periods and proration found by walking the calendar day by day, to compare the engine with."""

from datetime import date, timedelta
from fractions import Fraction

ONE_DAY = timedelta(days=1)


def days_of(start: date, end: date) -> list[date]:
    """Every day of `[start, end)`."""
    return [start + ONE_DAY * number for number in range((end - start).days)]


def month_later(anchor: date, months: int) -> date:
    """The anchor's day of the month `months` later, stepping back until the month has such a day."""
    year, month = anchor.year, anchor.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        elif month == 0:
            year, month = year - 1, 12
    for day in (anchor.day, 30, 29, 28):
        try:
            return date(year, month, min(day, anchor.day))
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def period_of(anchor: date, day: date, months: int) -> tuple[date, date]:
    """The period that holds the day, walking from the anchor one period at a time."""
    step = 0
    while month_later(anchor, (step + 1) * months) <= day:
        step += 1
    while month_later(anchor, step * months) > day:
        step -= 1
    return month_later(anchor, step * months), month_later(anchor, (step + 1) * months)


def share_of_year_by_days(start: date, end: date, anchor: date, months: int) -> Fraction:
    """Each day counts for its part of the billing period it is in."""
    share = Fraction(0)
    for day in days_of(start, end):
        first, after = period_of(anchor, day, months)
        share += Fraction(months, 12) / (after - first).days
    return share


def share_of_year_by_months(start: date, end: date, anchor: date) -> Fraction:
    """The months of the anchor's that hold any of the days, each a twelfth."""
    return Fraction(len({period_of(anchor, day, 1) for day in days_of(start, end)}), 12)


def days_when_every_month_has_thirty(start: date, end: date) -> int:
    """The 30/360 bond basis, case by case as its definition lists them."""
    first = 30 if start.day == 31 else start.day
    last = 30 if end.day == 31 and start.day in (30, 31) else end.day
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first
