"""Numbers as people of a place write them: money, percentages, quantities and days, by babel for a locale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent, parse_pattern

from pricing_engine.money import Currency, round_money

_LAST_WESTERN = "\u052f"
"""Up to here are the Latin, Greek and Cyrillic letters, which every font for documents has."""
_PUNCTUATION = frozenset("\u2009\u202f\u2010\u2013\u2019")


@dataclass(frozen=True, slots=True)
class Amounts:
    """Writes numbers for one currency and locale."""

    currency: Currency
    locale: Locale

    def money(self, amount: Decimal) -> str:
        """The amount in the currency's minor unit, rounded half up for the eye."""
        return self.exact(round_money(amount, self.currency))

    def exact(self, amount: Decimal) -> str:
        """The amount with all its decimals."""
        digits = max(self.currency.digits, -int(amount.normalize().as_tuple().exponent))
        shown = amount.quantize(Decimal(1).scaleb(-digits))
        return format_currency(shown, self.currency.code, locale=self.locale, decimal_quantization=False)

    def percent(self, share: Decimal) -> str:
        """A fraction as a percentage with one decimal."""
        return format_percent(share, "#,##0.0%", locale=self.locale)

    def tenths(self, share: Decimal) -> str:
        """A fraction as a percentage with one decimal, in the form that is usual in the place."""
        pattern = parse_pattern(self.locale.percent_formats[None].pattern)
        pattern.frac_prec = (1, 1)
        return format_percent(share, pattern, locale=self.locale)

    def share(self, share: Decimal) -> str:
        """A fraction as a percentage with the decimals it has."""
        return format_percent(share.normalize(), locale=self.locale, decimal_quantization=False)

    def number(self, number: Decimal) -> str:
        """A quantity with all its decimals."""
        return format_decimal(number.normalize(), locale=self.locale, decimal_quantization=False)

    def day(self, day: date) -> str:
        """A day as people write it; in figures alone where the months' names are in another script than ours."""
        text = format_date(day, "medium", locale=self.locale)
        if all(letter <= _LAST_WESTERN or letter in _PUNCTUATION for letter in text):
            return text
        return format_skeleton("yMd", day, locale=self.locale)

    def off(self, before: Decimal, after: Decimal) -> str:
        """How much of an amount was taken off, as a negative percentage; empty where nothing was."""
        return self.percent(after / before - 1) if before and before != after else ""
