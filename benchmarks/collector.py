"""`pauses-100`: how long the slowest of many 100-line previews take, with the app's garbage collection and without."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from time import process_time

from benchmarks.contenders import engine_of
from benchmarks.readings import Effort, Reading, Target
from benchmarks.stopwatch import calm_collector
from pricing_engine.api.quote_json import quote_bytes

MILLISECONDS = 1e3
NO_SPIKES = Target(2)
"""A p99 within twice the p50: a collection of the whole heap takes several times as long as a 100-line quote."""


def pauses(effort: Effort) -> list[Reading]:
    """The p99 of pricing 100 lines and writing the answer (engine) over its p50 (floor), under both collectors."""
    quote = engine_of(100)
    count = 50 if effort.is_short else 1_500
    readings = []
    for name, collector, target in (("app's", calm_collector, NO_SPIKES), ("default", nullcontext, None)):
        with collector(), _collections() as seconds:
            times = _times(lambda: quote_bytes(quote(), role="rep", waterfall=True), count)
        readings.append(
            Reading(
                f"pauses-100 {name} collector, p99 over p50",
                "ms",
                percentile(times, 0.99) * MILLISECONDS,
                percentile(times, 0.50) * MILLISECONDS,
                target=target,
                more={
                    "max_ms": times[-1] * MILLISECONDS,
                    "p90_ms": percentile(times, 0.90) * MILLISECONDS,
                    "collections": float(len(seconds)),
                    "longest_collection_ms": max(seconds, default=0.0) * MILLISECONDS,
                },
            )
        )
    return readings


@contextmanager
def _collections() -> Iterator[list[float]]:
    """The CPU seconds of each collection within the block: on a machine of changing speed only they tell a spike."""
    seconds: list[float] = []
    begun = [0.0]

    def note(phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            begun[0] = process_time()
        else:
            seconds.append(process_time() - begun[0])

    gc.callbacks.append(note)
    try:
        yield seconds
    finally:
        gc.callbacks.remove(note)


def percentile(rising: list[float], share: float) -> float:
    """The value that so large a share of rising values does not exceed."""
    return rising[min(len(rising) - 1, int(len(rising) * share))]


def _times(call: Callable[[], object], count: int) -> list[float]:
    """CPU seconds of each call, rising: a collection is work of this process, another process's turn is not.

    What a call returns lives until the next one is done, as an answer being sent.
    """
    times, kept = [], call()
    for _ in range(count):
        begun = process_time()
        answer = call()
        times.append(process_time() - begun)
        kept = answer
    assert kept
    return sorted(times)
