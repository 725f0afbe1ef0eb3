"""Whole units shared out one remainder at a time, and rounding by adding a half, to compare the engine with."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor


def half_up(amount: Fraction, digits: int) -> Decimal:
    """The amount to so many decimals, a half going up."""
    return Decimal(floor(amount * 10**digits + Fraction(1, 2))).scaleb(-digits)


def share_out(units: int, weights: Sequence[Fraction]) -> list[int]:
    """Units in proportion to weights: everyone the whole part of his share, then one each by largest remainder."""
    if sum(weights) == 0:
        weights = [Fraction(1)] * len(weights)
    exact = [units * weight / sum(weights) for weight in weights]
    parts = [floor(share) for share in exact]
    while sum(parts) < units:
        left = [share - part for share, part in zip(exact, parts, strict=True)]
        parts[left.index(max(left))] += 1
    return parts


def share_amount(amount: Fraction, nets: Sequence[Fraction], digits: int) -> list[Fraction]:
    """An amount of money over running nets in minor units; never more off a line than is left of it."""
    if amount >= sum(nets):
        return list(nets)
    units = share_out(int(amount * 10**digits), nets)
    return [min(Fraction(part, 10**digits), net) for part, net in zip(units, nets, strict=True)]
