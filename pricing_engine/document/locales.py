"""The locales numbers and days can be written for: every one that babel knows, by its usual name."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError

from pricing_engine.errors import DomainError

DEFAULT: Final = "en-US"


class UnknownLocale(DomainError):
    """No locale has this name."""

    code = "unknown-locale"


@lru_cache(maxsize=256)
def locale_named(name: str) -> Locale:
    """The locale of a name such as `de-DE` or `de_DE`.

    Raises: UnknownLocale, naming it.
    """
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        raise UnknownLocale(
            f"there is no locale {name}",
            fix="write one such as en-US, de-DE or ja-JP",
            pointer="/locale",
            locale=name,
        ) from None
