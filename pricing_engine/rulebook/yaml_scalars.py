"""How a YAML scalar without quotes is read: text, number, true, false or null; ambiguous spellings are refused."""

import re
from decimal import Decimal
from typing import NamedTuple

MAX_WHOLE_DIGITS = 15
MAX_DECIMALS = 12

Scalar = str | Decimal | bool | None


class Refusal(NamedTuple):
    """Why a scalar is refused, and what to write instead."""

    code: str
    what: str
    fix: str


_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_SWITCHES = {"y": "true", "yes": "true", "on": "true", "true": "true"}
_SWITCHES |= {"n": "false", "no": "false", "off": "false", "false": "false", "null": "null", "~": "null"}
_NOT_NUMBERS = re.compile(r"[-+]?\.?(inf|infinity|nan)", re.IGNORECASE)
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(?:\.([0-9]+))?")
_DIGIT = re.compile(r"\d")
_NUMBER_LIKE = re.compile(
    r"[-+]?(?:0[bB][01_]+|0[oO][0-7_]+|0[xX][0-9a-fA-F_]+"
    r"|\d[\d_]*(?::[\d_]+)+(?:\.[\d_]*)?"
    r"|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?)"
)
_TIMESTAMP = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d{2}.*", re.DOTALL)
_LEADING_ZEROS = re.compile(r"^0+(?=[0-9])")


def read_plain(text: str) -> Scalar | Refusal:
    """The value of a scalar without quotes, or why it is refused.

    Shape: dates such as 2026-01-01 stay text; a number is `-?digits[.digits]` and keeps its decimals (12.10).
    """
    if text in _LITERALS:
        return _LITERALS[text]
    word = text.lower()
    if word in _SWITCHES:
        return _ambiguous(text, f'write {_SWITCHES[word]}, or "{text}" in quotes if it is text')
    if _NOT_NUMBERS.fullmatch(text):
        return _ambiguous(text, f'write a number, or the word unlimited where no limit is meant, or "{text}" as text')
    if text in ("<<", "="):
        return _ambiguous(text, f'write "{text}" in quotes if it is text')
    return _read_number(text) if _DIGIT.search(text) else text


def _read_number(text: str) -> Scalar | Refusal:
    number = _DECIMAL.fullmatch(text)
    if number is not None:
        return _read_decimal(text, whole=number[1], decimals=number[2] or "")
    if _NUMBER_LIKE.fullmatch(text):
        return _ambiguous(text, _suggest_number(text))
    if _TIMESTAMP.fullmatch(text):
        return _ambiguous(text, f'write the day alone ({text[:10]}), or "{shown(text)}" in quotes')
    return text


def _read_decimal(text: str, *, whole: str, decimals: str) -> Decimal | Refusal:
    if len(whole) > MAX_WHOLE_DIGITS or len(decimals) > MAX_DECIMALS:
        return Refusal(
            "Y032",
            f"the number {shown(text)} is too long",
            f"write at most {MAX_WHOLE_DIGITS} digits before the point and {MAX_DECIMALS} after it",
        )
    value = Decimal(text)
    if text.startswith("-") and not value:
        return _ambiguous(text, f"write {text[1:]}")
    return value


def _ambiguous(text: str, fix: str) -> Refusal:
    return Refusal("Y030", f"{shown(text)} is read differently by different YAML readers", fix)


def _suggest_number(text: str) -> str:
    """A fix that names the plain spelling where only signs, zeros or separators stand in the way."""
    sign = "-" if text.startswith("-") else ""
    digits = text.lstrip("+-").replace("_", "")
    whole, point, decimals = digits.partition(".")
    plain = (_LEADING_ZEROS.sub("", whole) or "0") + (f".{decimals}" if point and decimals else "")
    if _DECIMAL.fullmatch(plain):
        return f'write {shown(sign + plain)} if that is the number meant, or "{shown(text)}" in quotes if it is text'
    return f'write a plain decimal number, or "{shown(text)}" in quotes if it is text'


def shown(text: str) -> str:
    """The text on one line and at most 40 characters long, for a message."""
    line = " ".join(text[:200].split())
    return line if len(line) <= 40 else f"{line[:39]}…"
