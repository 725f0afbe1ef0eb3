"""What a quote does to retention: the book with it against the book without it, everything else held as it is (N10)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.retention.cut import cut_of
from pricing_engine.retention.movements import Driver
from pricing_engine.retention.rates import NOTHING, Rates, Window, share
from pricing_engine.retention.valued import ValuedLedger


class Arms(NamedTuple):
    """The ledger of the customer if the quote is accepted, if it is declined, and for a renewal if it is flat."""

    accepted: ValuedLedger
    declined: ValuedLedger
    flat: ValuedLedger | None


class Effect(NamedTuple):
    """The rates of a window in each arm, and by how much each driver moves NRR between the first two, as fractions.

    The points are None where there is nothing at the opening (N6).
    """

    accepted: Rates
    declined: Rates
    flat: Rates | None
    points: Mapping[Driver, Decimal | None]

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
    sums = dict.fromkeys(Driver, ZERO)
    if accepted.opening:
        for sign, arm in ((1, arms.accepted), (-1, arms.declined)):
            for each in arm.entries(arm.in_time):
                if window.has(each.day):
                    sums[each.driver or Driver.EXPANSION] += sign * each.amount
    accepted, declined = accepted.plus(beside), declined.plus(beside)
    points = {driver: share(amount, accepted.opening) for driver, amount in sums.items()}
    return Effect(accepted, declined, flat, points)


def _rates(arm: ValuedLedger, window: Window) -> Rates:
    (found,) = cut_of(arm, window).rates()
    return found
