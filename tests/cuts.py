"""Figures of a few ledger entries, by the code that reads a book of a million."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from pricing_engine.money import Currency, exact_arithmetic
from pricing_engine.retention.cut import Cut, cut_of
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.rates import Window
from pricing_engine.retention.told import ledger_of
from pricing_engine.retention.valued import ValuedLedger, valued

EXACT_DOLLARS = Currency("USD", 4)
NO_ENDS: Mapping[str, date] = {}


def in_columns(entries: Iterable[Entry], ends: Mapping[str, date] = NO_ENDS, *, until: date = date.max) -> ValuedLedger:
    return valued(ledger_of(entries, ends), EXACT_DOLLARS, lambda _: Decimal(1), until=until)


def told(entries: Iterable[Entry], ends: Mapping[str, date] = NO_ENDS) -> list[Entry]:
    """The entries as the customers', by account and day."""
    found = in_columns(entries, ends)
    with exact_arithmetic():
        return found.entries(found.in_time)


def cut(
    entries: Iterable[Entry],
    window: Window,
    *,
    gap_days: int | None = None,
    ends: Mapping[str, date] = NO_ENDS,
) -> Cut:
    return cut_of(in_columns(entries, ends, until=window.closing), window, gap_days=gap_days)
