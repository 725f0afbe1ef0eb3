"""Ledger entries in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import Cause, moved
from tests.rulebooks import D

OPENING, CLOSING = date(2025, 1, 1), date(2026, 1, 1)


def entry(account: str, day: date, amount: str, cause: Cause, *, line: str = "core", contract: str = "") -> Entry:
    told = moved(day, line, line, cause, D(amount))
    return Entry(
        *(account, contract or f"con_{account}", line, None, day, told.kind, told.driver, told.cause),
        "USD",
        told.amount,
    )


def sold(account: str, amount: str, day: date = OPENING, *, line: str = "core", contract: str = "") -> Entry:
    return entry(account, day, amount, Cause.NEW_BUSINESS, line=line, contract=contract)


def total(entries: Iterable[Entry]) -> object:
    return sum(each.amount for each in entries)
