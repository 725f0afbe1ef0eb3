"""What policies of discount are worth where the truth is known, and sellers give more to harder buyers (S9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import numpy as np

from pricing_engine.catalog.products import Charge, Product, ProductType, Timing
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import ZERO
from pricing_engine.scoring.deal import LIST_PER_YEAR, Deal, Outcome
from pricing_engine.scoring.evaluation import PolicyValue
from pricing_engine.scoring.guidance_rules import PeerSettings
from pricing_engine.scoring.guided import guide_deal
from pricing_engine.scoring.guiding import LineToGuide
from pricing_engine.scoring.learning.logits import logit
from pricing_engine.scoring.learning.measures import chances_of
from pricing_engine.scoring.learning.peers import learn_peers
from pricing_engine.scoring.learning.response import NoResponse, learn_response
from pricing_engine.scoring.learning.simulated_world import (
    AS_OF,
    FAMILIES,
    INSTRUMENT,
    SEGMENTS,
    Buyers,
    Numbers,
    World,
    buyers_of,
    chances,
    facts_of,
    family_of,
    history_of,
    margins,
)
from pricing_engine.scoring.model import Model
from pricing_engine.scoring.peers import Dimension

STRENGTHS: Final = (0.0, 0.5, 1.0, 2.0)
PRICES: Final = {
    "chosen by sellers": World(),
    "1,000 drawn by lot": World(drawn=1_000),
    "an instrument": World(moved=0.06),
    "a weak instrument": World(moved=0.004),
    "chosen by generous sellers": World(usual=0.25),
    "1,000 drawn by lot, generous sellers": World(usual=0.25, drawn=1_000),
}
"""What moved the prices of the past."""
SETTINGS: Final = PeerSettings(
    (Dimension("family"), Dimension("segment"), Dimension(LIST_PER_YEAR, (Decimal(10_000), Decimal(50_000)))),
    *(20, Decimal("0.25"), Decimal("0.5"), Decimal("0.9")),
)
_GRID: Final = np.arange(0, 101) / 100
_FRESH: Final = 1_500
_APART: Final = 1_000
_SHOWN: Final = "price response"


@lru_cache(maxsize=8)
def policy_values(
    strengths: tuple[float, ...] = STRENGTHS,
    *,
    seed: int,
    prices: tuple[str, ...] = tuple(PRICES),
    worlds: int = 1,
    fresh: int = _FRESH,
) -> tuple[PolicyValue, ...]:
    """What each policy is worth at each strength of confounding, over fresh buyers and by the truth, exactly.

    The mean of so many `worlds` of each kind: one alone may be a lucky or an unlucky one.

    - history: sellers go on as they did;
    - peers: sellers who gave more than their peers' floor give that; nobody gives more for being guided;
    - guidance: as engine and training say it; a seller keeps the distance to the target, and so moves as it moves;
    - naive: a logit with the discount as a fact like others, and the discount that it finds best;
    - best: one discount for all who are alike in what is known, by the truth.
    Raises: LearningUnavailable.
    """
    return tuple(
        [
            _mean(rows)
            for strength in strengths
            for name in prices
            for rows in zip(
                *[
                    _values(PRICES[name]._replace(strength=strength), name, seed + _APART * number, fresh)
                    for number in range(worlds)
                ],
                strict=True,
            )
        ]
    )


def _mean(rows: Sequence[PolicyValue]) -> PolicyValue:
    """A policy's values in several worlds as one."""
    first = rows[0]
    if len(rows) == 1:
        return first
    means: dict[str, Any] = {
        name: round(sum([getattr(each, name) for each in rows], ZERO) / len(rows), places)
        for name, places in (("margin", 2), ("gain", 4), ("discount", 4))
    }
    shown = sum([each.why.startswith(_SHOWN) for each in rows])
    return first._replace(**means, why=first.why and f"{_SHOWN} in {shown} of {len(rows)} worlds, else peers")


