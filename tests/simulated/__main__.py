"""The long form, `make simulate`: how often statistics over simulated books are right.

From the environment: SIMULATE_BOOKS of each world (400). Ends with 1 where intervals hold the truth, or nothing is
claimed of nothing, less often than is stated, by more than three sampling errors.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from math import sqrt

from pricing_engine.retention.behaviour import LEVEL, Outcome, Verdict
from tests.simulated.behaviour_measured import WORLDS, Measured, measured, wrong_about_rare_churn

_OTHERS = (Verdict.FEW_ACCOUNTS, Verdict.DIFFERED_BEFORE, Verdict.MAY_BE_NOTHING)
_COLUMNS = (
    *("books", "all three hold", *(f"{outcome} holds" for outcome in Outcome), "excludes nothing", "says effect"),
    "cannot tell: few, differed, nothing",
)


def main() -> int:
    """Prints a table, world by world; the exit code."""
    books, is_wrong = int(os.environ.get("SIMULATE_BOOKS", "400")), False
    print(f"| world | {' | '.join(_COLUMNS)} |\n|{' --- |' * (len(_COLUMNS) + 1)}")
    for name, world in WORLDS.items():
        found = measured(world, range(books))
        print(f"| {name} | {' | '.join(_row(found))} |", flush=True)
        is_wrong |= _falls_short(found.all_held, found.with_bounds)
    rare = wrong_about_rare_churn(10 * books)
    print(f"where a tenth of 60 and of 20 leaves, nothing is excluded: {', '.join(_named(rare))}")
    return int(is_wrong)


def _named(shares: Mapping[str, float]) -> Iterator[str]:
    for name, each in shares.items():
        yield f"{name} {each:.1%}"


def _row(found: Measured) -> list[str]:
    of_bounds = [found.all_held, *(found.held[outcome] for outcome in Outcome), found.any_claimed]
    others = ", ".join(_share(found.verdicts[each], found.books) for each in _OTHERS)
    return [
        *(str(found.books), *(_share(each, found.with_bounds) for each in of_bounds)),
        *(_share(found.verdicts[Verdict.EFFECT], found.books), others),
    ]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def _falls_short(held: int, whole: int) -> bool:
    level = float(LEVEL)
    return held < whole * level - 3 * sqrt(whole * level * (1 - level))


if __name__ == "__main__":
    sys.exit(main())
