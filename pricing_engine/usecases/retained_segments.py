"""What the book is told apart by, and what its segments are called (N9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from pricing_engine.errors import DomainError
from pricing_engine.money import ZERO
from pricing_engine.retention.cohorts import CohortSpan, days_of_accounts, first_day
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.rates import opening_of, positions_of
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean
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

Key = Callable[[Entry], str]
"""What the segment of an entry is called."""


class SegmentUnknown(DomainError):
    """The book is not told apart by this."""

    code = "segment-unknown"


def by_segment(book: RetainedBook, by: str) -> dict[str, list[Entry]]:
    """The entries of each segment, by its name; `by` may name several things, between commas.

    Every entry is in one segment, so those of all sum to the book.

    Raises: SegmentUnknown.
    """
    names = by.split(",")
    if len(names) > MOST_NAMES:
        raise SegmentUnknown(f"{by} names more than {MOST_NAMES} things", fix="name fewer", pointer="/by")
    if len(set(names)) < len(names):
        raise SegmentUnknown(f"{by} names one thing twice", fix="name each once", pointer="/by")
    keys = [_key(name, book) for name in names]
    found: dict[tuple[str, ...], list[Entry]] = {}
    for each in book.entries:
        found.setdefault(tuple([key(each) for key in keys]), []).append(each)
    return {_name(values): found[values] for values in sorted(found, key=_order)}


def _name(values: tuple[str, ...]) -> str:
    """The name of a segment. No two have one, as a dot that a value contains is doubled beside others."""
    return values[0] if len(values) == 1 else _BETWEEN.join([value.replace("·", "··") for value in values])


def _order(values: tuple[str, ...]) -> list[tuple[Decimal, str]]:
    """Sizes by what they begin with, all else by name."""
    return [(_SIZES.get(value, ZERO), value) for value in values]


def _key(by: str, book: RetainedBook) -> Key:
    if by in _KEYS:
        return _KEYS[by](book)
    attributes = account_attributes(book.rulebook)
    if by not in attributes:
        known = [*_KEYS, *attributes]
        raise SegmentUnknown(
            f"accounts have no attribute {by}",
            fix=did_you_mean(by, known, if_none=f"ask by one of {', '.join(known)}"),
            pointer="/by",
        )
    return lambda entry: segment_value(book.accounts[entry.account].attributes.get(by))


def _by_cohort(book: RetainedBook) -> Key:
    quarters = {account: _quarter(days) for account, days in days_of_accounts(book.entries).items()}
    return lambda entry: quarters[entry.account]


def _quarter(days: Mapping[date, Decimal]) -> str:
    began = first_day(days)
    if began is None:
        return _UNKNOWN
    start = CohortSpan.QUARTER.start_of(began)
    return f"{start.year}-Q{(start.month + 2) // 3}"


def _by_size(book: RetainedBook) -> Key:
    sizes = {account: _size(opening_of(lines)) for account, lines in positions_of(book.entries, book.window).items()}
    return lambda entry: sizes.get(entry.account, _UNKNOWN)


def _size(amount: Decimal) -> str:
    return next((name for name, least in reversed(_SIZES.items()) if amount and amount >= least), _UNKNOWN)


_KEYS: Final[Mapping[str, Callable[[RetainedBook], Key]]] = {
    "product": lambda _: lambda entry: entry.product_line,
    "currency": lambda book: lambda entry: book.accounts[entry.account].currency or _UNKNOWN,
    "market": lambda book: lambda entry: book.accounts[entry.account].market or _UNKNOWN,
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
