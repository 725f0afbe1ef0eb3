"""Rates of the book without one account, so that what a quote does to them is told from that account alone (N10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pricing_engine.retention.cut import cut_of
from pricing_engine.retention.rates import NOTHING, Rates
from pricing_engine.usecases.retained_book import RetainedBook
from pricing_engine.usecases.retained_segments import segments_of

_MOST_KEPT: Final = 64


def rates_without(book: RetainedBook, account_id: str, *, by: str | None = None, segment: str = "") -> Rates:
    """The rates of the book, or of a segment that the account is in, as they are without it.

    Raises: SegmentUnknown; RateMissing.
    """
    (own,) = cut_of(book.valued(book.kept.ledger.of_account(account_id)), book.window).rates()
    return _rates(book, by).get(segment, NOTHING).less(own)


def _rates(book: RetainedBook, by: str | None) -> Mapping[str, Rates]:
    """The rates of every segment: many quotes are of one day, and each asks for them."""
    kept, key = book.kept.rates, (book.window, book.rulebook.hash, by)
    found = kept.get(key)
    if found is None:
        whole = cut_of(book.ledger, book.window)
        cut = whole if by is None else whole.told_apart(segments_of(book, by))
        found = dict(zip(cut.segments.names, cut.rates(), strict=True))
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[key] = found
    return found
