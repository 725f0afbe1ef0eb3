"""The ways a quantity becomes an amount: flat, per unit, volume, graduated, stairstep, package, percentage (P10)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

from pricing_engine.errors import DomainError
from pricing_engine.money import ONE, ZERO


class QuantityBeyondBands(DomainError):
    """A stairstep whose last band is closed has no price for a quantity above it."""

    code = "quantity-beyond-bands"


@dataclass(frozen=True, slots=True)
class Band:
    """A quantity range ending at `up_to` (inclusive; None = open) with a price per unit, a flat amount, or both."""

    up_to: Decimal | None
    unit_price: Decimal = ZERO
    flat: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class BandTable:
    """Bands in rising order, the last one open, so that every quantity has a price.

    Raises: ValueError when there is no band, the bounds do not rise from 0 on, or the last band is closed.
    """

    bands: tuple[Band, ...]
    may_close: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not self.bands:
            raise ValueError("a band table needs a band")
        bounds = [band.up_to for band in self.bands]
        if bounds[-1] is not None and not self.may_close:
            raise ValueError("the last band must have no upper bound")
        closed = [bound for bound in bounds if bound is not None]
        if None in bounds[:-1] or any(upper <= lower for lower, upper in pairwise(closed)):
            raise ValueError("the bands' upper bounds must rise")
        if closed and closed[0] < 0:
            raise ValueError("a band cannot end below 0")

    @property
    def is_free(self) -> bool:
        """Whether no quantity costs anything."""
        return not any([band.unit_price or band.flat for band in self.bands])

    def reached(self, quantity: Decimal) -> Band:
        """The band a quantity falls in; just above a bound is in the next band."""
        for band in self.bands:
            if band.up_to is None or quantity <= band.up_to:
                return band
        raise QuantityBeyondBands(
            f"{quantity} is above the last band, which ends at {self.bands[-1].up_to}",
            fix="ask for less, or have the pricing team add a band",
            quantity=quantity,
            limit=self.bands[-1].up_to,
        )


@dataclass(frozen=True, slots=True)
class Flat:
    """One amount, whatever the quantity."""

    price: Decimal

    @property
    def is_free(self) -> bool:
        """Whether no quantity costs anything."""
        return not self.price

    def amount(self, quantity: Decimal) -> Decimal:
        """The amount for one charge period. Units: major units, unrounded."""
        return self.price


@dataclass(frozen=True, slots=True)
class PerUnit:
    """Quantity times one unit price."""

    unit_price: Decimal

    @property
    def is_free(self) -> bool:
        """Whether no quantity costs anything."""
        return not self.unit_price

    def amount(self, quantity: Decimal) -> Decimal:
        """The amount for one charge period. Units: major units, unrounded."""
        return quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class Volume(BandTable):
    """All units at the price of the band the quantity reaches, plus that band's flat amount."""

    def amount(self, quantity: Decimal) -> Decimal:
        """The amount for one charge period. Units: major units, unrounded."""
        band = self.reached(quantity)
        return quantity * band.unit_price + band.flat


@dataclass(frozen=True, slots=True)
class Graduated(BandTable):
    """Each unit at its own band's price, plus the flat amount of every band entered.

    A quantity of 0 owes the first band's flat amount (P11).
    """

    def amount(self, quantity: Decimal) -> Decimal:
        """The amount for one charge period. Units: major units, unrounded."""
        total, lower = ZERO, ZERO
        for band in self.bands:
            upper = band.up_to
            if upper is None or quantity <= upper:
                return total + (quantity - lower) * band.unit_price + band.flat
            total += (upper - lower) * band.unit_price + band.flat
            lower = upper
        raise AssertionError("unreachable: the last band is open")


@dataclass(frozen=True, slots=True)
class Stairstep(BandTable):
    """One flat amount per band; the last band may be closed, and beyond it there is no price.

    Raises: QuantityBeyondBands from `amount` when the quantity is above a closed last band.
    """

    may_close: ClassVar[bool] = True

    def amount(self, quantity: Decimal) -> Decimal:
        """The amount for one charge period. Units: major units."""
        return self.reached(quantity).flat


@dataclass(frozen=True, slots=True)
class Package:
    """Whole packages, begun ones counted: ceil(quantity ÷ size) × price."""

    size: Decimal
    price: Decimal

    def __post_init__(self) -> None:
        if self.size <= 0:
            raise ValueError("a package needs a size above 0")

    @property
    def is_free(self) -> bool:
        """Whether no quantity costs anything."""
        return not self.price

    def amount(self, quantity: Decimal) -> Decimal:
        """The amount for one charge period. Units: major units, unrounded."""
        packages, begun = divmod(quantity, self.size)
        return (packages + ONE if begun > 0 else packages) * self.price


@dataclass(frozen=True, slots=True)
class Percentage:
    """A share of an amount of money, by bands of that amount: a band's `unit_price` is its rate, as a fraction.

    The base is a money metric (the charge's metric) or other lines' net (`of_lines`, see `Charge`).
    """

    rates: Graduated

    @property
    def is_free(self) -> bool:
        """Whether no base costs anything."""
        return self.rates.is_free

    def amount(self, quantity: Decimal) -> Decimal:
        """The share of `quantity`, which is an amount of money here. Units: major units, unrounded."""
        return self.rates.amount(quantity)


ChargeModel = Flat | PerUnit | Volume | Graduated | Stairstep | Package | Percentage
