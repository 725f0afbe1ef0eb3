"""`make smoke` works on this machine: the demo starts, its printed lines agree, and nothing is left running."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pricing_engine.cli.outcome import CommandStopped
from pricing_engine.cli.smoke import announced, demo_running
from tests.journeys.conftest import ROOT


def test_the_printed_lines_of_the_demo_give_the_same_quote_and_its_process_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pricing_engine", "smoke"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "both agree; the demo has been stopped" in done.stderr
    address = re.search(r"http://127\.0\.0\.1:(\d+)", done.stderr)
    assert address is not None
    listing = subprocess.run(["curl", "-s", "-m", "5", address[0]], capture_output=True, check=False)
    assert listing.returncode == 7  # nobody listens there any more


def test_a_demo_that_does_not_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    dying = [sys.executable, "-c", "import sys; print('hello'); sys.exit('no room')"]
    log = tmp_path / "log"
    with (
        demo_running(dying, dict(os.environ), log) as child,
        pytest.raises(CommandStopped, match="did not start") as end,
    ):
        announced(child, log)
    assert end.value.fix == "no room"
    assert child.returncode == 1


def test_make_runs_what_is_tested_here() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "\n\t$(BIN)/pricing-engine demo --serve\n" in makefile
    assert "\n\t$(BIN)/pricing-engine smoke\n" in makefile
