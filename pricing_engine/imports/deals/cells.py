"""Cells of deals into values: facts, shares and words of some length; or what is wrong with the text."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pricing_engine.imports.book.cells import read_number, read_yes_no, shown
from pricing_engine.imports.book.problems import Wrong
from pricing_engine.imports.deals.mapping import FactType
from pricing_engine.money import ONE
from pricing_engine.scoring.deal import Fact

LONGEST: Final = 200
"""How many characters an id, an account or the word of a fact may have."""


def read_word(text: str) -> str | Wrong:
    """A text that deals are told apart by."""
    if len(text) <= LONGEST:
        return text
    return Wrong("too-long", f"{shown(text)} has {len(text)} characters", f"write at most {LONGEST}, or leave it out")


def read_fact(text: str, kind: FactType, *, decimal_comma: bool) -> Fact | Wrong:
    """What a cell says; a number may be below 0, or a percentage."""
    match kind:
        case "yes_no":
            return read_yes_no(text)
        case "word":
            return read_word(text)
        case "number":
            return _read_signed(text, decimal_comma=decimal_comma)


def read_share(text: str, *, decimal_comma: bool) -> Decimal | Wrong:
    """A discount as a fraction or a percentage; below 0 it is a price above list."""
    found = _read_signed(text, decimal_comma=decimal_comma)
    if isinstance(found, Wrong) or -ONE <= found <= ONE:
        return found
    return Wrong("not-a-share", f"{shown(text)} is no share of list", "write 12% or 0.12")


def read_propensity(text: str, *, decimal_comma: bool) -> Decimal | Wrong:
    """How likely what was drawn had been."""
    found = _read_signed(text, decimal_comma=decimal_comma)
    if isinstance(found, Wrong) or 0 < found <= ONE:
        return found
    return Wrong("not-a-share", f"{shown(text)} is no chance of what happened", "write a number above 0 and up to 1")


def _read_signed(text: str, *, decimal_comma: bool) -> Decimal | Wrong:
    digits = text.removeprefix("-")
    found = read_number(digits.removesuffix("%").rstrip(), decimal_comma=decimal_comma)
    if isinstance(found, Wrong):
        sign = "comma" if decimal_comma else "point"
        fix = f"write a plain number with a decimal {sign}, without currency sign or separators"
        return Wrong("not-a-number", f"{shown(text)} is not a number", fix)
    size = found.scaleb(-2) if digits.endswith("%") else found
    return -size if text.startswith("-") else size
