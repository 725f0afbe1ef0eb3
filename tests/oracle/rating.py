"""List amounts of one charge period in fractions, band by band, to compare the engine with."""

from decimal import Decimal
from fractions import Fraction
from math import ceil

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

Number = Fraction | Decimal | int


def amount_of(model: ChargeModel, quantity: Number) -> Fraction:
    """What the charge model makes of a quantity."""
    units = Fraction(quantity)
    if isinstance(model, Flat):
        return Fraction(model.price)
    if isinstance(model, PerUnit):
        return units * Fraction(model.unit_price)
    if isinstance(model, Volume):
        band = band_reached(model.bands, units)
        return units * Fraction(band.unit_price) + Fraction(band.flat)
    if isinstance(model, Stairstep):
        return Fraction(band_reached(model.bands, units).flat)
    if isinstance(model, Package):
        return ceil(units / Fraction(model.size)) * Fraction(model.price)
    if isinstance(model, Percentage):
        return amount_of(model.rates, units)
    assert isinstance(model, Graduated)
    return _graduated(model.bands, units)


def band_reached(bands: tuple[Band, ...], units: Fraction) -> Band:
    """The first band whose upper bound is not below the quantity."""
    return next(band for band in bands if band.up_to is None or units <= Fraction(band.up_to))


def _graduated(bands: tuple[Band, ...], units: Fraction) -> Fraction:
    amount, lower = Fraction(0), Fraction(0)
    for number, band in enumerate(bands):
        if number > 0 and units <= lower:
            break
        upper = units if band.up_to is None else min(units, Fraction(band.up_to))
        amount += (upper - lower) * Fraction(band.unit_price) + Fraction(band.flat)
        lower = units if band.up_to is None else Fraction(band.up_to)
    return amount


def list_amount(price: Price, quantity: Number) -> Fraction:
    """What one charge period costs by list: free units first, then the model, then its minimum and maximum."""
    left = max(Fraction(quantity) - Fraction(price.included), Fraction(0))
    amount = amount_of(price.model, left)
    if price.minimum is not None:
        amount = max(amount, Fraction(price.minimum))
    if price.maximum is not None:
        amount = min(amount, Fraction(price.maximum))
    return amount
