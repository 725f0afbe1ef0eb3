"""Who answers for each rate and driver, what it is to come to in a year, and how figures stand against that (N17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import EXACT
from pricing_engine.retention.movements import KNOWN_DRIVERS, Driver
from pricing_engine.retention.rates import Rates

MONTHS_OF_A_TARGET = 12
"""The only window that targets are for: rates of years compound, and seasons are no twelfths."""


class Measure(StrEnum):
    """What has a target: a rate, or what a driver moves of it."""

    NRR = "nrr"
    GRR = "grr"
    RETENTION = "retention"
    PRICING = "pricing"
    EXPANSION = "expansion"

    @property
    def driver(self) -> Driver | None:
        """The driver that it is; None for a rate."""
        return None if self in {Measure.NRR, Measure.GRR} else Driver(self.value)


@dataclass(frozen=True, slots=True)
class Target:
    """What a measure is to come to in a year, from `start` until the day before `until` (None: it goes on).

    `segment` is by what it is told apart, each with its value, in the order of names; empty: the whole book.
    Units: `target` is a fraction, of a driver its share of the opening ARR: -0.08 are eight points of NRR lost.
    """

    measure: Measure
    segment: tuple[tuple[str, str], ...]
    owner: str
    target: Decimal
    start: date
    until: date | None
    rule: RuleRef

    @property
    def by(self) -> frozenset[str]:
        """What the segment is told apart by."""
        return frozenset([name for name, _ in self.segment])

    def is_in_force(self, day: date) -> bool:
        """Whether it is the one that counts on a day."""
        return self.start <= day and (self.until is None or day < self.until)


class Standing(StrEnum):
    """How a figure stands against its target: more is better for all of them."""

    ON = "on"
    BEHIND = "behind"


class Measured(NamedTuple):
    """A target and the figure of a window, which is None where there was nothing at the opening (N6).

    `segment` is what the segment is called beside the figures; None: the whole book. `unknown` says in words why there
    is no figure, where there is none.
    """

    target: Target
    segment: str | None
    actual: Decimal | None
    unknown: str | None

    @property
    def difference(self) -> Decimal | None:
        """What the figure is above its target, as a fraction."""
        return None if self.actual is None else EXACT.subtract(self.actual, self.target.target)

    @property
    def standing(self) -> Standing | None:
        """On target is who has reached it."""
        if self.difference is None:
            return None
        return Standing.ON if self.difference >= 0 else Standing.BEHIND


def actual_of(measure: Measure, rates: Rates, points: Mapping[Driver, Decimal | None]) -> Decimal | None:
    """The figure that a target of a measure is for."""
    if measure.driver is not None:
        return points[measure.driver]
    return rates.nrr if measure is Measure.NRR else rates.grr


def parts_of_nrr(targets: Iterable[Target]) -> Decimal | None:
    """What NRR comes to if every driver moves it as its target says; None unless all three have one.

    Shape: the targets of one segment, at most one of each measure.
    """
    parts = [each.target for each in targets if each.measure.driver is not None]
    return sum(parts, Decimal(1)) if len(parts) == len(KNOWN_DRIVERS) else None
