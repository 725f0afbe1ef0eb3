"""Deals of a made-up world of which the truth is known: what a discount does, and how hard each buyer is (S9)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pricing_engine.scoring.deal import LIST_PER_YEAR, Deal, DealLine, Draw, Facts, Outcome

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

AS_OF: Final = date(2026, 1, 1)
INSTRUMENT: Final = "list_review"
SEGMENTS: Final = ("smb", "mid_market", "enterprise")
FAMILIES: Final = ("core", "insight")
DRAWN_FROM: Final = (0.0, 0.075, 0.15, 0.225, 0.3)
"""The discounts that a lot draws from, equally likely."""
EFFECT: Final = 6.0
"""What 1.00 of list adds to the log-odds of every buyer: ten points of discount 0.6."""

_USUAL: Final = np.array([-0.03, 0, 0.03])
_EASY: Final = np.array([0.2, -0.2, -0.6])
_COST: Final = np.array([0.25, 0.40])
_LIST: Final = np.array([6_000.0, 30_000.0, 120_000.0])


class World(NamedTuple):
    """How strongly sellers give more to harder buyers: three points of list times `strength` per unit of hardness.

    `usual` is the discount they usually give, and `moved` by how much an instrument moves it. So many prices are
    `drawn` by lot, beside `deals` that are not.
    """

    strength: float = 0.0
    moved: float = 0.0
    drawn: int = 0
    deals: int = 3_000
    usual: float = 0.07


class Buyers(NamedTuple):
    """Who asks, in columns: what is known (numbers of segments and families, amounts a year, the instrument), the
    hardness that is hidden, and the discount that a seller gives by habit."""

    accounts: Whole
    segments: Whole
    families: Whole
    lists: Numbers
    instrument: Numbers
    hardness: Numbers
    habit: Numbers

    @property
    def costs(self) -> Numbers:
        """What it costs us to serve each, as a share of list."""
        return np.asarray(_COST[self.families])


def buyers_of(world: World, number: int, draws: np.random.Generator) -> Buyers:
    """So many buyers, two deals to an account on average; half of the hardness is the account's, half the deal's."""
    accounts = draws.integers(max(number // 2, 1), size=number)
    of_account = draws.integers(len(SEGMENTS), size=number), draws.normal(size=number)
    segments = of_account[0][accounts]
    hardness = (of_account[1][accounts] + draws.normal(size=number)) / np.sqrt(2)
    instrument = draws.integers(2, size=number).astype(np.float64)
    habit = world.usual + _USUAL[segments] + 0.03 * world.strength * hardness + world.moved * instrument
    return Buyers(
        *(accounts, segments, draws.integers(len(FAMILIES), size=number)),
        np.round(_LIST[segments] * np.exp(0.5 * draws.normal(size=number))),
        *(instrument, hardness),
        np.round(np.clip(habit + 0.03 * draws.normal(size=number), 0, 0.5), 4),
    )


def chances(buyers: Buyers, discounts: Numbers, hardness: Any = None) -> Numbers:
    """The truth: the chance that each buys at a discount, of its own hardness or another."""
    hard = buyers.hardness if hardness is None else hardness
    return np.asarray(1 / (1 + np.exp(-(_EASY[buyers.segments] + EFFECT * (discounts - 0.1) - hard))))


def margins(buyers: Buyers, discounts: Numbers) -> Numbers:
    """The truth: the margin a year to expect of each at a discount."""
    return chances(buyers, discounts) * buyers.lists * (1 - discounts - buyers.costs)


def history_of(world: World, draws: np.random.Generator) -> list[Deal]:
    """The deals of two years before AS_OF, as they would be kept: nothing in them says how hard a buyer was."""
    buyers = buyers_of(world, world.deals + world.drawn, draws)
    is_drawn = np.arange(len(buyers.lists)) >= world.deals
    lots = draws.choice(DRAWN_FROM, size=len(buyers.lists))
    discounts = np.where(is_drawn, lots, buyers.habit)
    won = draws.random(len(discounts)) < chances(buyers, discounts)
    ages = draws.integers(30, 700, size=len(discounts))
    return [
        _deal(buyers, at, discount, is_won=is_won, age=age, is_drawn=lot)
        for at, (discount, is_won, age, lot) in enumerate(
            zip(discounts.tolist(), won.tolist(), ages.tolist(), is_drawn.tolist(), strict=True)
        )
    ]


def facts_of(buyers: Buyers, at: int) -> Facts:
    """What is known of a buyer when it is quoted."""
    return {
        "segment": SEGMENTS[buyers.segments[at]],
        LIST_PER_YEAR: Decimal(int(buyers.lists[at])),
        INSTRUMENT: bool(buyers.instrument[at]),
    }


def family_of(buyers: Buyers, at: int) -> str:
    """What a buyer asks for."""
    return FAMILIES[buyers.families[at]]


def _deal(buyers: Buyers, at: int, discount: float, *, is_won: bool, age: int, is_drawn: bool) -> Deal:
    listed, share = Decimal(int(buyers.lists[at])), Decimal(f"{discount:.4f}")
    family = family_of(buyers, at)
    created = AS_OF - timedelta(days=age)
    return Deal(
        *(f"d{at}", f"a{buyers.accounts[at]}", created, created + timedelta(days=29)),
        Outcome.WON if is_won else Outcome.LOST,
        facts_of(buyers, at),
        (DealLine(family, family, listed, listed * (1 - share)),),
        draw=Draw(share, Decimal(1) / len(DRAWN_FROM), expected=Decimal("0.15")) if is_drawn else None,
    )
