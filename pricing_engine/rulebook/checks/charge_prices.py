"""A price fits its charge: it is not below what a unit costs, and it counts where the charge counts."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.compile.settings import compile_rates
from pricing_engine.rulebook.documents.price_book import Entry, FlatEntry, PerUnitEntry, PriceBookDocument
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.index import owners_of
from pricing_engine.rulebook.repository import Repository
from pricing_engine.rulebook.rulebook import ExchangeRates, RateMissing
from pricing_engine.rulebook.sources import Loaded

Book = Loaded[PriceBookDocument]


class _Cost(NamedTuple):
    """What a unit of a charge costs per period, in the reporting currency, and where that is written."""

    amount: Decimal
    owner: Loaded[Shape]
    charge: str


def check_charge_prices(subject: Subject) -> Iterator[Fault]:
    """W318 for a price below the unit's cost, W319 for one amount whatever the quantity."""
    metrics = {each.key: each.charge.metric for each in subject.sold}
    costs, rates = _costs(subject.repository), _rates(subject.repository)
    for book in subject.repository.price_books:
        for key, entries in book.shape.prices.items():
            metric, cost = metrics.get(key), costs.get(key)
            for i, entry in enumerate(entries):
                if metric is not None and isinstance(entry, FlatEntry):
                    yield _uncounted(book, key, i, metric)
                elif cost is not None and rates is not None:
                    yield from _below_cost(book, (key, i), entry, cost, rates)


def _costs(repository: Repository) -> dict[str, _Cost]:
    return {
        f"{owner.shape.id}.{charge}": _Cost(amount, owner, charge)
        for owner in owners_of(repository)
        for charge, amount in owner.shape.unit_cost.items()
    }


def _rates(repository: Repository) -> ExchangeRates | None:
    settings = repository.rulebook
    return compile_rates(repository.fx_rates, settings.shape.reporting_currency) if settings is not None else None


def _uncounted(book: Book, key: str, i: int, metric: str) -> Fault:
    what = f"a thousand {metric} cost what one costs: {key} counts {metric}, and model: flat does not"
    fix = "write model: per_unit with unit_price, or remove the metric from the charge"
    return book.fault("W319", ("prices", key, i, "model"), what, fix)


def _below_cost(book: Book, at: tuple[str, int], entry: Entry, cost: _Cost, rates: ExchangeRates) -> Iterator[Fault]:
    if not isinstance(entry, PerUnitEntry | FlatEntry):
        return
    field, price = ("unit_price", entry.unit_price) if isinstance(entry, PerUnitEntry) else ("amount", entry.amount)
    currency = book.shape.currency
    try:
        worth = price * rates.rate(currency, entry.start)
    except RateMissing:
        return
    if worth < cost.amount:
        key, _ = at
        what = f"{key} sells at {price:f} {currency}, below its unit cost of {cost.amount:f} {rates.reporting}"
        fix = "raise the price or correct unit_cost, which is per unit and charge period"
        related = (cost.owner.related(("unit_cost", cost.charge), "the unit cost"),)
        yield book.fault("W318", ("prices", *at, field), what, fix, related=related)
