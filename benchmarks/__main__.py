"""`python -m benchmarks [workload …]`: measures the workloads named, or all of them, and prints a table."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from rich.console import Console

from benchmarks.readings import FULL, SHORT, Reading
from benchmarks.report import print_table, write_json
from benchmarks.workloads import WORKLOADS


def main(arguments: Sequence[str] | None = None) -> list[Reading]:
    """The readings of the workloads asked for, printed."""
    asked = _parser().parse_args(arguments)
    console, effort = Console(stderr=True), SHORT if asked.short else FULL
    readings: list[Reading] = []
    for name in asked.workload or WORKLOADS:
        begun = perf_counter()
        found = WORKLOADS[name](effort)
        readings += found
        for each in found:
            ratio = "" if each.ratio is None else f", {each.ratio:.2f} times the floor"
            console.print(f"{each.workload}: {each.engine:.4g} {each.unit}{ratio}", highlight=False)
        if not found:
            console.print(f"{name}: left out, for what it needs is not installed", highlight=False)
        console.print(f"[dim]{name} took {perf_counter() - begun:.0f} s[/dim]", highlight=False)
    print_table(readings, Console())
    if asked.json:
        write_json(readings, asked.json)
    return readings


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("workload", nargs="*", choices=[[], *WORKLOADS], help="all when none is named")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the readings to a file, too")
    parser.add_argument("--short", action="store_true", help="a quick look, whose figures mean little")
    return parser


if __name__ == "__main__":
    main()
