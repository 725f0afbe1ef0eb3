"""A list price, its charge model with its bands, as a row of texts and back; each mapping stands beside its inverse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
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
from pricing_engine.storage.exact_numbers import maybe_text

_BANDED: Final[Mapping[str, type[Volume | Graduated | Stairstep]]] = {
    "volume": Volume,
    "graduated": Graduated,
    "stairstep": Stairstep,
}


PRICES_KEPT: Final = 4_096
"""Some 5 MB of prices at the most."""


def plain_price(price: Price) -> tuple[str | None, ...]:
    """The model's word, what surrounds the model, and then its numbers: bands one after the other."""
    word, numbers = _plain_model(price.model)
    limits = (price.minimum, price.maximum, price.overage_unit_price)
    return word, str(price.included), *map(maybe_text, (*limits, *numbers))


@lru_cache(PRICES_KEPT)
def read_price(
    word: str, included: str, minimum: str | None, maximum: str | None, overage: str | None, *numbers: str | None
) -> Price:
    """The price `plain_price` was given.

    Price books have few prices for many contracts, and bands take longer to make than the rest of a line: what was
    made for one contract serves others.
    """
    return Price(_model(word, _maybe_numbers(numbers)), *_maybe_numbers((included, minimum, maximum, overage)))


def _maybe_numbers(texts: Iterable[str | None]) -> list[Any]:
    return [None if text is None else Decimal(text) for text in texts]


def _plain_model(model: ChargeModel) -> tuple[str, Iterable[Decimal | None]]:
    match model:
        case Flat(price):
            return "flat", (price,)
        case PerUnit(unit_price):
            return "per_unit", (unit_price,)
        case Volume(bands):
            return "volume", _plain_bands(bands)
        case Graduated(bands):
            return "graduated", _plain_bands(bands)
        case Stairstep(bands):
            return "stairstep", _plain_bands(bands)
        case Package(size, price):
            return "package", (size, price)
        case Percentage(rates):
            return "percentage", _plain_bands(rates.bands)
        case other:
            assert_never(other)


def _model(word: str, numbers: list[Any]) -> ChargeModel:
    match word:
        case "flat":
            return Flat(*numbers)
        case "per_unit":
            return PerUnit(*numbers)
        case "package":
            return Package(*numbers)
        case "percentage":
            return Percentage(Graduated(_bands(numbers)))
        case _:
            return _BANDED[word](_bands(numbers))


def _plain_bands(bands: tuple[Band, ...]) -> list[Decimal | None]:
    return [number for band in bands for number in (band.up_to, band.unit_price, band.flat)]


def _bands(numbers: list[Any]) -> tuple[Band, ...]:
    return tuple(map(Band, numbers[::3], numbers[1::3], numbers[2::3]))
