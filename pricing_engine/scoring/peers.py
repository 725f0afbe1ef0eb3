"""Comparable won deals as a tree of segments: each node says what discounts its deals came to (S4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.scoring.deal import Fact


class Dimension(NamedTuple):
    """What deals are told apart by: a fact, or of a number the range between two `bounds` that it lies in."""

    fact: str
    bounds: tuple[Decimal, ...] = ()

    def bucket(self, value: Fact | None) -> str | None:
        """What a deal with this value is called; None where it is not known.

        Shape: of bounds 10 and 20: `..10`, `10..20` and `20..`, each with its lower end and without its upper one.
        """
        if value is None:
            return None
        if not self.bounds:
            return "yes" if value is True else "no" if value is False else str(value)
        if not isinstance(value, Decimal):
            return None
        low = max([each for each in self.bounds if each <= value], default=None)
        high = min([each for each in self.bounds if each > value], default=None)
        return f"{'' if low is None else low}..{'' if high is None else high}"


@dataclass(frozen=True, slots=True)
class PeerNode:
    """Comparable deals: how many, of how many accounts, closed between when, and their realised discounts.

    `stretch`, `target` and `floor` are rising quantiles of the share off list; half of the deals lie between `low` and
    `high`. `children` are finer segments, told apart `by` what, in which there are enough deals.
    """

    deals: int
    accounts: int
    since: date
    until: date
    stretch: Decimal
    target: Decimal
    floor: Decimal
    low: Decimal
    high: Decimal
    by: Dimension | None = None
    children: Mapping[str, PeerNode] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeerTree:
    """The root of all won deals, or None where they were fewer than `minimum` (then `deals` says how many)."""

    minimum: int
    deals: int
    root: PeerNode | None
