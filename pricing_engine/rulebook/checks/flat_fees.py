"""What a product, tier or bundle costs per year by flat fees alone: what comparisons of whole offers go by."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.catalog.products import Timing
from pricing_engine.rulebook.documents.fields import MONTHS_OF, Per
from pricing_engine.rulebook.documents.price_book import Entry, FlatEntry, PriceBookDocument
from pricing_engine.rulebook.documents.product import ChargeShape
from pricing_engine.rulebook.sources import Loaded

Book = Loaded[PriceBookDocument]
_A_YEAR = 12


class FlatFee(NamedTuple):
    """A flat price in force on a day: per year, and which entry of which key it is."""

    per_year: Decimal
    key: str
    entry: int


def flat_fee(book: Book, key: str, per: Per | None, day: date) -> FlatFee | None:
    """The flat fee of a key on a day; None where it is not flat, on request, or not priced."""
    entries = book.shape.prices.get(key, ())
    i = _in_force(entries, day)
    entry = entries[i] if i is not None else None
    if i is None or per is None or not isinstance(entry, FlatEntry):
        return None
    return FlatFee(entry.amount * _A_YEAR / MONTHS_OF[per], key, i)


def recurring_fees(book: Book, owner: str, charges: Iterable[ChargeShape], day: date) -> list[FlatFee] | None:
    """The flat fees of all recurring charges; None where one of them is not flat."""
    recurring = [charge for charge in charges if charge.timing is Timing.RECURRING]
    fees = [flat_fee(book, f"{owner}.{charge.id}", charge.per, day) for charge in recurring]
    known = [fee for fee in fees if fee is not None]
    return known if len(known) == len(fees) else None


def days_of_change(book: Book, keys: Iterable[str]) -> list[date]:
    """The days from which one of the keys has another price, in order."""
    return sorted({entry.start for key in keys for entry in book.shape.prices.get(key, ())})


def _in_force(entries: Sequence[Entry], day: date) -> int | None:
    begun = [i for i, entry in enumerate(entries) if entry.start <= day]
    last = max(begun, key=lambda i: entries[i].start, default=None)
    if last is None:
        return None
    until = entries[last].until
    return last if until is None or day < until else None
