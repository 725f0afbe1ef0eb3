"""The field types of rule files: how a percentage, an amount, a date or an id is read, and what is said otherwise."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, LiteralString

from pydantic import BeforeValidator, PlainValidator, StrictBool, StringConstraints, WithJsonSchema

from pricing_engine.rulebook.documents.shape import refused, shown
from pricing_engine.rulebook.yaml_scalars import MAX_DECIMALS, MAX_WHOLE_DIGITS

_NUMBER = f"(?:0|[1-9][0-9]{{0,{MAX_WHOLE_DIGITS - 1}}})(?:\\.[0-9]{{1,{MAX_DECIMALS}}})?"
_PLAIN = re.compile(_NUMBER)
_PERCENT = re.compile(f"{_NUMBER}%")
_SEPARATED = re.compile(r"[0-9]{1,3}(?:[ ,_'][0-9]{3})+(?:\.[0-9]+)?")
_LOOSE_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(?:%|percent|pct)?", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_LONGEST_ID = 80
MAX_MONTHS = 1200
MAX_DAYS = 3660


def read_number(value: object) -> Decimal | None:
    """The plain decimal number, quoted or not, at least 0; None when it is something else."""
    if type(value) is str:
        return Decimal(value) if _PLAIN.fullmatch(value) else None
    return value if isinstance(value, Decimal) and not value.is_signed() else None


def read_percent(value: object) -> Decimal | None:
    """The fraction of a percentage written with its sign; None when it is something else."""
    return Decimal(f"{value[:-1]}E-2") if isinstance(value, str) and _PERCENT.fullmatch(value) else None


def write_percent(fraction: Decimal) -> str:
    """The percentage of a fraction as rules write it: `22.08%`."""
    return f"{(fraction * 100).normalize():f}%"


def _read_ratio(value: object) -> Decimal:
    fraction = read_percent(value)
    if fraction is None:
        raise refused("E118", *_percentage_meant(value))
    return fraction


def _percentage_meant(value: object) -> tuple[str, str]:
    loose = _LOOSE_PERCENT.fullmatch(str(value).strip()) if isinstance(value, str | Decimal) else None
    if loose is None:
        return f"{shown(value)} is not a percentage", 'write a percentage such as "15%"'
    number = Decimal(loose[1])
    if "%" in str(value) or number > 1:
        return f"a ratio is between 0 and 1; {value} looks like a percentage", f'write "{number.normalize():f}%"'
    return f"{value} may be a fraction or a percentage", f'write "{write_percent(number)}"'


def _read_amount(value: object) -> Decimal:
    amount = read_number(value)
    if amount is None:
        raise refused("E112", f"{shown(value)} is not an amount", _amount_fix(value))
    return amount


def _amount_fix(value: object) -> str:
    text = str(value).strip()
    if _SEPARATED.fullmatch(text):
        return f'write "{re.sub("[^0-9.]", "", text)}", without separators'
    if isinstance(value, Decimal) or text.startswith("-"):
        return "write an amount of at least 0"
    return 'write a plain decimal such as "20.00", with at most 12 decimals; the currency is not written here'


def _read_quantity(value: object) -> Decimal:
    quantity = read_number(value)
    if quantity is None:
        raise refused("E113", f"{shown(value)} is not a quantity", "write a plain number of at least 0, such as 100")
    return quantity


def _read_positive(value: object) -> Decimal:
    quantity = read_number(value)
    if not quantity:
        raise refused("E113", f"{shown(value)} is not above 0", "write a plain number above 0")
    return quantity


def _read_months(value: object) -> int:
    return _read_whole(value, "E117", "months", 1, MAX_MONTHS)


def _read_days(value: object) -> int:
    return _read_whole(value, "E127", "days", 0, MAX_DAYS)


def _read_some_days(value: object) -> int:
    return _read_whole(value, "E127", "days", 1, MAX_DAYS)


def _read_whole(value: object, code: LiteralString, unit: str, lowest: int, highest: int) -> int:
    if isinstance(value, Decimal) and value == value.to_integral_value() and lowest <= value <= highest:
        return int(value)
    fix = f"write a whole number from {lowest} to {highest}"
    raise refused(code, f"{shown(value)} is not a number of {unit}", fix)


def _read_date(value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        day = _day(value)
        if day is None:
            raise refused("E114", f"the calendar has no {value}", "write a day that exists")
        return day
    raise refused("E114", f"{shown(value)} is not a date", "write year-month-day, such as 2026-01-31")


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    """The day, read once: a price book repeats a few hundred of them."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _read_id(value: object) -> str:
    if isinstance(value, str) and _ID.fullmatch(value) and len(value) <= _LONGEST_ID:
        return value
    raise refused(
        "E110", f"{shown(value)} is not an id", _spelling_fix(value, "-", "kebab-case, such as multi-product")
    )


