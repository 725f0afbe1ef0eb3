"""Sums of columns by group, exact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from pricing_engine.retention.columns import Ints

_DENSE: Final = 4
"""With up to so many possible keys for each that there is, a place for every one is faster than sorting."""


class Runs(NamedTuple):
    """Neighbours that are alike: where each run of them starts, and for each place the run it is in."""

    starts: Ints
    of: Ints

    def __len__(self) -> int:
        return len(self.starts)

    def sum(self, values: Ints) -> Ints:
        """What the values of each run come to."""
        if not len(self.starts):
            return values[:0].copy()
        return np.asarray(np.add.reduceat(values, self.starts))

    def running(self, values: Ints) -> Ints:
        """What the values of a run come to up to each place, and with it."""
        if not len(values):
            return values
        total = np.cumsum(values, dtype=values.dtype)
        before = total[self.starts] - values[self.starts]
        return np.asarray(total - before[self.of])


def runs_of(*columns: Ints) -> Runs:
    """The runs of places at which all columns are as at the place before."""
    count = len(columns[0])
    changes = np.zeros(count, bool)
    changes[:1] = True
    for each in columns:
        changes[1:] |= each[1:] != each[:-1]
    return Runs(np.flatnonzero(changes), np.cumsum(changes, dtype=np.int64) - 1)


def sums_by(keys: Ints, values: Ints, count: int) -> tuple[Ints, Ints]:
    """The different keys in order, of so many that there can be, and what the values of each come to.

    Some that come to nothing may be left out.
    """
    if count <= _DENSE * max(len(keys), 1_000):
        sums = sums_in(keys, values, count)
        found = np.flatnonzero(sums)
        return found, sums[found]
    order = np.argsort(keys, kind="stable")
    runs = runs_of(keys[order])
    return keys[order][runs.starts], runs.sum(values[order])


def sums_in(places: Ints, values: Ints, count: int) -> Ints:
    """What the values come to at each of so many places; without any, nothing."""
    sums = np.zeros(max(count, 1), values.dtype)
    np.add.at(sums, places, values)
    return sums[:count]


def ranked(keys: Ints, then: Callable[[int], Any], *, after: int, limit: int) -> list[int]:
    """The places of up to `limit` keys in their order, alike ones in that of `then`, after so many of them.

    Only those that can be among them are compared one by one.
    """
    if after >= len(keys):
        return []
    ordered = np.sort(keys)
    first, last = ordered[after], ordered[min(after + limit, len(keys)) - 1]
    places = np.flatnonzero((keys >= first) & (keys <= last)).tolist()
    places.sort(key=lambda place: (keys[place], then(place)))
    skipped = after - int(np.searchsorted(ordered, first))
    return places[skipped : skipped + limit]
