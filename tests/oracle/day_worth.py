"""What each single day of a term is worth of a year, to compare the engine's proration with."""

from datetime import date
from fractions import Fraction
from functools import lru_cache

from pricing_engine.periods import ProrationMethod
from tests.oracle.calendar import ONE_DAY, days_of, days_when_every_month_has_thirty, month_later


@lru_cache(maxsize=512)
def worth_of_days(start: date, term_months: int, billing_months: int, method: ProrationMethod) -> dict[date, Fraction]:
    """Every day of the term with its part of a year; a whole billing period's days sum to that part of the year."""
    end = month_later(start, term_months)
    worth: dict[date, Fraction] = {}
    number = 0
    while month_later(start, number * billing_months) < end:
        first = month_later(start, number * billing_months)
        after = month_later(start, (number + 1) * billing_months)
        for day in days_of(first, after):
            if day < end:
                worth[day] = Fraction(billing_months, 12) * _part(day, first, after, start, method)
        number += 1
    return worth


def _part(day: date, first: date, after: date, start: date, method: ProrationMethod) -> Fraction:
    """The day's part of its billing period."""
    if method is ProrationMethod.DAYS:
        return Fraction(1, (after - first).days)
    if method is ProrationMethod.THIRTY_360:
        counted = days_when_every_month_has_thirty(first, day + ONE_DAY) - days_when_every_month_has_thirty(first, day)
        return Fraction(counted, days_when_every_month_has_thirty(first, after))
    months = _months_of(first, after, start)
    begins = next(begin for begin in reversed(months) if begin <= day)
    if method is ProrationMethod.MONTHS:
        return Fraction(1, len(months)) if day == begins else Fraction(0)
    ends = next((begin for begin in months if begin > day), after)
    return Fraction(1, len(months)) / (ends - begins).days


@lru_cache(maxsize=4096)
def _months_of(first: date, after: date, start: date) -> tuple[date, ...]:
    """The first days of the months of a billing period, counted from the term's start."""
    number = 0
    while month_later(start, number) < first:
        number += 1
    found = []
    while month_later(start, number) < after:
        found.append(month_later(start, number))
        number += 1
    return tuple(found)
