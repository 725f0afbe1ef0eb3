"""Warns where more costs less: exact, since under rising amounts inside each band only the band edges can fall."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal

from pricing_engine.catalog.prices import Price, rate
from pricing_engine.money import exact_arithmetic
from pricing_engine.rulebook.checks.prices import check_entry
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.compile.prices import compile_price
from pricing_engine.rulebook.documents.price_book import (
    BandShape,
    PriceBookDocument,
    StairstepEntry,
    StepShape,
    VolumeEntry,
)
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.index import Index
from pricing_engine.rulebook.sources import Loaded

Book = Loaded[PriceBookDocument]


def check_price_inversion(subject: Subject) -> Iterator[Fault]:
    """W309 for every band edge at which one step more costs less (P12), where the step it is sold in is known."""
    for book in subject.repository.price_books:
        for key, entries in book.shape.prices.items():
            if (step := _step(key, subject.index)) is None:
                continue
            for i, entry in enumerate(entries):
                path = ("prices", key, i)
                if isinstance(entry, VolumeEntry | StairstepEntry) and not any(check_entry(book, path, entry)):
                    with exact_arithmetic():
                        yield from _edges(book, path, entry, step)


def _edges(book: Book, path: Path, entry: VolumeEntry | StairstepEntry, step: Decimal) -> Iterator[Fault]:
    price = compile_price(entry)
    bands: Sequence[BandShape | StepShape] = entry.bands
    last = bands[-1].up_to
    told = set[Decimal]()
    for i, band in enumerate(bands):
        if band.up_to is None or i + 1 == len(bands):
            continue
        edge = ((band.up_to + price.included) / step).to_integral_value(ROUND_FLOOR) * step
        above = edge + step
        if edge <= 0 or edge in told or (last is not None and above - price.included > last):
            continue
        told.add(edge)
        yield from _falls(book, (*path, "bands", i, "up_to"), price, edge, above)


def _falls(book: Book, path: Path, price: Price, edge: Decimal, above: Decimal) -> Iterator[Fault]:
    here, more = rate(price, edge), rate(price, above)
    if more < here:
        what = f"{above:f} cost {more:f}, less than {edge:f}, which cost {here:f}"
        fix = "use model: graduated, or raise the price of the next band; the quote will say it either way"
        yield book.fault("W309", path, what, fix)


def _step(key: str, index: Index) -> Decimal | None:
    """The step in which the charge's metric is sold: the product's own, else the metric's; None if not known."""
    priced, owner = index.priced.get(key), index.products.get(key.partition(".")[0])
    metric = priced.charge.metric if priced is not None and priced.charge is not None else None
    rule = owner.shape.quantities.get(metric) if owner is not None and metric is not None else None
    if rule is not None and rule.step is not None:
        return rule.step
    known = index.metrics.get(metric or "")
    return None if known is None else known.step
