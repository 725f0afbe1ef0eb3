"""Every price book prices exactly what is sold, each charge by a model that fits it, and no two books compete."""

import re
from collections.abc import Iterator

from pricing_engine.catalog.products import MetricKind, Timing
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.price_book import (
    Entry,
    FlatEntry,
    OnRequestEntry,
    PercentageEntry,
    PriceBookDocument,
)
from pricing_engine.rulebook.documents.product import ChargeShape
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.index import Index, Priced
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean

Book = Loaded[PriceBookDocument]
MARKET = re.compile(r"[A-Z]{2}")
"""As accounts have it."""


def check_price_coverage(subject: Subject) -> Iterator[Fault]:
    """E306, E307 and E310 to E312."""
    yield from _rivals(subject)
    yield from _markets(subject)
    if not subject.index.knows_all("product", "tiers", "bundle"):
        return
    for book in subject.repository.price_books:
        yield from _missing(book, subject.index)
        for key, entries in book.shape.prices.items():
            priced = subject.index.priced.get(key)
            if priced is None:
                fix = did_you_mean(key, subject.index.priced)
                yield book.fault("E307", ("prices", key), f"nothing is sold as {key}", fix, on_key=True)
                continue
            for i, entry in enumerate(entries):
                yield from _fit(book, ("prices", key, i), entry, priced, subject.index)


def _missing(book: Book, index: Index) -> Iterator[Fault]:
    for key, priced in index.priced.items():
        if key not in book.shape.prices:
            related = (priced.place.related((), "sold here"),)
            fix = f"add a dated entry for {key}, with on_request: true where there is no list price"
            what = f"price book {book.shape.id} has no price for {key}"
            yield book.fault("E306", ("prices",), what, fix, on_key=True, related=related)


def _fit(book: Book, path: Path, entry: Entry, priced: Priced, index: Index) -> Iterator[Fault]:
    if isinstance(entry, OnRequestEntry):
        return
    needed = _model_needed(priced.charge, index)
    is_percentage, is_flat = isinstance(entry, PercentageEntry), isinstance(entry, FlatEntry)
    if needed == "percentage" and not is_percentage:
        what = f"{priced.key} is a percentage of other lines; {entry.model} cannot price it"
        yield book.fault("E310", (*path, "model"), what, 'write model: percentage with rate: "20%"')
    elif needed == "flat" and not is_flat:
        what = f"{priced.key} counts no metric; {entry.model} cannot price it"
        yield book.fault("E310", (*path, "model"), what, "write model: flat with amount, or give the charge a metric")
    elif needed == "by quantity" and is_percentage:
        what = f"{priced.key} counts units; a percentage is of an amount of money"
        fix = "give the charge percent_of or a metric of kind money, or price it per unit"
        yield book.fault("E310", (*path, "model"), what, fix)
    is_usage = priced.charge is not None and priced.charge.timing is Timing.USAGE
    if entry.overage_unit_price is not None and not is_usage:
        what = "only a usage charge has overage"
        yield book.fault("E310", (*path, "overage_unit_price"), what, "remove overage_unit_price", on_key=True)


def _model_needed(charge: ChargeShape | None, index: Index) -> str:
    if charge is None:
        return "flat"
    if charge.percent_of is not None:
        return "percentage"
    if charge.metric is None:
        return "flat"
    metric = index.metrics.get(charge.metric)
    return "any" if metric is None or metric.kind is MetricKind.MONEY else "by quantity"


def _rivals(subject: Subject) -> Iterator[Fault]:
    first: dict[tuple[str, str | None], Book] = {}
    for book in subject.repository.price_books:
        for i, market in enumerate(book.shape.market or (None,)):
            earlier = first.setdefault((book.shape.currency, market), book)
            if earlier is not book:
                related = (earlier.related(("id",), "the first is here"),)
                where = f"market {market}" if market is not None else "every other market"
                what = f"a second price book sells in {book.shape.currency} in {where}"
                path: Path = ("market", i) if market is not None else ("id",)
                yield book.fault("E311", path, what, "let one book name the market", related=related)


def _markets(subject: Subject) -> Iterator[Fault]:
    for book in subject.repository.price_books:
        for i, market in enumerate(book.shape.market):
            if not MARKET.fullmatch(market):
                respelled = market.strip().upper()
                fix = f"write {respelled}" if MARKET.fullmatch(respelled) else "write two capital letters, such as US"
                what = f'no account is in market "{market}": a market is a country by its ISO 3166 letters'
                yield book.fault("E312", ("market", i), what, fix)
