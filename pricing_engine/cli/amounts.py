"""The locale an option names; how it writes numbers is `document/amounts.py`."""

from __future__ import annotations

from babel import Locale

from pricing_engine.cli.outcome import usage
from pricing_engine.document.locales import UnknownLocale, locale_named


def read_locale(text: str) -> Locale:
    """The locale of a name such as `de_DE` or `de-DE`.

    Raises: CommandStopped.
    """
    try:
        return locale_named(text)
    except UnknownLocale as unknown:
        raise usage(unknown.what, fix="write one such as en_US, de_DE or ja_JP", where="--locale") from None
