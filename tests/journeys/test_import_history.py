"""`pricing-engine retention import` and `reconcile` from end to end, as the how-to shows them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pricing_engine.imports import revenue
from tests.journeys.conftest import ROOT, Run

PAGE = ROOT / "docs" / "how-to" / "import-a-revenue-history.md"


def shown(kind: str) -> list[str]:
    """The blocks of a kind that the how-to shows."""
    return re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def files(demo_database: Path, tmp_path: Path) -> tuple[str, ...]:
    """The how-to's table and mapping, as its command names them."""
    table, mapping = tmp_path / "mrr.csv", tmp_path / "mrr.yaml"
    table.write_text(shown("csv")[0], encoding="utf-8")
    mapping.write_text(shown("yaml")[0], encoding="utf-8")
    return ("retention", "import", str(table), "--mapping", str(mapping))


def test_the_table_of_the_how_to_comes_in_as_it_says(run: Run, files: tuple[str, ...]) -> None:
    dry = run(*files, "--dry-run")
    assert (dry.exit_code, dry.stdout.splitlines()[0].startswith("would import ")) == (0, True)
    done = run(*files)
    assert done.exit_code == 0, done.output
    assert done.stdout in PAGE.read_text("utf-8")
    again = json.loads(run(*files, "--json").stdout)
    assert (again["is_whole"], again["months_made"], again["accounts_there"]) == (True, 0, 3)
    assert run("retention", "verify").exit_code == 0
    figures = run("retention", "show", "--on", "2024-06-30", "--months", "5", "--csv").stdout
    # Of 1,000.00 and 33.33 a month at the opening, 200.00 are more; nobody says why.
    assert ",unexplained,0.193549," in figures


def test_a_table_that_says_otherwise_later_ends_with_1(run: Run, files: tuple[str, ...], tmp_path: Path) -> None:
    run(*files)
    table = Path(files[2])
    table.write_text(table.read_text("utf-8").replace("1200.00", "1250.00", 1), encoding="utf-8")
    bad = tmp_path / "bad.csv"
    done = run(*files, "--bad-rows", str(bad))
    assert (done.exit_code, "restated" in done.stdout) == (1, True)
    assert bad.read_text("utf-8").splitlines()[1].endswith(",reported")


def test_what_does_not_fit_is_refused_before_anything_is_written(run: Run, files: tuple[str, ...]) -> None:
    mapping = Path(files[4])
    mapping.write_text(mapping.read_text("utf-8").replace("missing_months: zero", "missing_months: none"), "utf-8")
    done = run(*files)
    assert (done.exit_code, "write one of carry, refuse, zero" in done.stderr) == (1, True)
    assert run("retention", "import", "none.csv", "--mapping", str(mapping)).exit_code == 2


def test_the_how_to_explains_every_code_that_a_problem_can_have() -> None:
    folder = Path(revenue.__file__).parent
    used = {
        code
        for path in [*folder.glob("*.py"), *(ROOT / "pricing_engine" / "usecases").glob("import_history.py")]
        for code in re.findall(
            r'(?:Wrong\(\s*|, )"([a-z]+(?:-[a-z]+)+|restated|table|header)"', path.read_text("utf-8")
        )
    }
    assert len(used) > 10
    assert {code for code in used if f"`{code}`" not in PAGE.read_text("utf-8")} == set()
