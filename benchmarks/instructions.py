"""`instructions`: how many machine instructions a quote takes, which repeats exactly on the noisiest machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.readings import Effort, Reading

MILLIONS = 1e6
_FEW, _MANY = 3, 13
_COLLECTED = re.compile(r"Collected : (\d+)")


def instructions(effort: Effort) -> list[Reading]:
    """Readings for 1, 5 and 100 lines in millions of instructions; none where valgrind is missing."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return []
    sizes = (5,) if effort.is_short else (1, 5, 100)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        wanted = [(what, lines) for lines in sizes for what in ("engine", "floor")]
        found = list(pool.map(lambda each: _per_quote(valgrind, *each), wanted))
    return [
        Reading(f"instructions quote-{lines}", "M", found[2 * index] / MILLIONS, found[2 * index + 1] / MILLIONS)
        for index, lines in enumerate(sizes)
    ]


def _per_quote(valgrind: str, what: str, lines: int) -> float:
    """What ten more quotes add, by one: starting Python and loading the rules cancel out."""
    return (_count(valgrind, what, lines, _MANY) - _count(valgrind, what, lines, _FEW)) / (_MANY - _FEW)


def _count(valgrind: str, what: str, lines: int, times: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                valgrind,
                "--tool=callgrind",
                f"--callgrind-out-file={folder}/out",
                *(sys.executable, "-m", "benchmarks.one_quote", what, str(lines), str(times)),
            ],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            check=True,
            timeout=900,
        )
    found = _COLLECTED.search(done.stderr)
    assert found, done.stderr[-500:]
    return int(found[1])
