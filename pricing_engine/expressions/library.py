"""The functions of the language at run time, on exact decimals and dates."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any


def floor(value: Decimal) -> Decimal:
    """The largest whole number that is not above `value`."""
    return value.to_integral_value(ROUND_FLOOR)


def ceil(value: Decimal) -> Decimal:
    """The smallest whole number that is not below `value`."""
    return value.to_integral_value(ROUND_CEILING)


def clamp(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """`value`, or the limit it passes."""
    return min(max(value, low), high)


def round_to(value: Decimal, step: Decimal) -> Decimal:
    """The multiple of `step` nearest to `value`.

    Rounds: half up, away from zero at the middle (P2).
    """
    return (value / step).to_integral_value(ROUND_HALF_UP) * step


def ratio_of(part: Decimal, whole: Decimal, otherwise: Decimal) -> Decimal:
    """`part` over `whole`, or `otherwise` where the whole is zero."""
    return part / whole if whole else otherwise


def months_between(first: date, last: date) -> Decimal:
    """Whole months completed from `first` to `last`; negative when `last` is earlier.

    Rounds: a begun month does not count; the last day of a shorter month completes one (31 Jan to 28 Feb is a month).
    Source: P7.
    """
    if last < first:
        return -months_between(last, first)
    months = (last.year - first.year) * 12 + last.month - first.month
    return Decimal(months if last.day >= min(first.day, _days_in_month(last)) else months - 1)


def _days_in_month(day: date) -> int:
    if day.month == 12:
        return 31
    return (day.replace(month=day.month + 1, day=1) - day.replace(day=1)).days


LIBRARY: Mapping[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "floor": floor,
    "ceil": ceil,
    "clamp": clamp,
    "round_to": round_to,
    "ratio_of": ratio_of,
    "months_between": months_between,
}
