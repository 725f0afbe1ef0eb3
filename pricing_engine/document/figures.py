"""Texts fit for the paper: numbers of a locale in signs every font has, and words of others made inert."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from pricing_engine.document.amounts import Amounts

ONE_DAY: Final = timedelta(days=1)
_FOUR_DECIMALS: Final = Decimal("0.0001")
_SIGNS: Final = str.maketrans({"-": "\u2212", "\uffe5": "¥", "\u200e": None, "\u200f": None, "\u061c": None})
_CODE_BEFORE_DIGIT: Final = re.compile(r"[^\W\d_](?=\d)")
LONGEST_UNIT: Final = 20
_JOINERS: Final = frozenset("\u200c\u200d")
"""Invisible, and needed: some scripts are misspelt without them."""
_UNPRINTED: Final = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})


def inert(text: str) -> str:
    """The text on one line, without controls and without signs that cannot be seen or turn the writing direction.

    It is still text of others: a renderer must print it and never read it as markup.
    """
    kept = (
        " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFC", text)
        if letter.isspace() or letter in _JOINERS or unicodedata.category(letter) not in _UNPRINTED
    )
    return " ".join("".join(kept).split())


def paragraphs(text: str) -> tuple[str, ...]:
    """The lines of a text that are not empty, each inert."""
    return tuple(filter(None, (inert(line) for line in text.splitlines())))


def words(name: str) -> str:
    """An id as words: `platform_fee` and `platform-fee` are `platform fee`."""
    return inert(name.replace("_", " ").replace("-", " "))


def shortened(unit: str) -> str:
    """A unit's name that leaves room for the numbers beside it."""
    return unit if len(unit) <= LONGEST_UNIT else f"{unit[: LONGEST_UNIT - 1]}…"


def counted(amount: str, number: Decimal, unit: str) -> str:
    """So many of a unit: `1 user`, `120 users`, `500 GB`."""
    return f"{amount} {plural(unit, number)}"


def plural(unit: str, number: Decimal) -> str:
    """The unit for a number of it; abbreviations such as GB stay as they are."""
    return unit if number == 1 or not unit[-1:].islower() or unit.endswith("s") else f"{unit}s"


def _spaced(money: str) -> str:
    """An amount in signs every font has, a code such as KWD apart from the number."""
    return _CODE_BEFORE_DIGIT.sub("\\g<0>\u00a0", money.translate(_SIGNS))


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes numbers and days for the paper."""

    amounts: Amounts

    def money(self, amount: Decimal) -> str:
        """An amount in whole minor units."""
        return _spaced(self.amounts.money(amount))

    def exact(self, amount: Decimal) -> str:
        """A price of the price list with all its decimals."""
        return _spaced(self.amounts.exact(amount))

    def average(self, amount: Decimal) -> str:
        """What a unit comes to: with four decimals at most, with all it has where it is below 1."""
        return self.exact(amount if abs(amount) < 1 else amount.quantize(_FOUR_DECIMALS, ROUND_HALF_UP))

    def signed(self, amount: Decimal) -> str:
        """An amount with its sign; a dash where it is 0."""
        if not amount:
            return "\u2013"
        return f"+{self.money(amount)}" if amount > 0 else self.money(amount)

    def share(self, share: Decimal) -> str:
        """A percentage of the terms, with the decimals it has."""
        return self.amounts.share(share).translate(_SIGNS)

    def off(self, before: Decimal, after: Decimal) -> str:
        """How much was taken off, as a negative percentage with a decimal; empty where nothing was."""
        if not before or before == after:
            return ""
        return self.amounts.tenths(after / before - 1).translate(_SIGNS)

    def number(self, number: Decimal) -> str:
        """A quantity with all its decimals."""
        return self.amounts.number(number).translate(_SIGNS)

    def day(self, day: date) -> str:
        """A day."""
        return self.amounts.day(day).translate({**_SIGNS, ord("-"): "-"})

    def days(self, start: date, end: date) -> str:
        """A period from its first to its last day; `end` is the day after."""
        last = end - ONE_DAY
        return self.day(start) if last <= start else f"{self.day(start)} \u2013 {self.day(last)}"
