"""`quote-N`: assembling and pricing a quote, whole, beside hand-written Decimal pricing of the same lines."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.catalogue import quantities
from benchmarks.contenders import check_same_total, engine_of, floor_of
from benchmarks.readings import Effort, Reading, Target
from benchmarks.stopwatch import race
from benchmarks.zen_peer import zen_decision

MICROSECONDS = 1e6
MOST_TIMES_FLOOR = Target(8)
MOST_GROWTH_PER_LINE = Target(1.3)


def quote_lines(lines: int, effort: Effort) -> list[Reading]:
    """The reading of `quote-N`; the peer decides the discounts of five lines, and prices nothing."""
    check_same_total(lines)
    contenders: dict[str, Callable[[], object]] = {"engine": engine_of(lines), "floor": floor_of(lines)}
    decide = zen_decision(quantities(lines)) if lines == 5 else None
    if decide is not None:
        contenders["peer"] = decide
    laps = race(contenders, effort)
    return [
        Reading(
            f"quote-{lines}",
            "µs",
            laps["engine"].best * MICROSECONDS,
            laps["floor"].best * MICROSECONDS,
            laps["peer"].best * MICROSECONDS if "peer" in laps else None,
            MOST_TIMES_FLOOR if lines == 5 else None,
            more={
                "engine_usual_us": laps["engine"].usual * MICROSECONDS,
                "floor_usual_us": laps["floor"].usual * MICROSECONDS,
                "us_per_line": laps["engine"].best * MICROSECONDS / lines,
            },
        )
    ]


def time_per_line(effort: Effort) -> list[Reading]:
    """The time per line at 5,000 lines over that at 5."""
    many, few = (100, 5) if effort.is_short else (5_000, 5)
    laps = race({"many": engine_of(many), "few": engine_of(few)}, effort)
    return [
        Reading(
            f"per-line {many} over {few}",
            "µs/line",
            laps["many"].best * MICROSECONDS / many,
            laps["few"].best * MICROSECONDS / few,
            target=MOST_GROWTH_PER_LINE,
            more={
                "many_usual_us_per_line": laps["many"].usual * MICROSECONDS / many,
                "few_usual_us_per_line": laps["few"].usual * MICROSECONDS / few,
            },
        )
    ]
