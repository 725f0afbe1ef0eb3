"""What `instructions.py` runs: `python -m benchmarks.one_quote engine 5 100` quotes five lines a hundred times."""

from __future__ import annotations

import gc
import sys

from benchmarks.contenders import engine_of, floor_of


def main(what: str, lines: str, times: str) -> None:
    """Calls the contender so many times, without garbage collection."""
    engine, floor = engine_of(int(lines)), floor_of(int(lines))
    gc.disable()
    for _ in range(int(times)):
        if what == "engine":
            engine()
        else:
            floor()


if __name__ == "__main__":
    main(*sys.argv[1:])
