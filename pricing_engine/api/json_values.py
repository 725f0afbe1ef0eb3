"""How answers write what JSON has no type for: decimals as plain digits, sets in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import orjson


def digits(number: Decimal) -> str:
    """The number in plain digits; never an exponent, never a negative zero."""
    text = str(number)
    return text if "E" not in text and text[0] != "-" else format(number, "zf")


def dumped(content: object) -> bytes:
    """The content as JSON."""
    return orjson.dumps(content, default=plain, option=orjson.OPT_UTC_Z)


def plain(value: object) -> object:
    """The value as JSON can say it."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return digits(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case frozenset() | set():
            return sorted(map(str, value))
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return str(value)
