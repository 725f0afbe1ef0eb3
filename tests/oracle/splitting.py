"""Splitting an amount by handing out one smallest unit at a time, to compare `allocate` with."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def allocate(amount: Decimal, weights: Sequence[Decimal], quantum: Decimal) -> list[Fraction]:
    """Each line gets the whole units of its share; what is left goes to whoever is owed most, first line first."""
    step = Fraction(quantum) if amount >= 0 else -Fraction(quantum)
    exact = exact_shares(amount, weights)
    parts = [step * (share // step) for share in exact]
    while sum(parts) != Fraction(amount):
        owed = [(share - part) / step for share, part in zip(exact, parts, strict=True)]
        parts[owed.index(max(owed))] += step
    return parts


def exact_shares(amount: Decimal, weights: Sequence[Decimal]) -> list[Fraction]:
    """What each line would get if money could be divided without end; evenly when nobody weighs anything."""
    total = sum(Fraction(weight) for weight in weights)
    if total == 0:
        return [Fraction(amount) / len(weights)] * len(weights)
    return [Fraction(amount) * Fraction(weight) / total for weight in weights]
