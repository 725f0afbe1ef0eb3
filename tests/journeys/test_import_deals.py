"""`pricing-engine scoring import` from end to end, as the how-to shows it, and on public data."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from pricing_engine.imports import deals
from tests.journeys.conftest import ROOT, Run
from tests.shared import shared_path

PAGE = ROOT / "docs" / "how-to" / "import-deals.md"
TEXT = PAGE.read_text("utf-8")


def shown(kind: str) -> list[str]:
    """The blocks of a kind that the how-to shows."""
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture
def files(demo_database: Path, tmp_path: Path) -> tuple[str, ...]:
    """The how-to's table and mapping, as its command names them."""
    table, mapping = tmp_path / "deals.csv", tmp_path / "deals.yaml"
    table.write_text(shown("csv")[0], encoding="utf-8")
    mapping.write_text(shown("yaml")[0], encoding="utf-8")
    return ("scoring", "import", str(table), "--mapping", str(mapping))


def test_the_table_of_the_how_to_comes_in_as_it_says(run: Run, files: tuple[str, ...]) -> None:
    dry = run(*files, "--dry-run")
    assert (dry.exit_code, dry.stdout.splitlines()[0]) == (0, "would import 3 deals")
    done = run(*files)
    assert done.exit_code == 0, done.output
    assert done.stdout in TEXT
    again = json.loads(run(*files, "--json").stdout)
    assert (again["is_whole"], again["made"], again["there"]) == (True, 0, 3)
    assert again["facts"][1] == {"name": "segment", "missing": "0.0000", "of_quotes": True}


def test_a_bad_row_is_written_to_the_table_of_bad_rows_and_ends_with_1(
    run: Run, files: tuple[str, ...], tmp_path: Path
) -> None:
    table, bad = Path(files[2]), tmp_path / "bad.csv"
    table.write_text(table.read_text("utf-8").replace("Negotiation", "Negotiating"), encoding="utf-8")
    done = run(*files, "--bad-rows", str(bad))
    assert (done.exit_code, "imported 2 deals" in done.stdout) == (1, True)
    with bad.open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["line"], row["column"], row["value"], row["code"]) == ("5", "Stage", "Negotiating", "unknown-outcome")
    assert (row["effect"], row["fix"]) == ("deal refused", "say under outcome what it means; did you mean Negotiation?")


def test_what_is_typed_wrongly_is_wrong_usage(run: Run, files: tuple[str, ...]) -> None:
    for more, where in (
        (("accounts=none.csv",), "there is no file none.csv"),
        ((f"accounts={files[2]}",), "the mapping has no table accounts"),
        ((f"a={files[2]}", f"a={files[2]}"), "a table is named twice"),
        (("--bad-rows", files[2]), "is what is imported"),
        (("--bad-rows", "nowhere/bad.csv"), "there is no folder nowhere"),
    ):
        done = run(*files, *more)
        assert (done.exit_code, where in done.stderr) == (2, True), done.stderr
    mapping = Path(files[4])
    mapping.write_text(f"{mapping.read_text('utf-8')}  discount: {{column: x, type: number}}\n", "utf-8")
    refused = run(*files)
    assert (refused.exit_code, "discount is what the lines of a deal say" in refused.stderr) == (1, True)


def test_public_opportunities_come_in_as_the_how_to_says(run: Run, demo_database: Path, tmp_path: Path) -> None:
    folder = shared_path("data", "crm-opportunities")
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(shown("yaml")[1], encoding="utf-8")
    command = re.findall(r"^pricing-engine (scoring import sales_.*)$", TEXT, re.MULTILINE)[0]
    typed = [
        re.sub(r"(\w+\.csv)", rf"{folder}/\1", word).replace("mapping.yaml", str(mapping)) for word in command.split()
    ]
    done = run(*typed)
    assert done.exit_code == 0, done.output
    assert done.stdout in TEXT
    mapping.write_text(shown("yaml")[1].replace("  product: {GTXPro: GTX Pro}\n", ""), encoding="utf-8")
    refused = json.loads(run(*typed, "--dry-run", "--json").stdout)
    assert (refused["refused"], refused["problems"]["by_code"]) == (1480, {"unknown-key": 1480})
    assert refused["problems"]["first"][0]["fix"] == "did you mean GTX Pro? Say so under spelled"


def test_the_how_to_explains_every_code_that_a_problem_can_have() -> None:
    used = {
        code
        for path in Path(deals.__file__).parent.glob("*.py")
        for code in re.findall(r'Wrong\(\s*"([a-z]+(?:-[a-z]+)*)"', path.read_text("utf-8"))
    }
    assert len(used) > 12
    assert {code for code in used if f"`{code}`" not in TEXT} == set()
