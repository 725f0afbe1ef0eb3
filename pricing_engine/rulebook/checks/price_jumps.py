"""Warns where a dated figure becomes another one by so much that a digit or a point was rather lost than meant."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.fields import write_percent
from pricing_engine.rulebook.documents.price_book import (
    Entry,
    FlatEntry,
    GraduatedEntry,
    PackageEntry,
    PercentageEntry,
    PerUnitEntry,
    PriceBookDocument,
    StairstepEntry,
    VolumeEntry,
)
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.sources import Loaded

LARGEST_CHANGE_OF_PRICE = 5
LARGEST_CHANGE_OF_RATE = 2
"""Times; a currency rarely doubles between two dates at which somebody sets rates."""


class _Figure(NamedTuple):
    """The figure of an entry that is compared with the next one's, and where it stands in the entry."""

    path: Path
    value: Decimal
    shown: str


def check_price_jumps(subject: Subject) -> Iterator[Fault]:
    """W320 between the dated entries of a price, W321 between dated exchange rates."""
    for book in subject.repository.price_books:
        for key, entries in book.shape.prices.items():
            order = sorted(range(len(entries)), key=lambda i: entries[i].start)
            for before, after in pairwise(order):
                yield from _jump(book, key, before, after)
    yield from _rates(subject)


def _jump(book: Loaded[PriceBookDocument], key: str, before: int, after: int) -> Iterator[Fault]:
    entries = book.shape.prices[key]
    earlier, later = _figure(entries[before]), _figure(entries[after])
    # A figure of another model is another thing: the price of a unit, of a package, of all units together.
    if earlier is None or later is None or type(entries[before]) is not type(entries[after]):
        return
    if _is_jump(earlier.value, later.value, LARGEST_CHANGE_OF_PRICE):
        what = f"{key} goes from {earlier.shown} to {later.shown}: a factor of more than {LARGEST_CHANGE_OF_PRICE}"
        related = (book.related(("prices", key, before, *earlier.path), "the price before"),)
        fix = "correct the figure; leave it only if it is meant"
        yield book.fault("W320", ("prices", key, after, *later.path), what, fix, related=related)


def _rates(subject: Subject) -> Iterator[Fault]:
    fx = subject.repository.fx_rates
    if fx is None:
        return
    dated = sorted(enumerate(fx.shape.rates), key=lambda each: each[1].start)
    for (i, earlier), (j, later) in pairwise(dated):
        for code in sorted(earlier.by_currency.keys() & later.by_currency.keys()):
            before, after = earlier.by_currency[code], later.by_currency[code]
            if _is_jump(before, after, LARGEST_CHANGE_OF_RATE):
                what = f"{code} goes from {before:f} to {after:f}: a factor of more than {LARGEST_CHANGE_OF_RATE}"
                related = (fx.related(("rates", i, code), "the rate before"),)
                fix = "correct the rate; leave it only if it is meant"
                yield fx.fault("W321", ("rates", j, code), what, fix, related=related)


def _is_jump(before: Decimal, after: Decimal, factor: int) -> bool:
    low, high = sorted((before, after))
    return low > 0 and high > factor * low


def _figure(entry: Entry) -> _Figure | None:
    """The entry's figure, of bands the first one's; None where there is none to compare."""
    match entry:
        case FlatEntry(amount=value):
            return _Figure(("amount",), value, f"{value:f}")
        case PerUnitEntry(unit_price=value):
            return _Figure(("unit_price",), value, f"{value:f}")
        case PackageEntry(size=size, price=price):
            return _Figure(("price",), price / size, f"{price:f} per {size:f}")
        case PercentageEntry(rate=Decimal() as rate):
            return _Figure(("rate",), rate, write_percent(rate))
        case VolumeEntry(bands=bands) | GraduatedEntry(bands=bands) if bands[0].unit_price is not None:
            return _Figure(("bands", 0, "unit_price"), bands[0].unit_price, f"{bands[0].unit_price:f}")
        case StairstepEntry(bands=steps):
            return _Figure(("bands", 0, "amount"), steps[0].amount, f"{steps[0].amount:f}")
        case _:
            return None
