"""What to ask for: floor, target and stretch of a line and of a quote, with the evidence for them (S2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import NamedTuple, cast


class Source(StrEnum):
    """What target and stretch come from; NOTHING: they are not given."""

    RULES = "rules"
    PEERS = "peers"
    PRICE_RESPONSE = "price_response"
    NOTHING = "nothing"


class Evidence(NamedTuple):
    """Where guidance comes from, and how sure it is.

    `deals` are the comparable ones, of `accounts`, closed from `since` to `until`; `peers` is what they have in
    common. Half of their discounts lie between `low` and `high`, and `mean` is their mean. `why` says in words why
    nothing finer speaks.
    """

    source: Source
    why: str
    deals: int = 0
    accounts: int = 0
    peers: tuple[tuple[str, str], ...] = ()
    since: date | None = None
    until: date | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    mean: Decimal | None = None
    rule: str | None = None


# As `make_step` in `pricing/waterfall.py`: each line of each quote has these.
make_evidence = cast("Callable[[tuple[object, ...]], Evidence]", partial(tuple.__new__, Evidence))
"""Evidence from a tuple of all its fields."""


class CurvePoint(NamedTuple):
    """What a discount on the whole deal comes to: the chance to win at it, and the value to expect of it (S7)."""

    discount: Decimal
    chance: Decimal
    expected: Decimal


class Guidance(NamedTuple):
    """Shares off list: the most to give (by peers less than policy lets), what to aim for, and what to try
    first; None: nothing is said.

    stretch ≤ target ≤ floor, where they are given; `curve` is what a target from price response was chosen on.
    Units: fractions, to 4 decimals.
    """

    floor: Decimal | None
    target: Decimal | None
    stretch: Decimal | None
    evidence: Evidence
    curve: tuple[CurvePoint, ...] = ()


make_guidance = cast("Callable[[tuple[object, ...]], Guidance]", partial(tuple.__new__, Guidance))
"""Guidance from a tuple of all its fields."""


class LineGuidance(NamedTuple):
    """The guidance of a line of a quote."""

    line: str
    guidance: Guidance


class Drawn(NamedTuple):
    """That the target was moved by lot (S8): by how much, how likely that was, and what the lot moves on average.

    Units: fractions.
    """

    moved: Decimal
    propensity: Decimal
    expected: Decimal
