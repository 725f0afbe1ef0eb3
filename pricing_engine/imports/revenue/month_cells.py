"""Months as tables write them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, cast

from pricing_engine.imports.book.cells import read_day, shown
from pricing_engine.imports.book.mapping import DateOrder
from pricing_engine.imports.book.problems import Wrong
from pricing_engine.imports.revenue.mapping import MonthForm

_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
    *("november", "december"),
)
_BY_NAME: Final = {
    **{name: number for number, name in enumerate(_NAMES, 1)},
    **{name: number for number, name in enumerate(_FULL, 1)},
    "sept": 9,
}
_FORMS: Final[dict[str, re.Pattern[str]]] = {
    "year-month": re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})"),
    "year/month": re.compile(r"(?P<year>[0-9]{4})/(?P<month>[0-9]{1,2})"),
    "month/year": re.compile(r"(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})"),
    "month.year": re.compile(r"(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})"),
    "name-year": re.compile(r"(?P<month>[A-Za-z]{3,9})\.?[ -](?P<year>[0-9]{4}|[0-9]{2})"),
}
_SHOWN: Final = {"name-year": "Jan 2024 or Jan-24"}
_YEARS: Final = range(1900, 2200)


@lru_cache(maxsize=8192)
def read_month(text: str, form: MonthForm) -> date | Wrong:
    """The first day of the month that a cell names; a form that has days takes the first or last day of a month."""
    pattern = _FORMS.get(form)
    if pattern is None:
        return _month_of(read_day(text, cast("DateOrder", form)))
    found = pattern.fullmatch(text)
    fix = f"write it as {_SHOWN.get(form, form)}, or say under months how the table writes them"
    if found is None:
        return Wrong("not-a-month", f"{shown(text)} is not a month", fix)
    named, digits = found["month"], found["year"]
    month = int(named) if named.isdigit() else _BY_NAME.get(named.lower(), 0)
    year = int(digits) if len(digits) == 4 else 2000 + int(digits)
    if not 1 <= month <= 12 or year not in _YEARS:
        return Wrong("not-a-month", f"the calendar has no month {shown(text)}", fix)
    return date(year, month, 1)


def _month_of(day: date | Wrong) -> date | Wrong:
    if isinstance(day, Wrong):
        return day
    if day.day == 1 or (day + timedelta(days=1)).day == 1:
        return day.replace(day=1)
    what = f"{day} is neither the first nor the last day of its month"
    return Wrong("not-a-month", what, "write the month's first day; what begins within a month counts from the next")
