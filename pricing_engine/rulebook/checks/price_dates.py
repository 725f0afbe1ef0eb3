"""The entries of a charge follow each other in time, without overlap or gap, for as long as its price book sells."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.price_book import Entry, PriceBookDocument
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.sources import Loaded


def check_price_dates(subject: Subject) -> Iterator[Fault]:
    """E304 for entries in force on one day, E305 for a day between two on which none is, W316 and W317 at the ends."""
    for book in subject.repository.price_books:
        opening = _opening(book)
        for key, entries in book.shape.prices.items():
            order = sorted(range(len(entries)), key=lambda i: entries[i].start)
            yield from _neighbours(book, key, entries, order)
            yield from _ends(book, key, entries, order, opening)


def _neighbours(
    book: Loaded[PriceBookDocument], key: str, entries: Sequence[Entry], order: Sequence[int]
) -> Iterator[Fault]:
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


def _opening(book: Loaded[PriceBookDocument]) -> tuple[date, Path]:
    """The first day on which the book has a price, and where that is written."""
    starts = [(entry.start, key, i) for key, entries in book.shape.prices.items() for i, entry in enumerate(entries)]
    day, key, i = min(starts, key=lambda each: each[0], default=(date.max, "", 0))
    return day, ("prices", key, i, "from")


def _ends(
    book: Loaded[PriceBookDocument],
    key: str,
    entries: Sequence[Entry],
    order: Sequence[int],
    opening: tuple[date, Path],
) -> Iterator[Fault]:
    """What is sold late or given up is meant so; a slip in a year looks the same, so the author is asked."""
    first, last = order[0], order[-1]
    opens, where = opening
    if entries[first].start > opens:
        what = f"{key} has no price before {entries[first].start}; price book {book.shape.id} opens on {opens}"
        fix = f"write from: {opens}, or add an entry before; leave it only if this is new on {entries[first].start}"
        related = (book.related(where, "the first price of the book"),)
        yield book.fault("W316", ("prices", key, first, "from"), what, fix, related=related)
    if (ends := entries[last].until) is not None and ends > entries[last].start:
        what = f"{key} has no price from {ends} on"
        fix = f"remove until, or add an entry from {ends}; leave it only if this is no longer sold then"
        yield book.fault("W317", ("prices", key, last, "until"), what, fix)