def _read_name(value: object) -> str:
    if isinstance(value, str) and _NAME.fullmatch(value) and len(value) <= _LONGEST_ID:
        return value
    fix = _spelling_fix(value, "_", "snake_case, such as storage_gb")
    raise refused("E111", f"{shown(value)} is not a name", fix)


def _spelling_fix(value: object, joint: str, style: str) -> str:
    respelled = re.sub(r"[^a-z0-9]+", joint, str(value).lower()).strip(joint) if isinstance(value, str) else ""
    pattern = _ID if joint == "-" else _NAME
    if pattern.fullmatch(respelled) and len(respelled) <= _LONGEST_ID:
        return f"write {respelled}"
    return f"write it in {style}, with at most {_LONGEST_ID} characters"


def _read_currency(value: object) -> str:
    if isinstance(value, str) and _CURRENCY.fullmatch(value):
        return value
    fix = f"write {value.upper()}" if isinstance(value, str) and _CURRENCY.fullmatch(value.upper()) else "write USD"
    raise refused("E119", f"{shown(value)} is not a currency code of three capital letters", fix)


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _text_schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


def _whole_schema(lowest: int, highest: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "integer", "minimum": lowest, "maximum": highest})


_NUMBER_SCHEMA: dict[str, Any] = {"type": ["string", "number"], "pattern": f"^{_NUMBER}$", "minimum": 0}

Ratio = Annotated[Decimal, PlainValidator(_read_ratio), _text_schema(_PERCENT.pattern)]
"""Written `"15%"`, read as the fraction 0.15 (P4)."""

Amount = Annotated[Decimal, PlainValidator(_read_amount), WithJsonSchema(_NUMBER_SCHEMA)]
"""An amount of money of at least 0 with at most 12 decimals (P1)."""

Quantity = Annotated[Decimal, PlainValidator(_read_quantity), WithJsonSchema(_NUMBER_SCHEMA)]
Positive = Annotated[Decimal, PlainValidator(_read_positive), WithJsonSchema(_NUMBER_SCHEMA)]
Months = Annotated[int, PlainValidator(_read_months), _whole_schema(1, MAX_MONTHS)]
Days = Annotated[int, PlainValidator(_read_days), _whole_schema(0, MAX_DAYS)]
SomeDays = Annotated[int, PlainValidator(_read_some_days), _whole_schema(1, MAX_DAYS)]
"""At least one day: a window of none would allow nothing."""

Day = Annotated[date, PlainValidator(_read_date), WithJsonSchema({"type": "string", "format": "date"})]
Id = Annotated[str, PlainValidator(_read_id), _text_schema(_ID.pattern)]
SnakeName = Annotated[str, PlainValidator(_read_name), _text_schema(_NAME.pattern)]
CurrencyCode = Annotated[str, PlainValidator(_read_currency), _text_schema(_CURRENCY.pattern)]
Text = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=2000)]
ConditionText = Annotated[str, StringConstraints(strict=True)]
"""An expression; what may stand in it, and how long it may be, the expression language says."""

YesNo = StrictBool
Per = Literal["month", "quarter", "half_year", "year"]

MONTHS_OF: dict[Per, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}

OneOrMore = BeforeValidator(_as_list, json_schema_input_type=Any)
"""Lets `module` stand for `[module]`; put it on a tuple type."""
