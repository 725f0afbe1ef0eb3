"""Decimal amounts in one currency: rounding, splitting, and the precision every sum is made with."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import (
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from fractions import Fraction
from math import lcm

ZERO = Decimal(0)
ONE = Decimal(1)

_UNIT_PRICE = Decimal("0.000001")

PRECISION = 50
"""Significant digits of every intermediate result.

A unit price of 12 decimals times a quantity of 15 digits times three percentages of 8 decimals stays exact.
"""

# Every field is set: one left out would be taken from `decimal.DefaultContext`, which a caller may have changed.
EXACT = Context(
    prec=PRECISION,
    rounding=ROUND_HALF_EVEN,
    Emin=-999_999,
    Emax=999_999,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[DivisionByZero, InvalidOperation, Overflow],
)


def exact_arithmetic() -> AbstractContextManager[Context]:
    """A context in which sums do not depend on the caller's decimal settings; entered once per priced quote."""
    return localcontext(EXACT)


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 code with its minor unit, as the rulebook stored it, so that no upgrade changes a replay (P17a).

    `quantum` is one minor unit, `units` how many of them make one major unit; a sum that starts with `zero` is written
    in minor units, even of nothing.
    """

    code: str
    digits: int
    quantum: Decimal = field(init=False)
    units: int = field(init=False)
    zero: Decimal = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "quantum", ONE.scaleb(-self.digits))
        object.__setattr__(self, "units", 10**self.digits)
        object.__setattr__(self, "zero", ZERO.quantize(self.quantum))


def round_money(amount: Decimal, currency: Currency) -> Decimal:
    """The amount in whole minor units.

    Rounds: half up, once per line and amount, as the last step of its waterfall.
    Source: P2.
    """
    rounded = amount.quantize(currency.quantum, ROUND_HALF_UP, EXACT)
    return rounded if rounded else rounded.copy_abs()  # nobody is owed -0.00


def whole_units(numerator: int, denominator: int, currency: Currency) -> int:
    """An exact amount in whole minor units.

    Rounds: half up, away from 0, once, as `round_money`.
    Source: P2.
    """
    if numerator < 0:
        return -whole_units(-numerator, denominator, currency)
    return (2 * numerator * currency.units + denominator) // (2 * denominator)


def unit_price(amount: Decimal, units: Decimal) -> Decimal:
    """What one of so many units comes to. For showing only: a price is never rebuilt from it (P2).

    Rounds: half up to 6 decimals.
    """
    return EXACT.divide(amount, units).quantize(_UNIT_PRICE, ROUND_HALF_UP, EXACT).normalize(EXACT)


def allocate(amount: Decimal, weights: Sequence[Decimal], quantum: Decimal) -> tuple[Decimal, ...]:
    """Parts of `amount` in proportion to `weights`, each a multiple of `quantum`, summing to the whole.

    Rounds: largest remainder; ties go to the first line; weights that are all zero share evenly. Shares are found in
    whole numbers, so weights of any length are exact.
    Raises: ValueError when the amount is no multiple of the quantum, or a weight is negative or missing.
    Source: P3.
    """
    if not weights:
        raise ValueError("an amount cannot be split over no weights")
    units = Fraction(amount) / Fraction(quantum)
    if units.denominator != 1:
        raise ValueError(f"{amount} is no multiple of {quantum}")
    if min(weights) < 0:
        raise ValueError("a weight is negative")
    return tuple(part * quantum for part in split_units(units.numerator, _whole_numbers(weights)))


def split_evenly(units: int, parts: int) -> tuple[int, ...]:
    """`units` in `parts` equal whole numbers; the first ones carry what is left over."""
    base, left = divmod(units, parts)
    return (base + 1,) * left + (base,) * (parts - left)


def split_units(units: int, weights: Sequence[int]) -> tuple[int, ...]:
    """`units` in whole numbers in proportion to whole weights.

    Rounds: largest remainder; ties go to the first; weights that are all zero share evenly (P3).
    """
    if units < 0:  # a credit is split as the charge it takes back
        return tuple(-part for part in split_units(-units, weights))
    if len(weights) == 1:
        return (units,)
    if weights.count(weights[0]) == len(weights):  # all zero among them
        return split_evenly(units, len(weights))
    total = sum(weights)
    if len(weights) == 2:  # their remainders sum to the total, so the larger is the one of at least half
        first = (2 * units * weights[0] + total) // (2 * total)
        return first, units - first
    shares = [divmod(units * weight, total) for weight in weights]
    parts = [part for part, _ in shares]
    left = units - sum(parts)
    for index in sorted(range(len(parts)), key=lambda index: shares[index][1], reverse=True)[:left]:
        parts[index] += 1
    return tuple(parts)


def _whole_numbers(weights: Sequence[Decimal]) -> list[int]:
    """Whole numbers in the same proportion."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    common = lcm(*(denominator for _, denominator in ratios))
    return [numerator * (common // denominator) for numerator, denominator in ratios]
