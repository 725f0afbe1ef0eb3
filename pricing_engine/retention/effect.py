"""What a quote does to retention: the book with it against the book without it, everything else held as it is (N10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import Driver
from pricing_engine.retention.rates import Rates, Window, positions_of, rates_of, share


class Arms(NamedTuple):
    """The ledger of the same customers if the quote is accepted, if it is declined, and for a renewal if it is flat."""

    accepted: Sequence[Entry]
    declined: Sequence[Entry]
    flat: Sequence[Entry] | None

    def of(self, accounts: frozenset[str]) -> Arms:
        """The same of some customers."""
        flat = None if self.flat is None else _of(self.flat, accounts)
        return Arms(_of(self.accepted, accounts), _of(self.declined, accounts), flat)


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


def effect_of(arms: Arms, window: Window) -> Effect:
    """The effect over a window."""
    accepted, declined = (rates_of(positions_of(entries, window)) for entries in (arms.accepted, arms.declined))
    flat = None if arms.flat is None else rates_of(positions_of(arms.flat, window))
    cohort = _there(arms.accepted, window)
    sums = dict.fromkeys(Driver, ZERO)
    for sign, entries in ((1, arms.accepted), (-1, arms.declined)):
        for each in entries:
            if each.account in cohort and window.has(each.day):
                sums[each.driver or Driver.EXPANSION] += sign * each.amount
    points = {driver: share(amount, accepted.opening) for driver, amount in sums.items()}
    return Effect(accepted, declined, flat, points)


def _there(entries: Iterable[Entry], window: Window) -> frozenset[str]:
    """The customers that have something at the opening."""
    sums: dict[str, Decimal] = {}
    for each in entries:
        if each.day <= window.opening:
            sums[each.account] = sums.get(each.account, ZERO) + each.amount
    return frozenset([account for account, amount in sums.items() if amount])


def _of(entries: Iterable[Entry], accounts: frozenset[str]) -> list[Entry]:
    return [each for each in entries if each.account in accounts]
