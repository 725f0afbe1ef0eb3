"""`training`: a model of 100,000 deals, beside scikit-learn's bare fit of the same matrix, and its usual pipeline."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks.readings import Effort, Reading

_ROOT: Final = Path(__file__).parents[1]


def training(effort: Effort) -> list[Reading]:
    """The readings of processes that run once each, one after the other, in one thread."""
    deals = 2_000 if effort.is_short else 100_000
    taken = {which: _run(which, deals) for which in ("ours", "bare", "pipeline")}
    seconds = {which: figures["seconds"] for which, figures in taken.items()}
    megabytes = {which: figures["megabytes"] for which, figures in taken.items()}
    more = {f"{which}_{what}": figure for which, figures in taken.items() for what, figure in figures.items()}
    name = f"training on {deals:,} deals of 30 facts"
    return [
        Reading(name, "s", seconds["ours"], seconds["bare"], seconds["pipeline"], more=more),
        Reading(f"{name}, memory", "MB", megabytes["ours"], megabytes["bare"], megabytes["pipeline"]),
    ]


def _run(which: str, deals: int) -> Mapping[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.training_run", which, str(deals)],
        check=False,
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=1_800,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    taken: Mapping[str, float] = json.loads(done.stdout)
    return taken
