"""Read what is behind a figure of retention: accounts of a segment, and movements with the quotes they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from pricing_engine.desk import Desk
from pricing_engine.money import ZERO, Currency, exact_arithmetic
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.rates import Position, Window, opening_of, positions_of
from pricing_engine.storage.ledger import LedgerAccount
from pricing_engine.usecases.read_retention import Asked
from pricing_engine.usecases.retained_book import (
    RetainedBook,
    read_book,
    with_returned_as_new,
)
from pricing_engine.usecases.retained_segments import SegmentUnknown, by_segment

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Within:
    """What of the book: the segment of this name, told apart as asked; an account; both, or all of it."""

    segment: str | None = None
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class RetainedAccount:
    """What an account has at both ends of a window, and by product line. Units: the reporting currency, a year."""

    account: LedgerAccount
    opening: Decimal
    closing: Decimal
    lines: Mapping[str, Position]


@dataclass(frozen=True, slots=True)
class Behind(Generic[Item]):
    """Some of what is behind a figure, in a fixed order; `count` is how many there are."""

    window: Window
    currency: Currency
    items: Sequence[Item]
    count: int


def read_accounts(desk: Desk, asked: Asked, within: Within, *, after: int, limit: int) -> Behind[RetainedAccount]:
    """Up to `limit` accounts that had or have anything, those that changed most first, after so many of them.

    Raises: as `read_retention`.
    """
    book = read_book(desk, asked.window)
    with exact_arithmetic():
        positions = positions_of(_within(book, asked.by, within), book.window)
        found = [_account(book.accounts[id_], lines) for id_, lines in positions.items()]
        found.sort(key=lambda each: (-abs(each.closing - each.opening), each.account.id))
    return Behind(book.window, book.currency, found[after : after + limit], len(found))


def _account(account: LedgerAccount, lines: Mapping[str, Position]) -> RetainedAccount:
    return RetainedAccount(account, opening_of(lines), sum([each.closing for each in lines.values()], ZERO), lines)


def read_movements(desk: Desk, asked: Asked, within: Within, *, after: int, limit: int) -> Behind[Entry]:
    """Up to `limit` movements of the window, in order of day and account, after so many of them.

    Raises: as `read_retention`.
    """
    with exact_arithmetic():
        book, _ = with_returned_as_new(read_book(desk, asked.window), asked.gap_days)
    found = [each for each in _within(book, asked.by, within) if book.window.has(each.day)]
    found.sort(key=lambda each: (each.day, each.account, each.contract))
    return Behind(book.window, book.currency, found[after : after + limit], len(found))


def _within(book: RetainedBook, by: str | None, within: Within) -> Sequence[Entry]:
    """The entries of what is asked for; nothing of a segment that nobody is in."""
    entries: Sequence[Entry] = book.entries
    if within.segment is not None:
        if by is None:
            what = f"{within.segment} is a segment of nothing: it is not said what the book is told apart by"
            raise SegmentUnknown(what, fix="say it with `by`, such as product", pointer="/by")
        entries = by_segment(book, by).get(within.segment, [])
    if within.account_id is not None:
        entries = [each for each in entries if each.account == within.account_id]
    return entries
