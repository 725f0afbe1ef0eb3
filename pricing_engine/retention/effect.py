"""What a quote does to retention: the book with it against the book without it, everything else held as it is (N10)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.retention.cut import cut_of
from pricing_engine.retention.movements import KNOWN_DRIVERS, Driver
from pricing_engine.retention.rates import NOTHING, Rates, Window, share
from pricing_engine.retention.valued import ValuedLedger


class Arms(NamedTuple):
    """The ledger of the customer if the quote is accepted, if it is declined, and for a renewal if it is flat."""

    accepted: ValuedLedger
    declined: ValuedLedger
    flat: ValuedLedger | None


class LinePoints(NamedTuple):
    """What one driver moves of a product line, and by how much that moves NRR. Units: the ledger's; a fraction."""

    product_line: str
    driver: Driver
    amount: Decimal
    points: Decimal | None


class Effect(NamedTuple):
    """The rates of a window in each arm, and by how much each driver moves NRR between the first two, as fractions.

    The points are None where there is nothing at the opening (N6). `lines` are the same by product line, whose amounts
    sum to what each driver moves, and whose points do but for rounding.
    """

    accepted: Rates
    declined: Rates
    flat: Rates | None
    points: Mapping[Driver, Decimal | None]
    lines: tuple[LinePoints, ...]

    @property
    def nrr_difference(self) -> Decimal | None:
        """NRR accepted less NRR declined. Rounds: as `share`, once."""
        return share(self.accepted.kept - self.declined.kept, self.accepted.opening)

    @property
    def grr_difference(self) -> Decimal | None:
        """GRR accepted less GRR declined. Rounds: as `share`, once."""
        return share(self.accepted.kept_by_line - self.declined.kept_by_line, self.accepted.opening)

    @property
    def against_flat(self) -> Decimal | None:
        """NRR accepted less that of a flat renewal; None for what is no renewal. Rounds: as `share`, once."""
        return None if self.flat is None else share(self.accepted.kept - self.flat.kept, self.accepted.opening)

    @property
    def growth_difference(self) -> Decimal | None:
        """Growth accepted less growth declined, new business with it: what the Rule of 40 gains, as margin is held.

        Rounds: as `share`, once.
        Source: N15.
        """
        return share(self.accepted.closing - self.declined.closing, self.accepted.opening)


def effect_of(arms: Arms, window: Window, *, beside: Rates = NOTHING) -> Effect:
    """The effect over a window on a customer and those `beside` it, who are the same in all arms."""
    accepted, declined = _rates(arms.accepted, window), _rates(arms.declined, window)
    flat = None if arms.flat is None else _rates(arms.flat, window).plus(beside)
    moved = _moved(arms, window) if accepted.opening else {}
    accepted, declined = accepted.plus(beside), declined.plus(beside)
    sums = {driver: sum([moved[key] for key in moved if key[1] is driver], ZERO) for driver in Driver}
    told = {driver: amount for driver, amount in sums.items() if amount or driver in KNOWN_DRIVERS}
    points = {driver: share(amount, accepted.opening) for driver, amount in told.items()}
    lines = [
        LinePoints(line, driver, moved[line, driver], share(moved[line, driver], accepted.opening))
        for line in sorted({line for line, _ in moved})
        for driver in Driver
        if moved.get((line, driver))
    ]
    return Effect(accepted, declined, flat, points, tuple(lines))


def _moved(arms: Arms, window: Window) -> dict[tuple[str, Driver], Decimal]:
    """What is moved if accepted and not if declined, by product line and driver.

    What happens in both is none of it, such as the end of a promotion that the contract has anyway.
    """
    sums: dict[tuple[str, Driver], Decimal] = {}
    for sign, arm in ((1, arms.accepted), (-1, arms.declined)):
        for each in arm.entries(arm.in_time):
            if window.has(each.day):
                key = each.product_line, each.driver or Driver.EXPANSION
                sums[key] = sums.get(key, ZERO) + sign * each.amount
    return sums


def _rates(arm: ValuedLedger, window: Window) -> Rates:
    (found,) = cut_of(arm, window).rates()
    return found
