"""Every command the README shows runs, and prints what the README shows. BLESS_README=1 writes what they print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pricing_engine.cli.smoke import announced, demo_running
from tests import databases
from tests.journeys.conftest import ROOT, Run
from tests.journeys.readme import rewrite, shown_in, steady

README = ROOT / "README.md"
ADDRESS = "http://127.0.0.1:8000"
PROGRAM = ".venv/bin/pricing-engine"


@pytest.fixture
def address(demo_database: Path, tmp_path: Path) -> Iterator[str]:
    """Where the demo serves the database of this test."""
    environment = {**os.environ, "PRICING_ENGINE_DATABASE_URL": databases.sqlite_url(demo_database)}
    log = tmp_path / "log"
    with demo_running([sys.executable, "-m", "pricing_engine"], environment, log) as child:
        yield announced(child, log).address


def test_every_command_of_the_readme_prints_what_it_shows(address: str, run: Run) -> None:
    outputs = {shown.command: _output(shown.command, address, run) for shown in shown_in(README)}
    assert len(outputs) >= 5
    if os.environ.get("BLESS_README"):
        rewrite(README, outputs)
    assert {shown.command: steady(shown.output) for shown in shown_in(README)} == {
        command: steady(output) for command, output in outputs.items()
    }


def test_every_path_the_readme_names_exists() -> None:
    text = README.read_text("utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    paths = re.findall(r"`((?:pricing_engine|rules|docs)/[\w./-]*)`", text)
    assert links
    assert paths
    assert [path for path in [*links, *paths] if not (ROOT / path).exists()] == []


def _output(command: str, address: str, run: Run) -> str:
    """What a command prints; those of ours run in this process, which saves the seconds it takes to start."""
    if command.startswith(PROGRAM):
        done = run(*shlex.split(command)[1:])
        assert done.exit_code == 0, done.output
        return done.stdout
    assert ADDRESS in command, "a command of the README is neither ours nor a call of the service"
    line = command.replace(ADDRESS, address)
    ran = subprocess.run(line, shell=True, capture_output=True, text=True, check=True, timeout=60)
    return ran.stdout
