"""How often a comparison of behaviour is right, over many simulated books of which the truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

import numpy as np

from pricing_engine.retention.behaviour import LEVEL, Behaviour, Outcome, Verdict, behaviour_of
from pricing_engine.retention.behaviour_cases import Book, Design
from pricing_engine.retention.behaviour_history import histories_of, terms_of
from pricing_engine.retention.behaviour_statistics import of_counts, of_shares, sample_of
from pricing_engine.retention.price_events import Direction, PriceEvent
from pricing_engine.retention.rates import Window
from pricing_engine.retention.segments import size_band
from tests.simulated.price_changes import END, Chances, World, simulate

_HARM = Chances(churn=0.12, contraction=0.08, expansion=-0.06)
WORLDS = {
    "no effect": World(),
    "no effect, 100 accounts": World(accounts=100),
    "no effect, few hit": World(hit_small=0.08, hit_large=0.15),
    "no effect, all is rare": World(usual=Chances(0.015, 0.02, 0.03)),
    "no effect, in the middle of terms": World(is_mid_term=True),
    "no effect, one in five told of it leaves": World(leave_when_told=0.2),
    "no effect, from year to year more are hit and leave": World(is_worsening=True),
    "effect": World(effect=_HARM),
    "effect, 800 accounts": World(accounts=800, effect=Chances(0.06, 0.06, -0.05)),
    "effect, in the middle of terms": World(effect=_HARM, is_mid_term=True),
    "effect, 30 accounts": World(accounts=30, effect=_HARM),
    "differed before": World(differed=Chances(contraction=0.15, churn=0.0, expansion=0.0)),
}


def compared(world: World, seed: int, size: Callable[[Decimal], str] = size_band) -> Behaviour:
    """What is found in a book of a world."""
    made = simulate(world, seed)
    event = PriceEvent.PROMOTION_END if world.is_mid_term else PriceEvent.UPLIFT
    design = Design(event, Direction.RISE, Window(date(2022, 12, 31), END), months=6, until=END)
    return behaviour_of(Book(histories_of(made.entries), terms_of(made.terms), size, made.markets), design)


@dataclass
class Measured:
    """Of some books: how many had each verdict, and of those `with_bounds`, how often all three intervals held the
    truth, each did, and any of them claimed an effect.
    """

    books: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    with_bounds: int = 0
    all_held: int = 0
    held: Counter[Outcome] = field(default_factory=Counter)
    any_claimed: int = 0
    claimed: Counter[Outcome] = field(default_factory=Counter)

    def add(self, found: Behaviour, world: World) -> None:
        """Counts what was found in a book."""
        self.books += 1
        self.verdicts[found.verdict] += 1
        bounds = {
            outcome: (each.lower, each.upper)
            for outcome, each in found.differences.items()
            if each.lower is not None and each.upper is not None
        }
        if len(bounds) < len(Outcome):
            return
        self.with_bounds += 1
        # Bounds have six decimals, and a truth of nothing may be one of them.
        held = [
            outcome
            for outcome, (lower, upper) in bounds.items()
            if float(lower) <= world.truth[outcome] <= float(upper)
        ]
        claimed = [outcome for outcome, each in found.differences.items() if each.excludes_nothing]
        self.all_held += len(held) == len(Outcome)
        self.held.update(held)
        self.any_claimed += bool(claimed)
        self.claimed.update(claimed)


def measured(world: World, seeds: Iterable[int]) -> Measured:
    """How it went with the books of some seeds."""
    all_of_it = Measured()
    for seed in seeds:
        all_of_it.add(compared(world, seed), world)
    return all_of_it


def wrong_about_rare_churn(samples: int) -> dict[str, float]:
    """How often the interval of churn excludes nothing, of 60 accounts hit and 20 like ones of which a tenth leaves
    either way: as it is made, and as the others are.
    """
    is_hit = [True] * 60 + [False] * 20
    names = [f"acc_{number}" for number in range(len(is_hit))]
    sample = sample_of(names, [(name, 0) for name in names], is_hit, [1] * len(is_hit))
    level, wrong = 1 - (1 - LEVEL) / len(Outcome), Counter[str]()
    for seed in range(samples):
        chance = Random(seed)
        values = np.array([chance.random() < 0.1 for _ in is_hit], dtype=np.float64)
        wrong["as counts"] += of_counts(sample, values, level=level).excludes_nothing
        wrong["as shares"] += of_shares(sample, values, level=level).excludes_nothing
    return {name: number / samples for name, number in wrong.items()}
