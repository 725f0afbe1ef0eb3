"""The expected effect of a quote: accepted and declined weighed by how likely it is that it is accepted (N11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from pricing_engine.money import EXACT, ONE
from pricing_engine.retention.effect import Effect
from pricing_engine.retention.rates import share

NO_PROBABILITY: Final = (
    "no probability: nobody has said how likely it is that the quote is accepted, and no model tells"
)
"""Why nothing is expected of a quote."""


class Expected(NamedTuple):
    """The rates to expect, and by how much they are above those without the quote, as fractions.

    All are None where there is nothing at the opening (N6).
    """

    nrr: Decimal | None
    grr: Decimal | None
    nrr_difference: Decimal | None
    grr_difference: Decimal | None


def expected_of(effect: Effect, probability: Decimal) -> Expected:
    """What to expect of a quote that is accepted with a probability from 0 to 1.

    Both arms have the same opening, so the mean of their rates is the rate of their mean.

    Rounds: as `share`, each once.
    Source: N11.
    """
    opening, declined = effect.accepted.opening, effect.declined
    kept = _mean(effect.accepted.kept, declined.kept, probability)
    by_line = _mean(effect.accepted.kept_by_line, declined.kept_by_line, probability)
    return Expected(
        share(kept, opening),
        share(by_line, opening),
        share(EXACT.subtract(kept, declined.kept), opening),
        share(EXACT.subtract(by_line, declined.kept_by_line), opening),
    )


def _mean(accepted: Decimal, declined: Decimal, probability: Decimal) -> Decimal:
    against = EXACT.multiply(declined, EXACT.subtract(ONE, probability))
    return EXACT.add(EXACT.multiply(accepted, probability), against)