def _values(world: World, prices: str, seed: int, fresh: int) -> Iterator[PolicyValue]:
    draws = np.random.default_rng([seed, int(world.strength * 100), int(world.moved * 1000), world.drawn])
    deals, buyers = history_of(world, draws), buyers_of(world, fresh, draws)
    within, guided, why = _guided(world, deals, buyers)
    history = float(margins(buyers, buyers.habit).mean())
    for policy, discounts, reason in (
        ("history", buyers.habit, ""),
        ("peers", within, ""),
        ("guidance", guided, why),
        ("naive", _naive(deals, buyers), ""),
        ("best", _best(buyers), ""),
    ):
        margin = float(margins(buyers, discounts).mean())
        yield PolicyValue(
            *(Decimal(str(world.strength)), prices, policy, Decimal(f"{margin:.2f}")),
            *(Decimal(f"{margin / history - 1:.4f}"), Decimal(f"{discounts.mean():.4f}"), reason),
        )


def _guided(world: World, deals: Sequence[Deal], buyers: Buyers) -> tuple[Numbers, Numbers, str]:
    """Discounts where sellers keep to the floor of peers, where they move with the target, and what it goes by."""
    peers = Model("", learn_peers(deals, SETTINGS, as_of=AS_OF))
    instrument = INSTRUMENT if world.moved else None
    response = learn_response(deals, SETTINGS, as_of=AS_OF, instrument=instrument)
    band = [_guidance(peers, buyers, at) for at in range(len(buyers.lists))]
    target, floor = (np.array([each[part] for each in band], dtype=np.float64) for part in (0, 1))
    within = np.minimum(buyers.habit, floor)
    if isinstance(response, NoResponse):
        return within, within, f"peers: {response.why}"
    whole = Model("", peers.peers, None, response)
    aims = np.array([_guidance(whole, buyers, at)[0] for at in range(len(buyers.lists))], dtype=np.float64)
    guided = np.where(aims == target, within, np.clip(buyers.habit + aims - target, 0, 1))
    return within, guided, f"{_SHOWN} of {response.effect / 10:.2f} to ten points, in {response.deals} deals"


def _guidance(model: Model, buyers: Buyers, at: int) -> tuple[Any, Any]:
    """Target and floor for a buyer, as a quote would say."""
    listed = Decimal(int(buyers.lists[at]))
    product = _PRODUCTS[family_of(buyers, at)]
    cost = listed * Decimal(str(buyers.costs[at]))
    line = LineToGuide("line", product, product.charges[0], listed, None, cost)
    guided = guide_deal([line], rules=None, known={}, model=model, facts=facts_of(buyers, at))
    found = guided.lines[0].guidance
    return found.target, found.floor


def _naive(deals: Sequence[Deal], buyers: Buyers) -> Numbers:
    """The bad example: whatever moves with the discount in the past is taken for what the discount does."""
    past = [(each, each.discount or Decimal(0)) for each in deals if each.draw is None]
    won = np.array([each.outcome is Outcome.WON for each, _ in past], dtype=np.float64)
    segments = np.array([SEGMENTS.index(str(each.facts["segment"])) for each, _ in past])
    families = np.array([FAMILIES.index(each.lines[0].product) for each, _ in past])
    found = logit(won, _known(segments, families, np.array([each for _, each in past], dtype=np.float64)))
    value = [
        chances_of(_known(buyers.segments, buyers.families, np.full(len(buyers.lists), each)) @ found)
        * (1 - each - buyers.costs)
        for each in _GRID
    ]
    return np.asarray(_GRID[np.argmax(value, axis=0)])


def _known(segments: Any, families: Any, discounts: Numbers) -> Numbers:
    columns = [np.ones(len(discounts)), discounts, families, *(segments == each for each in (1, 2))]
    return np.column_stack(columns).astype(np.float64)


def _best(buyers: Buyers) -> Numbers:
    """By the truth, one discount for each segment and family: over all that are hard and easy alike."""
    points, weights = np.polynomial.hermite_e.hermegauss(15)
    value = [
        (1 - each - buyers.costs)
        * sum(
            weight * chances(buyers, np.full(len(buyers.lists), each), point)
            for point, weight in zip(points, weights, strict=True)
        )
        for each in _GRID
    ]
    return np.asarray(_GRID[np.argmax(value, axis=0)])


def _product(family: str) -> Product:
    rule = RuleRef(family, "", 0, "what is sold in the simulator")
    return Product(family, family, ProductType.MODULE, family, (Charge("fee", Timing.RECURRING, months=12),), rule)


_PRODUCTS: Final = {each: _product(each) for each in FAMILIES}
