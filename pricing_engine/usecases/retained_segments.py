"""What the book is told apart by, and what its segments are called (N9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from pricing_engine.errors import DomainError
from pricing_engine.money import ZERO
from pricing_engine.retention.cohorts import CohortSpan
from pricing_engine.retention.columns import NEVER, Codes, Ints
from pricing_engine.retention.cut import Segments
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.storage.ledger import LedgerAccount
from pricing_engine.usecases.retained_book import RetainedBook

_UNKNOWN: Final = "(none)"
MOST_NAMES: Final = 4
_BETWEEN: Final = " · "
_SIZES: Final = {
    "under 1,000": Decimal(0),
    "1,000 and more": Decimal(1_000),
    "10,000 and more": Decimal(10_000),
    "100,000 and more": Decimal(100_000),
    "1,000,000 and more": Decimal(1_000_000),
}
"""Bands of what a customer had at the opening, by the least of each. Units: the reporting currency, a year."""

Values = tuple[Sequence[str], Ints]
"""The names of values, and by product line of each account, in the order of the ledger, which of them it has."""


class SegmentUnknown(DomainError):
    """The book is not told apart by this."""

    code = "segment-unknown"


def segments_of(book: RetainedBook, by: str) -> Segments:
    """The segments of the book, in order; `by` may name several things, between commas.

    Every product line of an account is in one segment, so those of all sum to the book.

    Raises: SegmentUnknown.
    """
    lines = book.ledger.ledger.by_line
    names = by.split(",")
    if len(names) > MOST_NAMES:
        raise SegmentUnknown(f"{by} names more than {MOST_NAMES} things", fix="name fewer", pointer="/by")
    if len(set(names)) < len(names):
        raise SegmentUnknown(f"{by} names one thing twice", fix="name each once", pointer="/by")
    found = [_values(name, book) for name in names]
    keys = np.zeros(len(lines), np.int64)
    for values, places in found:
        keys = keys * len(values) + places
    is_in = book.ledger.has_begun
    used, found_at = np.unique(keys[is_in], return_inverse=True)
    told = [_told(int(key), [values for values, _ in found]) for key in used]
    order = sorted(range(len(told)), key=lambda place: _order(told[place]))
    places_of = np.empty(len(order), np.int64)
    places_of[order] = np.arange(len(order))
    of_line = np.zeros(len(lines), np.int64)  # what begins later comes to nothing in any of them
    of_line[is_in] = places_of[found_at]
    return Segments([name_of(told[place]) for place in order], of_line)


def _told(key: int, values: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The values that a key counts."""
    found: list[str] = []
    for each in reversed(values):
        key, place = divmod(key, len(each))
        found.insert(0, each[place])
    return tuple(found)


def name_of(values: tuple[str, ...]) -> str:
    """The name of a segment. No two have one, as a dot that a value contains is doubled beside others."""
    return values[0] if len(values) == 1 else _BETWEEN.join([value.replace("·", "··") for value in values])


def _order(values: tuple[str, ...]) -> list[tuple[Decimal, str]]:
    """Sizes by what they begin with, all else by name."""
    return [(_SIZES.get(value, ZERO), value) for value in values]


def _values(by: str, book: RetainedBook) -> Values:
    if by in _VALUES:
        return _VALUES[by](book)
    attributes = account_attributes(book.rulebook)
    if by not in attributes:
        known = [*_VALUES, *attributes]
        raise SegmentUnknown(
            f"accounts have no attribute {by}",
            fix=did_you_mean(by, known, if_none=f"ask by one of {', '.join(known)}"),
            pointer="/by",
        )
    return _of_accounts(book, lambda account: segment_value(account.attributes.get(by)))


def _of_accounts(book: RetainedBook, value: Callable[[LedgerAccount], str]) -> Values:
    codes = Codes()
    names = book.ledger.ledger.named.accounts.names
    by_account = codes.of([value(book.accounts[name]) for name in names])
    return codes.names, by_account[_accounts(book)]


def _accounts(book: RetainedBook) -> Ints:
    """The account of each product line, in the order of the ledger."""
    return book.ledger.ledger.columns.account[book.ledger.ledger.by_line.starts]


def _by_product(book: RetainedBook) -> Values:
    ledger = book.ledger.ledger
    return ledger.named.lines.names, ledger.columns.line[ledger.by_line.starts]


def _by_cohort(book: RetainedBook) -> Values:
    days, places = np.unique(book.ledger.began, return_inverse=True)
    codes = Codes()
    return codes.names, codes.of([_quarter(int(day)) for day in days])[places][_accounts(book)]


def _quarter(began: int) -> str:
    if began == NEVER:
        return _UNKNOWN
    start = CohortSpan.QUARTER.start_of(date.fromordinal(began))
    return f"{start.year}-Q{(start.month + 2) // 3}"


def _by_size(book: RetainedBook) -> Values:
    ledger = book.ledger.ledger
    lines, accounts = ledger.by_line, ledger.by_account
    by_account = accounts.sum(book.ledger.up_to(book.window.opening))
    names = [_UNKNOWN, *_SIZES]
    least = [int(each * book.currency.units) for each in _SIZES.values()]
    sizes = np.where(by_account > 0, np.searchsorted(least, by_account, side="right"), 0)
    return names, sizes[accounts.of[lines.starts]]


_VALUES: Final[Mapping[str, Callable[[RetainedBook], Values]]] = {
    "product": _by_product,
    "currency": lambda book: _of_accounts(book, lambda account: account.currency or _UNKNOWN),
    "market": lambda book: _of_accounts(book, lambda account: account.market or _UNKNOWN),
    "cohort": _by_cohort,
    "size": _by_size,
}


def account_attributes(rulebook: Rulebook) -> list[str]:
    """The attributes of accounts that the rules know, in order."""
    return sorted({each.key for each in rulebook.vocabulary.values() if each.source == "account"})


def segment_value(value: object) -> str:
    """What a segment is called after the value of an attribute."""
    if value is None:
        return _UNKNOWN
    if isinstance(value, bool):
        return "true" if value else "false"
    # 0.5 and 0.50 are one value, and so one segment.
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
