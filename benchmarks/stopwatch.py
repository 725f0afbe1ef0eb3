"""Timing that survives a busy machine: contenders take turns, and the best round of each counts."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

from benchmarks.readings import Effort
from pricing_engine.app import GC_THRESHOLDS


@dataclass(frozen=True, slots=True)
class Laps:
    """What one contender took for one call, by round. Units: seconds of the clock and of the process's CPU."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def best(self) -> float:
        """The CPU seconds of the best round: what the code costs when nothing disturbs it."""
        return min(self.cpu)

    @property
    def usual(self) -> float:
        """The median seconds of the clock: what a caller sees on this machine as it is."""
        return median(self.wall)


def race(contenders: Mapping[str, Callable[[], object]], effort: Effort) -> dict[str, Laps]:
    """The laps of each contender. They take turns round by round, so that noise hits all of them.

    Raises: whatever a contender raises; each is called once beforehand, to warm up.
    """
    calls = {name: _calls_per_round(contender, effort.seconds) for name, contender in contenders.items()}
    wall: dict[str, list[float]] = {name: [] for name in contenders}
    cpu: dict[str, list[float]] = {name: [] for name in contenders}
    with calm_collector():
        for _ in range(effort.rounds):
            for name, contender in contenders.items():
                seconds, busy = _lap(contender, calls[name])
                wall[name].append(seconds)
                cpu[name].append(busy)
    return {name: Laps(tuple(wall[name]), tuple(cpu[name])) for name in contenders}


def _calls_per_round(contender: Callable[[], object], seconds: float) -> int:
    contender()
    begun = perf_counter()
    contender()
    return max(1, int(seconds / max(perf_counter() - begun, 1e-7)))


def _lap(contender: Callable[[], object], calls: int) -> tuple[float, float]:
    begun, busy = perf_counter(), process_time()
    for _ in range(calls):
        contender()
    return (perf_counter() - begun) / calls, (process_time() - busy) / calls


@contextmanager
def calm_collector() -> Iterator[None]:
    """Garbage collection as the served app sets it."""
    thresholds = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
