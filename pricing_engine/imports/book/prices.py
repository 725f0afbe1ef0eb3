"""What a row was sold for: the contracted schedule, and list and net per year, each as the row gives it."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from pricing_engine.catalog.charge_models import Flat, PerUnit, QuantityBeyondBands
from pricing_engine.catalog.price_books import PriceBook, PriceMissing
from pricing_engine.catalog.prices import Price, rate_layer
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.imports.book.problems import Wrong
from pricing_engine.imports.book.sold import Sold
from pricing_engine.money import EXACT, ZERO, Currency

_UNIT: Final = Decimal("1e-12")
_MONTHS: Final = Decimal(12)


class Amounts(NamedTuple):
    """What the row says it costs net: per unit and charge period, and per year, unrounded."""

    unit_price: Decimal
    per_year: Decimal


def amounts_of(net: Decimal, measure: str, sold: Sold, quantity: Decimal) -> Amounts:
    """The net amounts of a row from the one that it gives.

    Rounds: a unit price that has no end, half up to 12 decimals (P1); the yearly amount never.
    """
    periods = sold.charge.periods_per_year
    if measure == "net_unit_price":
        return Amounts(net, net * quantity * periods)
    per_year = net * _MONTHS if measure == "net_per_month" else net
    return Amounts(to_unit_price(per_year, sold, quantity), per_year)


def to_unit_price(per_year: Decimal, sold: Sold, quantity: Decimal) -> Decimal:
    """A yearly amount per unit and charge period."""
    unit_price = EXACT.divide(per_year, quantity * sold.charge.periods_per_year)
    exponent = unit_price.as_tuple().exponent
    assert isinstance(exponent, int)
    return unit_price if exponent >= -12 else unit_price.quantize(_UNIT, ROUND_HALF_UP, EXACT)


def in_measure(per_year: Decimal, measure: str, sold: Sold, quantity: Decimal) -> Decimal:
    """A yearly amount in the measure of a row's net."""
    match measure:
        case "net_unit_price":
            return EXACT.divide(per_year, quantity * sold.charge.periods_per_year)
        case "net_per_month":
            return EXACT.divide(per_year, _MONTHS)
        case _:
            return per_year


def is_same(given: Decimal, computed: Decimal, currency: Currency) -> bool:
    """Whether an amount comes to one that was given, in its decimals and at least those of the minor unit.

    Rounds: half up, as whoever wrote the file may have done.
    """
    exponent = given.as_tuple().exponent
    assert isinstance(exponent, int)
    quantum = Decimal(1).scaleb(min(exponent, -currency.digits))
    return given == computed.quantize(quantum, ROUND_HALF_UP, EXACT)


def schedule_of(sold: Sold, unit_price: Decimal) -> Price:
    """A contracted price per unit and charge period; an amount for a charge that counts nothing."""
    return Price(Flat(unit_price) if sold.charge.metric is None else PerUnit(unit_price))


class Listed(NamedTuple):
    """The list price of a charge: the rulebook's, or the one in the row; and the rule it is."""

    price: Price
    entry: RuleRef


def list_price(sold: Sold, *, book: PriceBook, day: date) -> Listed | Wrong:
    """The list price in force on a day in the rulebook's book."""
    fix = "map list_unit_price, so that the row says what list was; or leave its policies out"
    try:
        entry = book.in_force(sold.key, day)
    except PriceMissing as missing:
        return Wrong("no-list-price", missing.what, fix)
    if not isinstance(entry.price, Price):
        return Wrong("no-list-price", f"{sold.key} is on request in price book {book.id}", fix)
    return Listed(entry.price, entry.rule)


def list_per_year(price: Price, sold: Sold, quantity: Decimal, *, below: Decimal = ZERO) -> Decimal | Wrong:
    """What a quantity costs a year by a schedule, on top of the units below it; unrounded."""
    try:
        return rate_layer(price, quantity, below=below) * sold.charge.periods_per_year
    except QuantityBeyondBands as beyond:
        return Wrong("beyond-bands", f"{sold.key}: {beyond.what}", "map list_unit_price, or mend the quantity")
