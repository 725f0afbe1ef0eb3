"""What the customers of a day will have: their retention over the coming months as a distribution (N12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from pricing_engine.retention.columns import Ints
from pricing_engine.retention.grouped import sums_in
from pricing_engine.retention.hazards import KINDS, Hazard, Hazards, Steps, lowered, raised, size_of
from pricing_engine.retention.movements import ArrKind
from pricing_engine.retention.panel import Floats, Panel

LEAST_CUSTOMERS: Final = 30
LEAST_LOSSES: Final = 10
LEAST_WINDOWS: Final = 2
"""What a book must have for a forecast: customers now, times that one left or took less, and windows of history."""

MOST_OUTCOMES: Final = 2_000
LEAST_OUTCOMES: Final = 100
_MANY: Final = 10_000
"""Of books with more customers fewer outcomes are drawn: they vary less."""

_SUREST: Final = 99 / 100
"""No month is held to be surer than this to lose a customer."""

_QUANTILES: Final = (1 / 10, 1 / 2, 9 / 10)


class Band(NamedTuple):
    """What is passed in nine of ten, in half and in one of ten outcomes."""

    p10: float
    p50: float
    p90: float

    def has(self, truth: float) -> bool:
        """Whether what came lies between the outer two."""
        return self.p10 <= truth <= self.p90


class Outcomes(NamedTuple):
    """What may become of the customers of a day: NRR and GRR by customer, and the mean of what each loses and gains.

    Shape: `nrr` and `grr` by outcome; the rest by customer, of those that have nothing 0. Units: the panel's.
    """

    nrr: Floats
    grr: Floats
    churn: Floats
    contraction: Floats
    expansion: Floats


def lacks(panel: Panel, *, months: int) -> list[str]:
    """What a panel lacks for a forecast of so many months; nothing, where it may be made."""
    before, after = panel.arr[:, :-1], panel.arr[:, 1:]
    least = LEAST_WINDOWS * months
    found = {
        f"the ledger has {panel.months} whole months by that day, and {least} are needed: "
        f"{LEAST_WINDOWS} times the window": panel.months < least,
        f"{(now := int((panel.arr[:, -1] > 0).sum()))} customers have something on that day, and "
        f"{LEAST_CUSTOMERS} are needed": now < LEAST_CUSTOMERS,
        f"customers left or took less {(losses := int((after < before).sum()))} times, and "
        f"{LEAST_LOSSES} are needed": losses < LEAST_LOSSES,
    }
    return [what for what, is_lacking in found.items() if is_lacking]


def band_of(outcomes: Floats) -> Band:
    """Their quantiles."""
    return Band(*np.quantile(outcomes, _QUANTILES))


def outcomes_of(
    panel: Panel, hazards: Hazards, coming: Ints, given_up: Floats, *, seed: int, most: int = MOST_OUTCOMES
) -> Outcomes:
    """Outcomes of the months that follow a panel, for the customers that have something at its end.

    `coming` is what is known of their terms in each of those months, `given_up` what they have cancelled in them
    already. For each outcome one deviation of each kind's rate is drawn for all customers together, by how much rates
    varied, and then each customer's movements by themselves. The same arguments give the same outcomes.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    opening = panel.arr[:, -1]
    left = np.maximum(opening - given_up, 0)
    expected = [each.cumsum() for each in expected_events(hazards, panel, left, coming).values()]
    count = max(LEAST_OUTCOMES, min(most, most * _MANY // len(opening)))
    shocks = [_shocks(generator, hazards.by_kind[kind], count) for kind in KINDS]
    rates, sums = np.empty((2, count)), np.zeros((3, len(opening)))
    for number in range(count):
        happens = [_places(generator, upto, each[number]) for upto, each in zip(expected, shocks, strict=True)]
        grown, closing = _drawn(generator, hazards, left, happens)
        rates[:, number] = closing.sum(), np.minimum(closing, opening).sum()
        stays = closing > 0
        lost = np.where(stays, opening - left + grown - closing, 0)
        sums += np.where(stays, 0, opening), lost, np.where(stays, grown - left, 0)
    return Outcomes(*(rates / opening.sum()), *(sums / count))


def expected_events(hazards: Hazards, panel: Panel, left: Floats, coming: Ints) -> Mapping[ArrKind, Floats]:
    """How many events of each kind each customer is to have that has something left.

    Who leaves does so once: of the months' chances it is as many as leave nobody out and nobody twice.
    """
    size, segment, there = size_of(left)[:, None], panel.segment[:, None], left > 0
    months = {kind: each.of(size, coming, segment) for kind, each in hazards.by_kind.items()}
    months[ArrKind.CHURN] = -np.log1p(-np.minimum(months[ArrKind.CHURN], _SUREST))
    return {kind: months[kind].sum(axis=1) * there for kind in KINDS}


def _shocks(generator: np.random.Generator, hazard: Hazard, count: int) -> Floats:
    """What the rate is multiplied with in each outcome: 1 in the mean, and as it varies."""
    return generator.gamma(1 / hazard.variation, hazard.variation, count)


def _drawn(
    generator: np.random.Generator, hazards: Hazards, left: Floats, happens: Sequence[Ints]
) -> tuple[Floats, Floats]:
    """What each customer has in one outcome with its growth, and after its losses; `happens` to whom, by kind."""
    churned, less, more = happens
    steps = _sums(generator, more, hazards.growth, len(left))
    grown, grows = left.copy(), steps > 0
    grown[grows] = lowered(raised(left[grows], hazards.power) + steps[grows], hazards.power)
    closing = grown * np.exp(_sums(generator, less, hazards.losses, len(left)))
    closing[churned] = 0
    return grown, closing


def _places(generator: np.random.Generator, upto: Floats, shock: float) -> Ints:
    """The customers that something happens to, each as often as it does; `upto` are the sums of the means of each."""
    happens = generator.poisson(upto[-1] * shock)
    places: Ints = np.searchsorted(upto, generator.random(happens) * upto[-1], side="right")
    return places


def _sums(generator: np.random.Generator, places: Ints, seen: Steps, count: int) -> Floats:
    """The steps of each customer, drawn from those seen."""
    drawn = np.searchsorted(seen.upto, generator.random(len(places)), side="right")
    return sums_in(places, seen.steps[np.minimum(drawn, len(seen.steps) - 1)], count)
