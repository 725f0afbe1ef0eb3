"""How often the leak detector is right, over simulated tables of deals: `python -m tests.simulated.leak_tables`.

From the environment: SIMULATE_TABLES of each kind (40). Ends with 1 where more than 1 in 20 tables of honest facts has
one refused.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from statistics import NormalDist
from typing import Any, Final, NamedTuple

import numpy as np

from pricing_engine.scoring.evaluation import Suspicion
from pricing_engine.scoring.learning.columns import (
    LOST,
    OPEN,
    WON,
    Column,
    Columns,
    NumberColumn,
    WordColumn,
    columns_of,
)
from pricing_engine.scoring.learning.leaks import find_leaks
from tests.scoring_deals import deals_with

SIZES: Final = (600, 2_000)
FACTS: Final = 30
HONEST_REFUSED: Final = 0.05

Plant = Callable[[Columns, Any], list[Column]]


class Measured(NamedTuple):
    """Of so many tables, in how many a planted fact was refused, and in how many the worst was suspicious."""

    tables: int
    refused: int
    suspicious: int


def measured(plant: Plant, tables: range, *, deals: int) -> Measured:
    """What the detector says of planted facts, of other deals and by other luck in each table."""
    refused = suspicious = 0
    for seed in tables:
        columns = columns_of(deals_with(deals, seed=1_000 + seed))
        planted = plant(columns, np.random.default_rng(seed))
        names = {each.fact for each in planted}
        leaks = find_leaks(columns._replace(facts=tuple(planted)), keep={})
        found = {each.suspicion for each in leaks if each.fact in names}
        refused += Suspicion.REFUSED in found
        suspicious += found == {Suspicion.SUSPICIOUS}
    return Measured(len(tables), refused, suspicious)


def noise(columns: Columns, luck: Any, *, of_accounts: bool = False) -> list[Column]:
    """Words of deals or of their accounts that say nothing, missing at any rate."""
    owners = columns.accounts if of_accounts else np.arange(len(columns.outcome))
    count = int(owners.max()) + 1
    return [
        _words(f"noise {at}", luck.integers(0, 8, count)[owners], (luck.random(count) < luck.random())[owners])
        for at in range(FACTS)
    ]


def honest(columns: Columns, luck: Any, *, sorts: float, as_words: bool) -> list[Column]:
    """One fact that sorts such a share of pairs, as two normals do that lie √2 × Φ⁻¹ apart."""
    apart = NormalDist().inv_cdf(sorts) * 2**0.5
    values = luck.normal(size=len(columns.outcome)) + apart * (columns.outcome == WON)
    if as_words:
        return [_words("honest", np.clip(np.floor(values * 2) + 8, 0, 20).astype(int), np.zeros(len(values), bool))]
    return [NumberColumn("honest", values)]


def filled_in(columns: Columns, luck: Any, *, won: float, lost: float, still_open: float) -> list[Column]:
    """One fact that is known for such shares of won, lost and open deals."""
    shares = np.select([columns.outcome == each for each in (WON, LOST, OPEN)], [won, lost, still_open])
    count = len(columns.outcome)
    return [_words("filled in", luck.integers(0, 4, count), luck.random(count) > shares)]


def _words(fact: str, codes: Any, is_missing: Any) -> WordColumn:
    known = np.where(is_missing, -1, codes).astype(np.int64)
    return WordColumn(fact, known, tuple([f"word {each}" for each in range(int(codes.max()) + 1)]))


HONEST: Final[Mapping[str, Plant]] = {
    "30 facts of noise": noise,
    "30 facts of noise of accounts": partial(noise, of_accounts=True),
    **{
        f"honest, sorts {sorts:.0%}{' as words' * as_words}": partial(honest, sorts=sorts, as_words=as_words)
        for sorts in (0.8, 0.85, 0.9)
        for as_words in (False, True)
    },
}
LEAKS: Final[Mapping[str, Plant]] = {
    f"known for {won:.0%} of won, {lost:.0%} of lost, {still_open:.0%} of open": partial(
        filled_in, won=won, lost=lost, still_open=still_open
    )
    for won, lost, still_open in (
        *((0.9, 0.8, 0.85), (0.9, 0.6, 0.75), (0.9, 0.3, 0.6), (0.3, 0.0, 0.15), (0.1, 0.0, 0.05)),
        *((0.9, 0.9, 0.6), (0.9, 0.9, 0.3), (1.0, 1.0, 0.0)),
    )
}


def main() -> int:
    """Prints a table, kind by kind; the exit code."""
    tables, is_wrong = range(int(os.environ.get("SIMULATE_TABLES", "40"))), False
    print(f"| fact |{''.join(f' {size:,}: refused, suspicious |' for size in SIZES)}\n|{' --- |' * (len(SIZES) + 1)}")
    for name, plant in {**HONEST, **LEAKS}.items():
        found = [measured(plant, tables, deals=size) for size in SIZES]
        cells = [f"{each.refused / each.tables:.0%}, {each.suspicious / each.tables:.0%}" for each in found]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
        is_wrong |= name in HONEST and any(each.refused > HONEST_REFUSED * each.tables for each in found)
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
