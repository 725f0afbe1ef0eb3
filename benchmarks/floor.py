"""The floor: the least Decimal code that prices the same quote and keeps a trace of its steps, and nothing else.

No rulebook, no conditions, no tiers, no findings, no totals by kind: quantities and prices are literals in a list.
What the engine takes above this is what its generality costs.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

BANDS = ((Decimal(50), Decimal("20.00")), (Decimal(200), Decimal("17.00")), (None, Decimal("15.00")))
DISCOUNTS = (("portfolio", Decimal("0.10")), ("term", Decimal("0.05")), ("promotion", Decimal("0.12")))
CENT = Decimal("0.01")
TWELVE = Decimal(12)


class FloorStep(NamedTuple):
    """One step of the floor's trace."""

    kind: str
    rule: str
    before: Decimal
    after: Decimal


def price_floor(quantities: list[Decimal], *, covered: int, whole: int) -> tuple[list[object], Decimal, list[Decimal]]:
    """Lines with their steps, the total, and the total split over the lines' invoices by largest remainder."""
    lines: list[object] = []
    nets: list[Decimal] = []
    for quantity in quantities:
        amount, lower = Decimal(0), Decimal(0)
        for upper, unit_price in BANDS:
            if upper is None or quantity <= upper:
                amount += (quantity - lower) * unit_price
                break
            amount += (upper - lower) * unit_price
            lower = upper
        running = amount * TWELVE
        steps = [FloorStep("list", "price", running, running)]
        for rule, fraction in DISCOUNTS:
            after = running - running * fraction
            steps.append(FloorStep("policy", rule, running, after))
            running = after
        prorated = running * covered / whole
        steps.append(FloorStep("term", "days", running, prorated))
        rounded = prorated.quantize(CENT, ROUND_HALF_UP)
        steps.append(FloorStep("rounding", "half-up", prorated, rounded))
        lines.append((quantity, steps, rounded))
        nets.append(rounded)
    total = sum(nets)
    assert isinstance(total, Decimal)
    return lines, total, _allocate(total, nets)


def _allocate(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    units = int(amount / CENT)
    whole = sum(weights)
    shares = [divmod(units * weight, whole) for weight in weights]
    counts = [int(share) for share, _ in shares]
    left = units - sum(counts)
    for index in sorted(range(len(weights)), key=lambda i: -shares[i][1])[:left]:
        counts[index] += 1
    return [count * CENT for count in counts]
