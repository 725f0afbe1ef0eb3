"""Numbers as people of a place write them: money, percentages and quantities, by babel for a locale."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, format_decimal, format_percent

from pricing_engine.cli.outcome import usage
from pricing_engine.money import Currency, round_money


def read_locale(text: str) -> Locale:
    """The locale of a name such as `de_DE` or `de-DE`.

    Raises: CommandStopped.
    """
    try:
        return Locale.parse(text.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        raise usage(
            f"there is no locale {text}", fix="write one such as en_US, de_DE or ja_JP", where="--locale"
        ) from None


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

    def number(self, number: Decimal) -> str:
        """A quantity with all its decimals."""
        return format_decimal(number.normalize(), locale=self.locale, decimal_quantization=False)

    def off(self, before: Decimal, after: Decimal) -> str:
        """How much of an amount was taken off, as a negative percentage; empty where nothing was."""
        return self.percent(after / before - 1) if before and before != after else ""
