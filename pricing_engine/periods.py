"""Half-open periods of civil dates, month arithmetic that tiles, and the share of a year a period is billed for."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import assert_never


class ProrationMethod(StrEnum):
    """How a part of a billing period becomes a share of its price (P8)."""

    DAYS = "days"
    MONTHS = "months"
    MONTHS_DAYS = "months_days"
    THIRTY_360 = "thirty_360"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """`[start, end)` in civil dates (P6); a period of no days is allowed, one that runs backwards is not."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period cannot end ({self.end}) before it starts ({self.start})")

    @classmethod
    def through(cls, first: date, last: date) -> Period:
        """The period whose last day is given, as people and CRMs write it (P6)."""
        return cls(first, last + timedelta(days=1))

    @property
    def days(self) -> int:
        """The number of days covered."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlap(self, other: Period) -> Period:
        """The days both cover; an empty period at this one's start when there are none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else Period(self.start, self.start)


def add_months(anchor: date, months: int) -> date:
    """The day `months` after the anchor, clamped to the month's last day.

    Count from the original anchor, never from a clamped result: 31 Jan + 1 = 28 Feb, + 2 = 31 Mar.
    Raises: OverflowError past the calendar's end (year 9999).
    Source: P7.
    """
    index = anchor.year * 12 + anchor.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"{anchor} and {months} months is outside the calendar")
    day = anchor.day
    return date(year, month + 1, day if day <= 28 else min(day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Whole months from `start` to `end`, counted from the anchor; negative when `end` is earlier."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def period_at(anchor: date, day: date, *, months: int) -> Period:
    """The period of `months` length, tiled in both directions from the anchor, that holds the day."""
    passed = months_between(anchor, day)
    if add_months(anchor, passed) > day:  # before the anchor, a month begun is a month to step back
        passed -= 1
    index = passed // months
    return Period(add_months(anchor, index * months), add_months(anchor, (index + 1) * months))


def tile(whole: Period, *, months: int, anchor: date | None = None) -> Iterator[Period]:
    """The billing periods that cover `whole`, cut to it; only the first and the last can be stubs.

    Source: P7: no day twice, none missing.
    """
    anchor = anchor or whole.start
    day = whole.start
    while day < whole.end:
        full = period_at(anchor, day, months=months)
        yield full.overlap(whole)
        day = full.end


def share_of_year(covered: Period, *, anchor: date, billing_months: int, method: ProrationMethod) -> Fraction:
    """How many years' worth of a yearly amount the covered days are billed for.

    Whole billing periods are equal parts of the year; a stub is measured on the whole billing period it falls
    in, never on itself. `billing_months` is 12 for a yearly plan and for all up front.
    Units: years, exact.
    Source: P8.
    """
    year = Fraction(billing_months, 12)
    return year * sum(
        (
            share_of_period(part, period_at(anchor, part.start, months=billing_months), method, anchor=anchor)
            for part in tile(covered, months=billing_months, anchor=anchor)
        ),
        Fraction(0),
    )


def share_of_stretch(stretch: Period, *, anchor: date, billing_months: int, method: ProrationMethod) -> Fraction:
    """How many years' worth a stretch of a term is billed for, so that stretches in a row sum to the term's share.

    `anchor` is the term's first day. A month begun in one stretch and ended in the next is billed in the first only.
    Units: years, exact.
    Source: P8, P18.
    """
    until_end, until_start = (
        _share_until(day, anchor=anchor, billing_months=billing_months, method=method)
        for day in (stretch.end, stretch.start)
    )
    return until_end - until_start


def _share_until(day: date, *, anchor: date, billing_months: int, method: ProrationMethod) -> Fraction:
    """How many years' worth the days from the anchor until a day are billed for.

    What `share_of_year` gives for them: each whole billing period counts 1, so only the last one is looked at. Summing
    all of them for each period of a term takes a second where the term has some hundred.
    """
    if day < anchor:
        raise ValueError(f"{day} is before {anchor}, from which periods are counted")
    passed = months_between(anchor, day) // billing_months
    start = add_months(anchor, passed * billing_months)
    share = Fraction(passed)
    if start < day:
        whole = Period(start, add_months(anchor, (passed + 1) * billing_months))
        share += share_of_period(Period(start, day), whole, method, anchor=anchor)
    return Fraction(billing_months, 12) * share


def share_of_period(part: Period, whole: Period, method: ProrationMethod, *, anchor: date | None = None) -> Fraction:
    """The share of the whole billing period that the part is billed for: exactly 1 when it is all of it, never more.

    `anchor` is the day the months of the whole are counted from; without one, its own start.
    Raises: ValueError when the part is not inside the whole.
    Source: P8.
    """
    if part.start < whole.start or part.end > whole.end:
        raise ValueError(f"{part} is not inside {whole}")
    if part == whole:
        return Fraction(1)
    match method:
        case ProrationMethod.DAYS:
            return Fraction(part.days, whole.days)
        case ProrationMethod.MONTHS:
            begun = sum(1 for _ in tile(part, months=1, anchor=anchor or whole.start))
            return Fraction(begun, months_between(whole.start, whole.end))
        case ProrationMethod.MONTHS_DAYS:
            return _months_and_days(part, anchor or whole.start) / months_between(whole.start, whole.end)
        case ProrationMethod.THIRTY_360:
            return Fraction(days_30_360(part), days_30_360(whole))
        case _:
            assert_never(method)


def _months_and_days(part: Period, anchor: date) -> Fraction:
    """Whole months from the part's start, then the days left ÷ the days of the month they are in."""
    # A part that begins on a clamped month start (28 Feb of a 31st) has its next month start on the 31st, not the 28th.
    origin = anchor if period_at(anchor, part.start, months=1).start == part.start else part.start
    months = tile(part, months=1, anchor=origin)
    return sum((Fraction(month.days, period_at(origin, month.start, months=1).days) for month in months), Fraction(0))


def days_30_360(part: Period) -> int:
    """Days of a period when every month has 30 (the 30/360 bond basis: a 31st counts as the 30th).

    Source: P8, `thirty_360`; ISDA 2006 §4.16(f).
    """
    start, end = part.start, part.end
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - first
