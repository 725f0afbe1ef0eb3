"""Cells into values: each reader returns the value, or what is wrong with the text and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from pricing_engine.expressions import Kind
from pricing_engine.imports.book.mapping import DateOrder
from pricing_engine.imports.book.problems import Wrong
from pricing_engine.rulebook.suggest import did_you_mean

Value = str | Decimal | bool | date

_NUMBER: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,12})?")
_ID: Final = re.compile(r"[\w-]{1,80}", re.ASCII)
_PARTS: Final[Mapping[str, tuple[str, tuple[int, int, int]]]] = {
    "year-month-day": ("-", (0, 1, 2)),
    "year/month/day": ("/", (0, 1, 2)),
    "month/day/year": ("/", (2, 0, 1)),
    "day/month/year": ("/", (2, 1, 0)),
    "day.month.year": (".", (2, 1, 0)),
}
"""What stands between the numbers of a date, and which of them are year, month and day."""

_YEARS: Final = range(1900, 2200)
"""Other years are how systems write that there is no day, such as 9999-12-31; the months after it have no calendar."""

_YES_NO: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_LONGEST_SHOWN: Final = 60


def shown(text: str) -> str:
    """The text of a cell as a message quotes it."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= _LONGEST_SHOWN else f'"{line[:_LONGEST_SHOWN]}…"'


@lru_cache(maxsize=8192)
def read_day(text: str, order: DateOrder) -> date | Wrong:
    """The day a cell names in the order its file writes dates in."""
    sign, (year, month, day) = _PARTS[order]
    parts = text.split(sign)
    fix = f"write it as {order}, or say under dates how the file writes them"
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts[year]) != 4:
        return Wrong("not-a-date", f"{shown(text)} is not a date", fix)
    if int(parts[year]) not in _YEARS:
        what = f"{text} is in no year from {_YEARS[0]} to {_YEARS[-1]}"
        return Wrong(
            "not-a-date", what, "leave the cell empty where no day is meant: a contract without an end is open"
        )
    try:
        return date(int(parts[year]), int(parts[month]), int(parts[day]))
    except ValueError:
        return Wrong("not-a-date", f"the calendar has no {text}", fix)


def read_number(text: str, *, decimal_comma: bool) -> Decimal | Wrong:
    """The number of at least 0 that a cell holds, to the last digit."""
    plain = text.replace(".", "?").replace(",", ".") if decimal_comma else text
    if _NUMBER.fullmatch(plain):
        return Decimal(plain)
    sign = "comma" if decimal_comma else "point"
    fix = f"write a plain number of at least 0 with a decimal {sign}, without currency sign or separators"
    return Wrong("not-a-number", f"{shown(text)} is not a number", fix)


def read_yes_no(text: str) -> bool | Wrong:
    """What a cell says that is true or false."""
    found = _YES_NO.get(text.lower())
    if found is None:
        return Wrong("not-yes-or-no", f"{shown(text)} is neither yes nor no", "say under values what it means")
    return found


def read_months(text: str) -> int | Wrong:
    """A whole number of months above 0."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 1200:
        return int(text)
    return Wrong("not-months", f"{shown(text)} is not a number of months", "write a whole number from 1 to 1200")


def read_id(text: str) -> str | Wrong:
    """An id that can stand in an address."""
    if _ID.fullmatch(text):
        return text
    fix = "use letters, digits, _ and -, at most 80 of them"
    return Wrong("not-an-id", f"{shown(text)} cannot be a contract's id", fix)


def read_value(
    text: str, kind: Kind, *, order: DateOrder, decimal_comma: bool, words: frozenset[str] = frozenset()
) -> Value | Wrong:
    """The value of the kind that an attribute or a name is declared with; `words` are those of an enum."""
    match kind:
        case Kind.YES_NO:
            return read_yes_no(text)
        case Kind.DATE:
            return read_day(text, order)
        case Kind.TEXT:
            return text
        case Kind.ENUM:
            if text in words:
                return text
            return Wrong("unknown-word", f"{shown(text)} is not a word of this name", did_you_mean(text, words))
        case Kind.RATIO if text.endswith("%"):
            number = read_number(text[:-1].strip(), decimal_comma=decimal_comma)
            return number if isinstance(number, Wrong) else number.scaleb(-2)
        case Kind.RATIO | Kind.COUNT | Kind.MONEY | Kind.MONTHS | Kind.NUMBER:
            return read_number(text, decimal_comma=decimal_comma)
