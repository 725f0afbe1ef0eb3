"""Compiles price books: dated entries to charge models, each entry in force until the next one starts."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from pricing_engine.catalog.charge_models import (
    Band,
    ChargeModel,
    Flat,
    Graduated,
    Package,
    Percentage,
    PerUnit,
    Stairstep,
    Volume,
)
from pricing_engine.catalog.price_books import DatedPrices, PriceBook, PriceEntry
from pricing_engine.catalog.prices import OnRequest, Price
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import ZERO, Currency
from pricing_engine.rulebook.documents.price_book import (
    BandShape,
    Entry,
    FlatEntry,
    GraduatedEntry,
    OnRequestEntry,
    PackageEntry,
    PercentageEntry,
    PerUnitEntry,
    PriceBookDocument,
    PricedEntries,
    PricedEntry,
    StairstepEntry,
    StepShape,
    VolumeEntry,
)
from pricing_engine.rulebook.sources import Loaded

_ON_REQUEST = OnRequest()


def compile_price_book(loaded: Loaded[PriceBookDocument], currencies: Mapping[str, Currency]) -> PriceBook:
    """One price book."""
    shape = loaded.shape
    return PriceBook(
        id=shape.id,
        currency=currencies[shape.currency],
        markets=frozenset(shape.market),
        prices={key: DatedPrices(_dated(loaded, key, entries)) for key, entries in shape.prices.items()},
        rule=loaded.rule(("id",), shape.id, shape.why),
    )


def _dated(loaded: Loaded[PriceBookDocument], key: str, entries: Sequence[Entry]) -> tuple[PriceEntry, ...]:
    order = sorted(range(len(entries)), key=lambda index: entries[index].start)
    dated = []
    for place, index in enumerate(order):
        entry = entries[index]
        end = entry.until
        if end is None and place + 1 < len(order):
            end = entries[order[place + 1]].start
        line = loaded.source.line((*loaded.path, "prices", key, index))
        rule = RuleRef(key, loaded.source.file, line, entry.why)
        price = _ON_REQUEST if isinstance(entry, OnRequestEntry) else compile_price(entry)
        dated.append(PriceEntry(entry.start, end, price, rule))
    return tuple(dated)


def compile_price(entry: PricedEntries) -> Price:
    """The price of one entry."""
    return _surrounded(entry, compile_model(entry))


def _surrounded(entry: PricedEntry, model: ChargeModel) -> Price:
    return Price(model, entry.included, entry.minimum, entry.maximum, entry.overage_unit_price)


def compile_model(entry: PricedEntries) -> ChargeModel:
    """The charge model of one entry."""
    match entry:
        case FlatEntry(amount=amount):
            return Flat(amount)
        case PerUnitEntry(unit_price=unit_price):
            return PerUnit(unit_price)
        case VolumeEntry(bands=bands):
            return Volume(_bands(bands))
        case GraduatedEntry(bands=bands):
            return Graduated(_bands(bands))
        case StairstepEntry(bands=steps):
            return Stairstep(_steps(steps))
        case PackageEntry(size=size, price=price):
            return Package(size, price)
        case PercentageEntry():
            return _percentage(entry)
        case _:
            assert_never(entry)


def _bands(bands: Sequence[BandShape]) -> tuple[Band, ...]:
    return tuple(Band(band.up_to, band.unit_price or ZERO, band.flat or ZERO) for band in bands)


def _steps(steps: Sequence[StepShape]) -> tuple[Band, ...]:
    return tuple(Band(step.up_to, flat=step.amount) for step in steps)


def _percentage(entry: PercentageEntry) -> Percentage:
    """The rates by bands of the amount; the fixed part is owed from the first band on."""
    if entry.rate is not None:
        return Percentage(Graduated((Band(None, entry.rate, entry.fixed),)))
    first, *rest = entry.bands
    bands = (Band(first.up_to, first.rate, first.flat + entry.fixed), *(Band(b.up_to, b.rate, b.flat) for b in rest))
    return Percentage(Graduated(bands))
