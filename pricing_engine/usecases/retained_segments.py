"""What the book is told apart by, and what its segments are called (N9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np

from pricing_engine.errors import DomainError
from pricing_engine.retention.cohorts import CohortSpan
from pricing_engine.retention.columns import NEVER, UNKNOWN, Codes, Ints
from pricing_engine.retention.cut import Segments
from pricing_engine.retention.segments import (
    DISCOUNTS,
    MOST_NAMES,
    NO_VALUE,
    SIZES,
    segment_name,
    segment_value,
)
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.storage.ledger import LedgerAccount
from pricing_engine.usecases.retained_book import RetainedBook

Values = tuple[Sequence[str], Ints]
"""The names of values in order, and by product line of each account, as the ledger has them, which of them it has."""


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
    of_line = np.zeros(len(lines), np.int64)  # what begins later comes to nothing in any of them
    of_line[is_in] = found_at
    return Segments([segment_name(_told(int(key), [values for values, _ in found])) for key in used], of_line)


def _told(key: int, values: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The values that a key counts."""
    found: list[str] = []
    for each in reversed(values):
        key, place = divmod(key, len(each))
        found.insert(0, each[place])
    return tuple(found)


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
    return _of_accounts(book, by, lambda account: segment_value(account.attributes.get(by)))


def _of_accounts(book: RetainedBook, by: str, value: Callable[[LedgerAccount], str]) -> Values:
    """Something that accounts never change, so that each is asked for it once."""
    codes, places = book.kept.values.get(by) or (Codes(), np.zeros(0, np.int32))
    if unasked := book.ledger.ledger.named.accounts.names[len(places) :]:
        places = np.concatenate([places, codes.of([value(book.accounts[name]) for name in unasked])])
        book.kept.values[by] = codes, places
    return _ordered(codes.names, places[_accounts(book)])


def _ordered(names: Sequence[str], places: Ints) -> Values:
    """Values by what they are called, from names of which several may be alike."""
    ordered = sorted({*names})
    place_of = {name: place for place, name in enumerate(ordered)}
    return ordered, np.array([place_of[name] for name in names], np.int64)[places]


def _accounts(book: RetainedBook) -> Ints:
    """The account of each product line, in the order of the ledger."""
    return book.ledger.ledger.columns.account[book.ledger.ledger.by_line.starts]


def _by_product(book: RetainedBook) -> Values:
    ledger = book.ledger.ledger
    return _ordered(ledger.named.lines.names, ledger.columns.line[ledger.by_line.starts])


def _by_cohort(book: RetainedBook) -> Values:
    days, places = np.unique(book.ledger.began, return_inverse=True)
    return _ordered([_quarter(int(day)) for day in days], places[_accounts(book)])


def _quarter(began: int) -> str:
    if began == NEVER:
        return NO_VALUE
    start = CohortSpan.QUARTER.start_of(date.fromordinal(began))
    return f"{start.year}-Q{(start.month + 2) // 3}"


def _by_size(book: RetainedBook) -> Values:
    ledger = book.ledger.ledger
    lines, accounts = ledger.by_line, ledger.by_account
    opening = accounts.sum(book.ledger.up_to(book.window.opening))
    least = [each * book.currency.units for each in SIZES.values()]
    sizes = np.where(opening > 0, np.searchsorted(least, opening, side="right"), 0)
    return [NO_VALUE, *SIZES], sizes[accounts.of[lines.starts]]


def _by_tier(book: RetainedBook) -> Values:
    names, tier = book.ledger.ledger.named.tiers.names, _at_opening(book, "tier")
    return _ordered([*names, NO_VALUE], np.where(tier == UNKNOWN, len(names), tier))


def _by_term(book: RetainedBook) -> Values:
    months, places = np.unique(_at_opening(book, "term"), return_inverse=True)
    return [_term(each) for each in months.tolist()], places


def _term(months: int) -> str:
    if months == UNKNOWN:
        return NO_VALUE
    return "1 month" if months == 1 else f"{months} months"


def _by_discount(book: RetainedBook) -> Values:
    discount = _at_opening(book, "discount")
    bands = np.searchsorted([*DISCOUNTS.values()], np.maximum(discount, 0), side="right")
    return [NO_VALUE, *DISCOUNTS], np.where(discount == UNKNOWN, 0, bands)


def _at_opening(book: RetainedBook, name: str) -> Ints:
    """What a column says of each product line of an account at the opening, or of what begins later as it began."""
    column = getattr(book.ledger.ledger.columns, name)
    places = book.ledger.at_opening(column != UNKNOWN, book.window.opening)
    found = np.full(len(places), UNKNOWN, column.dtype)
    found[places >= 0] = column[places[places >= 0]]
    return found


_VALUES: Final[Mapping[str, Callable[[RetainedBook], Values]]] = {
    "product": _by_product,
    "currency": lambda book: _of_accounts(book, "currency", lambda account: account.currency or NO_VALUE),
    "market": lambda book: _of_accounts(book, "market", lambda account: account.market or NO_VALUE),
    "cohort": _by_cohort,
    "size": _by_size,
    "tier": _by_tier,
    "term": _by_term,
    "discount": _by_discount,
}


def account_attributes(rulebook: Rulebook) -> list[str]:
    """The attributes of accounts that the rules know, in order, less those called as what any book is told by."""
    return sorted({each.key for each in rulebook.vocabulary.values() if each.source == "account"} - {*_VALUES})
