"""The texts a request may carry: ids, short texts and notes, NFC-normalised and without characters that deceive."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Annotated, Final

from pydantic import PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

NAME_LENGTH: Final = 200
REASON_LENGTH: Final = 500
NOTE_LENGTH: Final = 2_000
REFERENCE_LENGTH: Final = 100

CURRENCY: Final = r"^[A-Z]{3}$"
MARKET: Final = r"^[A-Z]{2}$"
RECORD_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
RULE_ID: Final = r"^[a-z0-9][a-z0-9_-]{0,63}$"
LOCALE: Final = r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$"
WEB_ADDRESS: Final = r"^https?://[!-~]{1,1990}$"
EVENT_BEGINNING: Final = r"^pricing-engine\.[a-z0-9._-]{0,80}$"
DAY_COUNT: Final = r"^(?:0|[1-9][0-9]{0,3})$"

# Controls, line and paragraph separators, what turns the writing direction, what cannot be seen, and non-characters.
_DECEIVING: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U000e0fff]"
)


def _reader(limit: int, *, lines: bool) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str):
            raise PydanticCustomError("wrong-type", "send a string")
        if len(value) > limit:
            raise PydanticCustomError("too-long", "at most {limit} characters", {"limit": limit})
        if _DECEIVING.search(value) or (not lines and "\n" in value):
            raise PydanticCustomError("forbidden-character", "remove control, invisible and direction characters")
        text = unicodedata.normalize("NFC", value)
        if len(text) > limit:
            raise PydanticCustomError("too-long", "at most {limit} characters", {"limit": limit})
        return text

    return read


def _not_blank(limit: int) -> Callable[[object], str]:
    read_text = _reader(limit, lines=False)

    def read(value: object) -> str:
        text = read_text(value)
        if not text or text != text.strip():
            raise PydanticCustomError("blank", "write something, without blanks around it")
        return text

    return read


def _schema(limit: int, least: int = 0) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": least, "maxLength": limit})


Name = Annotated[str, PlainValidator(_not_blank(NAME_LENGTH)), _schema(NAME_LENGTH, 1)]
Reference = Annotated[str, PlainValidator(_not_blank(REFERENCE_LENGTH)), _schema(REFERENCE_LENGTH, 1)]
Reason = Annotated[str, PlainValidator(_reader(REASON_LENGTH, lines=False)), _schema(REASON_LENGTH)]
Note = Annotated[str, PlainValidator(_reader(NOTE_LENGTH, lines=True)), _schema(NOTE_LENGTH)]

RecordId = Annotated[str, StringConstraints(pattern=RECORD_ID)]
RuleId = Annotated[str, StringConstraints(pattern=RULE_ID)]
CurrencyCode = Annotated[str, StringConstraints(pattern=CURRENCY)]
MarketCode = Annotated[str, StringConstraints(pattern=MARKET)]
LocaleName = Annotated[str, StringConstraints(pattern=LOCALE)]
WebAddress = Annotated[str, StringConstraints(pattern=WEB_ADDRESS)]
EventBeginning = Annotated[str, StringConstraints(pattern=EVENT_BEGINNING)]
DayCount = Annotated[str, StringConstraints(pattern=DAY_COUNT)]

FORMS: Final[Mapping[str, str]] = {
    CURRENCY: "write three capital letters, such as USD",
    MARKET: "write two capital letters, such as US",
    LOCALE: "write a locale such as en-US, de-DE or ja-JP",
    RECORD_ID: "write an id: at most 64 letters, digits, _ and -",
    WEB_ADDRESS: "write http(s)://, a host and a path: at most 1,998 characters of ASCII, no blanks",
    EVENT_BEGINNING: 'write what types of events begin with, such as "pricing-engine.quote."',
    DAY_COUNT: 'write a whole number of days as a string, such as "30"; at most 9999',
    RULE_ID: "write an id of the rules: at most 64 lower-case letters, digits, _ and -",
}
"""What to tell people about a pattern."""
