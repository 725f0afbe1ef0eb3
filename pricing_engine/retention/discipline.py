"""Discipline: how often a price was made by the rules alone, and what was given beside them (N16)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.retention.rates import share


class Handled(NamedTuple):
    """What a quote says of how it was made, when it was presented.

    `is_growth`: it renews a contract, or its ARR does not fall. `is_touched`: somebody asked for a discount, gave a
    price or asked to waive a term. `discount` is the share off list over the term, whoever gives it; `discretion` the
    share that was asked off the price before it. `repriced` is what repricing adds a year where a part of the contract
    is given up, in the reporting currency (None: nothing is). `waived` are the terms asked to be waived; `minutes` it
    took from being made to being presented.
    """

    is_growth: bool
    is_touched: bool
    needs_approval: bool
    discount: Decimal
    discretion: Decimal
    repriced: Decimal | None
    waived: tuple[str, ...]
    minutes: int


class Discipline(NamedTuple):
    """Figures of all quotes presented in a window; shares are None where there is nothing to be a share of (N6).

    `untouched` is a share of the `growth` quotes, `within_policy` of all; the two discounts are means over quotes.
    `waived` counts by term. Units: `repriced` is in the reporting currency, a year; `minutes` is the median.
    """

    quotes: int
    growth: int
    untouched: Decimal | None
    within_policy: Decimal | None
    discount: Decimal | None
    discretion: Decimal | None
    partial_churns: int
    repriced: Decimal
    waived: Mapping[str, int]
    minutes: int | None


def discipline_of(handled: Sequence[Handled]) -> Discipline:
    """The figures of some quotes. Rounds: shares and means as `share`."""
    growth = [each for each in handled if each.is_growth]
    partial = [each.repriced for each in handled if each.repriced is not None]
    waived = Counter(term for each in handled for term in each.waived)
    return Discipline(
        len(handled),
        len(growth),
        _counted([not each.is_touched for each in growth]),
        _counted([not each.needs_approval for each in handled]),
        _mean([each.discount for each in handled]),
        _mean([each.discretion for each in handled]),
        len(partial),
        sum(partial, ZERO),
        dict(sorted(waived.items())),
        round(median(each.minutes for each in handled)) if handled else None,
    )


def _counted(facts: Sequence[bool]) -> Decimal | None:
    return share(Decimal(sum(facts)), Decimal(len(facts)))


def _mean(shares: Sequence[Decimal]) -> Decimal | None:
    return share(sum(shares, ZERO), Decimal(len(shares)))
