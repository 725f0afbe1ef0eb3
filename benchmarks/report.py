"""The table of readings, and the file of them."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.readings import Reading

_MET = {True: "yes", False: "NO", None: ""}


def print_table(readings: Sequence[Reading], console: Console) -> None:
    """Prints one row per reading."""
    table = Table(
        "workload", "unit", title="CPU time of the best round (over HTTP: the median round); ratio = engine ÷ floor"
    )
    for heading in ("engine", "floor", "peer", "ratio", "target"):
        table.add_column(heading, justify="right")
    table.add_column("met")
    for each in readings:
        table.add_row(
            each.workload,
            each.unit,
            _figure(each.engine),
            _figure(each.floor),
            _figure(each.peer),
            "" if each.ratio is None else f"{each.ratio:.2f}",
            "" if each.target is None else str(each.target),
            _MET[each.is_met],
        )
    console.print(table)


def write_json(readings: Sequence[Reading], path: Path) -> None:
    """Writes the readings with what they were taken on."""
    taken = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "engine": version("pricing-engine"),
        "readings": [each.plain() for each in readings],
    }
    path.write_text(json.dumps(taken, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.3g}"
