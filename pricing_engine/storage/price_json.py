"""A list price, its charge model with its bands, as JSON and back; each mapping stands beside its inverse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, assert_never

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
from pricing_engine.catalog.prices import Price
from pricing_engine.storage.exact_numbers import NumbersRead, maybe_text

_BANDED: Final[Mapping[str, type[Volume | Graduated | Stairstep]]] = {
    "volume": Volume,
    "graduated": Graduated,
    "stairstep": Stairstep,
}


def plain_price(price: Price) -> tuple[Any, ...]:
    """The model's word and its numbers, then what surrounds it."""
    limits = (price.minimum, price.maximum, price.overage_unit_price)
    return *_plain_model(price.model), str(price.included), *map(maybe_text, limits)


def read_price(plain: list[Any], numbers: NumbersRead) -> Price:
    """The price `plain_price` was given."""
    word, model, included, minimum, maximum, overage = plain
    return Price(
        _model(word, model, numbers),
        numbers[included],
        None if minimum is None else numbers[minimum],
        None if maximum is None else numbers[maximum],
        None if overage is None else numbers[overage],
    )


def _plain_model(model: ChargeModel) -> tuple[str, Any]:
    match model:
        case Flat(price):
            return "flat", str(price)
        case PerUnit(unit_price):
            return "per_unit", str(unit_price)
        case Volume(bands):
            return "volume", _plain_bands(bands)
        case Graduated(bands):
            return "graduated", _plain_bands(bands)
        case Stairstep(bands):
            return "stairstep", _plain_bands(bands)
        case Package(size, price):
            return "package", (str(size), str(price))
        case Percentage(rates):
            return "percentage", _plain_bands(rates.bands)
        case other:
            assert_never(other)


def _model(word: str, plain: Any, numbers: NumbersRead) -> ChargeModel:
    match word:
        case "flat":
            return Flat(numbers[plain])
        case "per_unit":
            return PerUnit(numbers[plain])
        case "package":
            size, price = plain
            return Package(numbers[size], numbers[price])
        case "percentage":
            return Percentage(Graduated(_bands(plain, numbers)))
        case _:
            return _BANDED[word](_bands(plain, numbers))


def _plain_bands(bands: tuple[Band, ...]) -> list[tuple[str | None, str, str]]:
    return [(maybe_text(band.up_to), str(band.unit_price), str(band.flat)) for band in bands]


def _bands(plain: list[Any], numbers: NumbersRead) -> tuple[Band, ...]:
    return tuple(
        [
            Band(None if up_to is None else numbers[up_to], numbers[unit_price], numbers[flat])
            for up_to, unit_price, flat in plain
        ]
    )
