"""Read what is behind a figure of retention: accounts of a segment, and movements with the quotes they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

import numpy as np

from pricing_engine.desk import Desk
from pricing_engine.money import Currency, exact_arithmetic
from pricing_engine.retention.columns import Ints
from pricing_engine.retention.cut import positions_of
from pricing_engine.retention.grouped import ranked, runs_of
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.rates import Position, Window
from pricing_engine.retention.returned import returned_after
from pricing_engine.storage.ledger import LedgerAccount
from pricing_engine.usecases.read_retention import Asked
from pricing_engine.usecases.retained_book import RetainedBook, read_book
from pricing_engine.usecases.retained_segments import SegmentUnknown, segments_of

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
        ledger = book.ledger.ledger
        opening, closing = positions_of(book.ledger, book.window)
        lines = np.flatnonzero(_lines_within(book, asked.by, within) & ((opening != 0) | (closing != 0)))
        accounts = runs_of(ledger.columns.account[ledger.by_line.starts[lines]])
        changed = np.abs(accounts.sum(closing[lines]) - accounts.sum(opening[lines]))
        numbers, names = (
            ledger.columns.account[ledger.by_line.starts[lines[accounts.starts]]],
            ledger.named.accounts.names,
        )
        order = ranked(-changed, lambda place: names[numbers[place]], after=after, limit=limit)
        ends = np.append(accounts.starts[1:], len(lines))
        found = [
            _account(book, names[numbers[place]], lines[accounts.starts[place] : ends[place]], opening, closing)
            for place in order
        ]
    return Behind(book.window, book.currency, found, len(accounts))


def _account(book: RetainedBook, name: str, lines: Ints, opening: Ints, closing: Ints) -> RetainedAccount:
    ledger, money = book.ledger.ledger, book.ledger.money
    by_line = {
        ledger.named.lines.names[ledger.columns.line[ledger.by_line.starts[line]]]: Position(
            money(opening[line]), money(closing[line])
        )
        for line in lines
    }
    both = Position(*[sum(each, book.currency.zero) for each in zip(*by_line.values(), strict=True)])
    return RetainedAccount(book.accounts[name], both.opening, both.closing, by_line)


def read_movements(desk: Desk, asked: Asked, within: Within, *, after: int, limit: int) -> Behind[Entry]:
    """Up to `limit` movements of the window, in order of day, account, contract and product line, after so many.

    Raises: as `read_retention`.
    """
    book = read_book(desk, asked.window)
    columns = returned_after(book.ledger, book.window, gap_days=asked.gap_days).columns
    lines = _lines_within(book, asked.by, within)[book.ledger.ledger.by_line.of]
    places = np.flatnonzero(
        lines & (columns.day > book.window.opening.toordinal()) & (columns.day <= book.ledger.until)
    )
    named = book.ledger.ledger.named

    def who(place: int) -> tuple[str, str, str]:
        # By their names: their numbers are another process's own.
        at = places[place]
        account, contract, line = columns.account[at], columns.contract[at], columns.line[at]
        return named.accounts.names[account], named.contracts.names[contract], named.lines.names[line]

    order = ranked(columns.day[places], who, after=after, limit=limit)
    with exact_arithmetic():
        found = book.ledger.entries(places[order], told=columns)
    return Behind(book.window, book.currency, found, len(places))


def _lines_within(book: RetainedBook, by: str | None, within: Within) -> Ints:
    """Which product lines of accounts are asked for; none of a segment that nobody is in."""
    ledger = book.ledger.ledger
    found = np.ones(len(ledger.by_line), bool)
    if within.segment is not None:
        if by is None:
            what = f"{within.segment} is a segment of nothing: it is not said what the book is told apart by"
            raise SegmentUnknown(what, fix="say it with `by`, such as product", pointer="/by")
        names, of_line = segments_of(book, by)
        found &= of_line == (names.index(within.segment) if within.segment in names else -1)
    if within.account_id is not None:
        account = ledger.named.accounts.get(within.account_id, -1)
        found &= ledger.columns.account[ledger.by_line.starts] == account
    return found
