"""Charges worked out the slow way, one hundredth of a unit at a time and in fractions, to compare the engine with."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from pricing_engine.catalog.charge_models import Band

TICK = Fraction(1, 100)
"""The smallest quantity the oracle sees; quantities and bounds must be multiples of it."""


def band_of(bands: Sequence[Band], position: Fraction) -> Band:
    """The first band that reaches the position."""
    for band in bands:
        if band.up_to is None or position <= Fraction(band.up_to):
            return band
    raise LookupError(f"no band reaches {position}")


def graduated(bands: Sequence[Band], quantity: Decimal) -> Fraction:
    """Every hundredth at its own band's unit price, and the flat amount of each band it passed through."""
    amount, entered = Fraction(0), [bands[0]]
    for tick in range(1, int(Fraction(quantity) / TICK) + 1):
        band = band_of(bands, tick * TICK)
        amount += TICK * Fraction(band.unit_price)
        if band is not entered[-1]:
            entered.append(band)
    return amount + sum(Fraction(band.flat) for band in entered)


def volume(bands: Sequence[Band], quantity: Decimal) -> Fraction:
    """Every unit at the price of the last one, and that band's flat amount."""
    band = band_of(bands, Fraction(quantity))
    return Fraction(quantity) * Fraction(band.unit_price) + Fraction(band.flat)


def stairstep(bands: Sequence[Band], quantity: Decimal) -> Fraction:
    """The flat amount of the step the quantity stands on."""
    return Fraction(band_of(bands, Fraction(quantity)).flat)


def package(size: Decimal, price: Decimal, quantity: Decimal) -> Fraction:
    """Packages opened one by one until nothing is left to pack."""
    left, amount = Fraction(quantity), Fraction(0)
    while left > 0:
        left -= Fraction(size)
        amount += Fraction(price)
    return amount
