"""Whether what was said came true, group by group, and how facts have moved since training (S9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import numpy as np

from pricing_engine.scoring.evaluation import Drift, Interval, Reliability, ReliabilityTable
from pricing_engine.scoring.learning.columns import Column, Columns, Flags, NumberColumn, Numbers, Whole, WordColumn
from pricing_engine.scoring.learning.intervals import clustered_share, decimal
from pricing_engine.scoring.peers import Dimension

TENTHS: Final = 10
LEAST_OF_A_GROUP: Final = 20
MOST_GROUPS: Final = 12
SOME_DRIFT: Final = 0.1
MUCH_DRIFT: Final = 0.25


def reliability_tables(
    test: Columns, said: Numbers, is_won: Flags, *, segments: Sequence[Dimension], by_discount: bool
) -> tuple[ReliabilityTable, ...]:
    """By tenth of what was said, by segment, and, where amounts can be believed, by tenth of the discount.

    The first is always that of what was said, in fewer parts where tenths would be too small.
    """
    tables = [_table("chance that was said", *_tenths(said), test, said, is_won)]
    by_fact = {each.fact: each for each in test.facts}
    for dimension in segments:
        if (column := by_fact.get(dimension.fact)) is not None:
            tables.append(_table(dimension.fact, *_buckets(dimension, column), test, said, is_won))
    known = test.discount.is_known
    if by_discount and known.sum() >= LEAST_OF_A_GROUP * TENTHS:
        groups, names = _tenths(test.discount.values[known])
        tables.append(_table("discount", groups, names, test.taken(known), said[known], is_won[known]))
    return tuple([each for each in tables if each.rows])


def _tenths(values: Numbers) -> tuple[Whole, list[str]]:
    parts = min(TENTHS, max(len(values) // LEAST_OF_A_GROUP, 1))  # so that one of them is large enough at least
    edges = np.unique(np.quantile(values, np.linspace(0, 1, parts + 1)[1:-1]))
    groups = np.searchsorted(edges, values, side="right")
    ends = [values.min(), *edges, values.max()]
    names = [f"{low:.1%} to {high:.1%}" for low, high in pairwise(ends)]
    return groups, names


def _buckets(dimension: Dimension, column: Column) -> tuple[Whole, list[str]]:
    if isinstance(column, WordColumn):
        return np.where(column.is_known, column.codes, len(column.words)), [*column.words, "not known"]
    bounds = np.array([float(each) for each in dimension.bounds])
    groups = np.searchsorted(bounds, column.values, side="right")
    ends: list[Decimal | str] = ["", *dimension.bounds, ""]
    names = [f"{low}..{high}" for low, high in pairwise(ends)]
    return np.where(column.is_known, groups, len(names)), [*names, "not known"]


def _table(
    by: str, groups: Whole, names: Sequence[str], test: Columns, said: Numbers, is_won: Flags
) -> ReliabilityTable:
    """The groups that are not too small, at most the MOST_GROUPS largest of them, in their order."""
    counts = np.bincount(groups, minlength=len(names))
    largest = sorted(np.argsort(-counts, kind="stable")[:MOST_GROUPS].tolist())
    rows = [
        _row(names[group], groups == group, test, said, is_won)
        for group in largest
        if counts[group] >= LEAST_OF_A_GROUP
    ]
    return ReliabilityTable(by, tuple(rows))


def _row(name: str, here: Flags, test: Columns, said: Numbers, is_won: Flags) -> Reliability:
    won = clustered_share(test.accounts[here], is_won[here])
    interval = Interval(decimal(won.value), decimal(won.low), decimal(won.high))
    return Reliability(name, int(here.sum()), decimal(said[here].mean()), interval)


def drifts(train: Columns, test: Columns) -> tuple[Drift, ...]:
    """How differently each fact is spread, the most moved first. Source: Siddiqi, Credit Risk Scorecards (2006)."""
    found = [_drift(before, after) for before, after in _pairs(train, test)]
    return tuple(sorted(found, key=lambda each: (-each.psi, each.fact)))


def _pairs(train: Columns, test: Columns) -> Iterator[tuple[Column, Column]]:
    return zip(train.facts, test.facts, strict=True)


def _drift(before: Any, after: Any) -> Drift:
    """The index over words that are frequent, tenths of the training deals' numbers, and where it is not known."""
    is_number = isinstance(before, NumberColumn)
    codes = _tenths_of(before, after) if is_number else np.concatenate([before.codes, after.codes]) + 1
    count = int(codes.max()) + 1
    old, new = (np.bincount(each, minlength=count) for each in (codes[: len(before[1])], codes[len(before[1]) :]))
    if not is_number:
        frequent = np.argsort(-(old + new), kind="stable")[:TENTHS]
        old, new = (np.append(each[frequent], each.sum() - each[frequent].sum()) for each in (old, new))
    was, now = ((each + 0.5) / (each.sum() + 0.5 * len(each)) for each in (old, new))
    index = decimal(((now - was) * np.log(now / was)).sum())
    says = "steady" if index < SOME_DRIFT else "moved" if index < MUCH_DRIFT else "moved much"
    return Drift(before.fact, index, says)


def _tenths_of(before: NumberColumn, after: NumberColumn) -> Whole:
    """Which tenth of the training deals each number lies in, an edge being one of its own; 0 where it is not known."""
    values = np.concatenate([before.values, after.values])
    known = ~np.isnan(values)
    own = before.values[before.is_known]
    edges = np.unique(np.quantile(own, np.linspace(0, 1, TENTHS + 1)[1:-1], method="lower")) if len(own) else own
    codes = np.zeros(len(values), dtype=np.int64)
    codes[known] = 1 + sum([np.searchsorted(edges, values[known], side=side) for side in ("left", "right")])
    found: Whole = np.unique(codes, return_inverse=True)[1]
    return found
