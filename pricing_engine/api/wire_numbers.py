"""The numbers and dates a request may carry: decimals as strings of plain ASCII digits, dates as YYYY-MM-DD."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Final

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_SCHEMA: Final = {"type": "string", "format": "date", "description": f"From {FIRST_YEAR} to {LAST_YEAR}."}


def _decimal_reader(pattern: str, form: str, *, least: str, most: str | None = None) -> Callable[[object], Decimal]:
    """Reads a string of the pattern; `least` "0+" is anything above 0."""
    fits = re.compile(pattern).fullmatch
    lowest, above = Decimal(least.removesuffix("+")), least.endswith("+")
    highest = None if most is None else Decimal(most)

    def read(value: object) -> Decimal:
        if not isinstance(value, str):
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            raise PydanticCustomError(
                "wrong-type", "send decimals as strings" if is_number else "send a decimal string"
            )
        if not fits(value):
            raise PydanticCustomError("not-a-decimal", "write {form}", {"form": form})
        number = Decimal(value)
        if number < lowest or (above and number == lowest):
            raise PydanticCustomError("too-small", "must be above 0" if above else "must not be below 0")
        if highest is not None and number > highest:
            raise PydanticCustomError("too-large", "at most {most}", {"most": str(highest)})
        return number

    return read


def _digits(decimals: int) -> str:
    return rf"(?:0|[1-9][0-9]{{0,14}})(?:\.[0-9]{{1,{decimals}}})?"


def _form(decimals: int) -> str:
    return f'plain digits such as "12.50": at most 15 before and {decimals} after the point, no sign, no exponent'


def _schema(decimals: int, example: str, *, above_0: bool = False) -> WithJsonSchema:
    schema = {"type": "string", "pattern": f"^{_digits(decimals)}$", "examples": [example]}
    return WithJsonSchema(schema | ({"not": {"pattern": r"^0(?:\.0+)?$"}} if above_0 else {}))


_QUANTITY_DECIMALS: Final = 6
_PRICE_DECIMALS: Final = 12

Quantity = Annotated[
    Decimal,
    PlainValidator(_decimal_reader(_digits(_QUANTITY_DECIMALS), _form(_QUANTITY_DECIMALS), least="0+")),
    _schema(_QUANTITY_DECIMALS, "100", above_0=True),
]
"""How many of a metric: above 0, at most 6 decimals."""

Usage = Annotated[
    Decimal,
    PlainValidator(_decimal_reader(_digits(_QUANTITY_DECIMALS), _form(_QUANTITY_DECIMALS), least="0")),
    _schema(_QUANTITY_DECIMALS, "2500"),
]
"""Declared use per month: 0 or more, at most 6 decimals."""

Price = Annotated[
    Decimal,
    PlainValidator(_decimal_reader(_digits(_PRICE_DECIMALS), _form(_PRICE_DECIMALS), least="0")),
    _schema(_PRICE_DECIMALS, "12.50"),
]
"""A unit price or an amount: 0 or more, at most 12 decimals."""

Share = Annotated[
    Decimal,
    PlainValidator(_decimal_reader(_digits(_PRICE_DECIMALS), 'a fraction such as "0.10" for 10%', least="0", most="1")),
    WithJsonSchema({"type": "string", "pattern": r"^(?:0(?:\.[0-9]{1,12})?|1(?:\.0{1,12})?)$", "examples": ["0.10"]}),
]
"""A percentage as a fraction from 0 to 1."""


def _read_day(value: object) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise PydanticCustomError("not-a-date", "write a date as YYYY-MM-DD")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("not-a-date", "there is no such day in the calendar") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PydanticCustomError(
            "date-out-of-range", "from {first} to {last}", {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return day


Day = Annotated[date, PlainValidator(_read_day), WithJsonSchema(_DATE_SCHEMA)]


_INSTANT: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z")


def _read_instant(value: object) -> datetime:
    if isinstance(value, str) and _DATE.fullmatch(value):
        return datetime.combine(_read_day(value), time(), UTC)
    if not isinstance(value, str) or not (found := _INSTANT.fullmatch(value)):
        raise PydanticCustomError(
            "not-an-instant", "write a day as 2026-07-01, or a UTC instant as 2026-07-01T12:00:00Z"
        )
    _read_day(found[1])
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("not-an-instant", "there is no such time of day") from None


Instant = Annotated[
    datetime,
    PlainValidator(_read_instant),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^(?:{_DATE.pattern}|{_INSTANT.pattern})$",
            "examples": ["2026-07-01", "2026-07-01T12:00:00Z"],
        }
    ),
]
"""A moment in UTC, written with a Z; a day alone is its first moment."""
