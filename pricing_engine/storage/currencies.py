"""The minor units of the currencies people pay with; publishing a rulebook stores those it was compiled with (P17a)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from babel.core import get_global
from babel.numbers import get_currency_precision


def currency_digits() -> Mapping[str, int]:
    """How many decimals each currency has, by ISO 4217 code, as CLDR says.

    Only what is legal tender somewhere: no metals, funds and test codes, nothing that has been replaced.
    """
    return _DIGITS


def _tender() -> frozenset[str]:
    return frozenset(
        code
        for currencies in get_global("territory_currencies").values()
        for code, _start, end, is_tender in currencies
        if end is None and is_tender
    )


_DIGITS: Mapping[str, int] = MappingProxyType({code: get_currency_precision(code) for code in sorted(_tender())})
