"""The sentence of an upsell path: which placeholders it may have, and what they are filled with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_STRAY: Final = re.compile(r"[{}]")
_PERCENT: Final = Decimal(100)

OFFER: Final = "offer"
MORE: Final = "more"
PERCENT: Final = "percent"
MONTHS: Final = "months"
DAYS: Final = "days"
OF_METRICS: Final = ("used", "limit", "share")
"""Behind a metric's id and a `_`: what is measured, what it is measured against, the one as a share of the other."""

NOT_KNOWN: Final = "not known"


class Share(NamedTuple):
    """A fraction that is said in percent."""

    fraction: Decimal


Value = str | Decimal | bool | date | Share


class Placeholder(NamedTuple):
    """A name in braces, and where in the sentence it stands, in characters."""

    name: str
    start: int
    length: int


def placeholders_in(say: str) -> tuple[Placeholder, ...]:
    """Every placeholder of a sentence; a brace that has no partner is one too, of that name."""
    found = [Placeholder(match[1], match.start(), len(match[0])) for match in _PLACEHOLDER.finditer(say)]
    rest = _PLACEHOLDER.sub(lambda match: " " * len(match[0]), say)
    found += [Placeholder(match[0], match.start(), 1) for match in _STRAY.finditer(rest)]
    return tuple(sorted(found, key=lambda each: each.start))


def names_of_metrics(metrics: Iterable[str]) -> frozenset[str]:
    """The placeholders that every metric has: `storage_gb_used`, `storage_gb_limit`, `storage_gb_share`."""
    return frozenset(f"{metric}_{what}" for metric in metrics for what in OF_METRICS)


def fill(say: str, values: Mapping[str, Value]) -> str:
    """The sentence with its placeholders filled; what has no value is said to be not known."""
    return _PLACEHOLDER.sub(lambda match: _said(values.get(match[1])), say)


def _said(value: Value | None) -> str:
    """Rounds: a share half up to whole percent; a number keeps its digits."""
    match value:
        case None:
            return NOT_KNOWN
        case bool():
            return "yes" if value else "no"
        case Share(fraction):
            return f"{(fraction * _PERCENT).quantize(Decimal(1), ROUND_HALF_UP):f}%"
        case Decimal():
            whole, point, decimals = f"{value:,f}".partition(".")
            kept = decimals.rstrip("0")
            return f"{whole}{point}{kept}" if kept else whole
        case _:
            return str(value)
