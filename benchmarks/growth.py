"""`catalogue`: the same five lines under a small rulebook and a large one; what does not apply should cost nothing."""

from __future__ import annotations

from benchmarks.catalogue import a_catalogue, a_request
from benchmarks.in_process import MICROSECONDS
from benchmarks.readings import Effort, Reading, Target
from benchmarks.stopwatch import race
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.rulebook.rulebook import Rulebook

FLAT = Target(1.1)


def growth(effort: Effort) -> list[Reading]:
    """Readings of five lines under large rulebooks (engine) over the same under small ones (floor)."""
    products, policies = (100, 50) if effort.is_short else (6_000, 1_000)
    small = a_catalogue(10)
    return [
        _compare(f"catalogue {products:,} products over 10", a_catalogue(products), small, effort, FLAT),
        _compare(
            f"catalogue {policies:,} policies on other products over 10",
            a_catalogue(10, policies_elsewhere=policies),
            a_catalogue(10, policies_elsewhere=10),
            effort,
            FLAT,
        ),
        _compare(
            f"catalogue {policies:,} policies whose condition fails over 10",
            a_catalogue(10, policies_failing=policies),
            a_catalogue(10, policies_failing=10),
            effort,
            None,
            tested=policies - 10,
        ),
    ]


def _compare(
    workload: str, large: Rulebook, small: Rulebook, effort: Effort, target: Target | None, *, tested: int = 0
) -> Reading:
    request = a_request(5)
    laps = race(
        {
            "large": lambda: assemble_quote(request, rulebook=large, quote_id="quo_bench"),
            "small": lambda: assemble_quote(request, rulebook=small, quote_id="quo_bench"),
        },
        effort,
    )
    engine, floor = laps["large"].best * MICROSECONDS, laps["small"].best * MICROSECONDS
    more = {"us_per_condition": (engine - floor) / tested} if tested else {}
    return Reading(workload, "µs", engine, floor, target=target, more=more)
