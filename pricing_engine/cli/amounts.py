"""The locale an option names, and amounts without a quote around them; how it writes them is `document/amounts.py`."""

from __future__ import annotations

from decimal import Decimal

from babel import Locale

from pricing_engine.cli.outcome import usage
from pricing_engine.document.amounts import Amounts
from pricing_engine.document.locales import UnknownLocale, locale_named
from pricing_engine.money import Currency


def read_locale(text: str) -> Locale:
    """The locale of a name such as `de_DE` or `de-DE`.

    Raises: CommandStopped.
    """
    try:
        return locale_named(text)
    except UnknownLocale as unknown:
        raise usage(unknown.what, fix="write one such as en_US, de_DE or ja_JP", where="--locale") from None


def stored_money(amount: Decimal, currency: str, locale: Locale) -> str:
    """An amount as it is read from a database: in the decimals it is stored with, which are its currency's."""
    digits = max(0, -int(amount.as_tuple().exponent))
    return Amounts(Currency(currency, digits), locale).money(amount)
