"""Each price entry is sound by itself: bands that rise to an open end, a price in every band, limits in order."""

from collections.abc import Iterator, Sequence

from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.price_book import (
    BandShape,
    Entry,
    GraduatedEntry,
    OnRequestEntry,
    PercentageEntry,
    PriceBookDocument,
    RateBandShape,
    StairstepEntry,
    StepShape,
    VolumeEntry,
)
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.sources import Loaded

Bands = Sequence[BandShape | StepShape | RateBandShape]
Book = Loaded[PriceBookDocument]


def check_prices(subject: Subject) -> Iterator[Fault]:
    """E115, E301 to E303 and E308 for every entry."""
    for book in subject.repository.price_books:
        for key, entries in book.shape.prices.items():
            for i, entry in enumerate(entries):
                yield from check_entry(book, ("prices", key, i), entry)


def check_entry(book: Book, path: Path, entry: Entry) -> Iterator[Fault]:
    """What is wrong with one entry by itself."""
    if entry.until is not None and entry.until <= entry.start:
        what = f"the entry ends on {entry.until}, before it starts"
        yield book.fault("E115", (*path, "until"), what, "write until after from, or leave it out")
    if isinstance(entry, OnRequestEntry):
        return
    if entry.minimum is not None and entry.maximum is not None and entry.minimum > entry.maximum:
        what = f"the minimum {entry.minimum} is above the maximum {entry.maximum}"
        yield book.fault("E308", (*path, "minimum"), what, "write a minimum of at most the maximum")
    if isinstance(entry, VolumeEntry | GraduatedEntry):
        yield from _bands(book, path, entry.bands, may_close=False)
        yield from _priced(book, path, entry.bands)
    elif isinstance(entry, StairstepEntry):
        yield from _bands(book, path, entry.bands, may_close=True)
    elif isinstance(entry, PercentageEntry):
        yield from _bands(book, path, entry.bands, may_close=False)
        if (entry.rate is None) == (not entry.bands):
            fix = 'write rate: "20%", or bands with a rate each'
            yield book.fault("E303", path, "a percentage has one rate or bands of rates", fix)


def _bands(book: Book, path: Path, bands: Bands, *, may_close: bool) -> Iterator[Fault]:
    """Bands tile the quantities: each starts where the one before ends, so only the order of ends can be wrong."""
    lower = None
    for i, band in enumerate(bands):
        place, is_last = (*path, "bands", i), i + 1 == len(bands)
        if band.up_to is None:
            if not is_last:
                fix = "give it up_to, or make it the last"
                yield book.fault("E302", place, "only the last band is open; what follows is never reached", fix)
            continue
        if lower is not None and band.up_to <= lower:
            how = "overlaps" if band.up_to < lower else "is empty beside"
            what = f"this band ends at {band.up_to} and {how} the one before, which ends at {lower}"
            yield book.fault("E301", (*place, "up_to"), what, "write the bands in rising order")
        if is_last and not may_close:
            what = f"there is no price above {band.up_to}"
            yield book.fault("E302", (*place, "up_to"), what, "remove up_to from the last band")
        lower = band.up_to


def _priced(book: Book, path: Path, bands: Sequence[BandShape]) -> Iterator[Fault]:
    for i, band in enumerate(bands):
        if band.unit_price is None and band.flat is None:
            fix = 'add unit_price, flat or both; write "0" where it is free'
            yield book.fault("E303", (*path, "bands", i), "this band has no price", fix)
