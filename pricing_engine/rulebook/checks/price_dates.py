"""The entries of a charge follow each other in time: no overlap, and no day between them without a price."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.price_book import Entry, PriceBookDocument
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.sources import Loaded


def check_price_dates(subject: Subject) -> Iterator[Fault]:
    """E304 for entries in force on one day, E305 for a day between two entries on which none is."""
    for book in subject.repository.price_books:
        for key, entries in book.shape.prices.items():
            if len(entries) > 1:
                yield from _neighbours(book, key, entries)


def _neighbours(book: Loaded[PriceBookDocument], key: str, entries: Sequence[Entry]) -> Iterator[Fault]:
    order = sorted(range(len(entries)), key=lambda i: entries[i].start)
    for before, after in pairwise(order):
        earlier, later = entries[before], entries[after]
        if earlier.until is None and earlier.start != later.start:
            continue
        path = ("prices", key, after, "from")
        related = (book.related(("prices", key, before), "the entry before"),)
        if earlier.start == later.start or (earlier.until is not None and earlier.until > later.start):
            until = f"until {earlier.until}" if earlier.until is not None else f"from {earlier.start}"
            what = f"on {later.start} another entry of {key} is in force, {until}"
            yield book.fault(
                "E304", path, what, "leave until out: an entry ends where the next starts", related=related
            )
        elif earlier.until is not None and earlier.until < later.start:
            what = f"{key} has no price from {earlier.until} until {later.start}"
            yield book.fault("E305", path, what, "leave until out of the entry before", related=related)
