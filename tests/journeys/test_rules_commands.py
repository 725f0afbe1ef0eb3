"""`pricing-engine rules …` from end to end: check, test, publish, import, schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.conftest import DESPITE, QUOTE, Run
from tests.shared import shared_path


def test_rules_check_ends_with_one_and_names_the_place_of_a_fault(run: Run, rules: Path) -> None:
    file = rules / "discounts" / "discretion.yaml"
    file.write_text(file.read_text("utf-8").replace('line_max: "10%"', "line_max: 15", 1), "utf-8")
    done = run("rules", "check", str(rules))
    assert done.exit_code == 1
    assert f"--> {file}:6:45  (limits[0].line_max)" in done.stdout
    assert 'help: write "15%"' in done.stdout
    found = json.loads(run("rules", "check", str(rules), "--json").stdout)
    assert (found["is_valid"], [fault["code"] for fault in found["faults"]]) == (False, ["E118"])
    assert run("rules", "check", str(rules), "--format", "github").stdout.startswith("::error file=")
    assert json.loads(run("rules", "check", str(rules), "--format", "sarif").stdout)["version"] == "2.1.0"
    refused = json.loads(run("rules", "test", str(rules), "--json").stdout)["error"]
    assert [fault["code"] for fault in refused["faults"]] == ["E118"]


def test_the_sample_rules_are_sound_and_their_examples_hold(run: Run) -> None:
    assert run("rules", "check", "rules").exit_code == 0
    done = run("rules", "test", "rules", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["passed"]


def test_an_example_that_does_not_hold_ends_with_one(run: Run, rules: Path) -> None:
    file = next(rules.rglob("usd.test.yaml"))
    text = file.read_text("utf-8")
    spoiled = text.replace('.00"', '.01"', 1)
    assert spoiled != text
    file.write_text(spoiled, "utf-8")
    done = run("rules", "test", str(rules))
    assert done.exit_code == 1
    assert "FAILED" in done.stdout


def test_a_test_file_that_cannot_be_read_is_said_not_to_have_run(run: Run, rules: Path) -> None:
    file = next(rules.rglob("usd.test.yaml"))
    file.write_text("kind: [\n", "utf-8")
    done = run("rules", "test", str(rules))
    assert done.exit_code == 1
    last = done.stdout.splitlines()[-1]
    assert " examples passed, 0 failed; 1 file with errors not run: " in last
    assert last.endswith(file.as_posix())
    shown = json.loads(run("rules", "test", str(rules), "--json").stdout)
    assert (shown["not_run"], shown["run_in_part"]) == ([file.relative_to(rules).as_posix()], [])


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [("\ncases:", "\narrr: 1\ncases:", "E102"), ("{product: core,", "{product: coer,", "E510")],
)
def test_the_check_names_what_is_wrong_with_a_test_file(
    run: Run, rules: Path, before: str, after: str, code: str
) -> None:
    file = rules / "price_books" / "usd.test.yaml"
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")
    done = run("rules", "check", str(rules))
    assert done.exit_code == 1
    assert done.stdout.startswith(f"{code} error: ")
    shown = json.loads(run("rules", "check", str(rules), "--json").stdout)
    assert (shown["is_valid"], [fault["code"] for fault in shown["faults"]]) == (False, [code])


def test_an_example_that_cannot_be_read_leaves_its_file_run_in_part(run: Run, rules: Path) -> None:
    file = next(rules.rglob("usd.test.yaml"))
    file.write_text(
        file.read_text("utf-8").replace("{product: core, users: 120}", "{product: core, userz: 120}", 1), "utf-8"
    )
    done = run("rules", "test", str(rules))
    assert done.exit_code == 1
    assert "; 1 file with errors run only in part: " in done.stdout.splitlines()[-1]


def test_a_directory_that_is_missing_or_holds_no_rules_is_told_to_be_named(run: Run, tmp_path: Path) -> None:
    for directory, what, fix in (
        (tmp_path / "nowhere", "nowhere is not a directory", "give a directory that exists"),
        (tmp_path, "holds no .yaml or .csv file", "give the directory that has rulebook.yaml in it"),
    ):
        error = json.loads(run("rules", "check", str(directory), "--json").stdout)["error"]
        assert what in error["detail"]
        assert error["fix"] == fix


def test_publishing_needs_a_reason_to_activate_and_then_quotes_use_it(
    demo_database: Path, run: Run, rules: Path
) -> None:
    file = rules / "price_books" / "usd.yaml"
    text = file.read_text("utf-8")
    changed = text.replace(
        '- {from: 2026-01-01, model: per_unit, unit_price: "12.00", why: list review 2026}',
        '- {from: 2026-01-01, model: per_unit, unit_price: "13.00", why: list review 2026}',
    )
    assert changed != text
    file.write_text(changed, "utf-8")
    assert run("rules", "publish", str(rules), "--activate").exit_code == 2
    kept = json.loads(run("rules", "publish", str(rules), "--json").stdout)
    assert (kept["is_new"], kept["activation"]) == (True, None)
    assert "$1,440.00" in run(*QUOTE).stdout  # published is not activated: 10 × 12.00 × 12
    activate = ("rules", "publish", str(rules), "--activate", "--reason", "list review")
    assert run(*activate, *DESPITE).exit_code == 0
    assert "$1,560.00" in run(*QUOTE).stdout  # 10 × 13.00 × 12


def test_rules_whose_examples_fail_are_published_but_not_activated_unless_someone_says_why(
    demo_database: Path, run: Run, rules: Path
) -> None:
    file = rules / "price_books" / "usd.test.yaml"
    file.write_text(file.read_text("utf-8").replace('.00"', '.01"', 1), "utf-8")
    publish = ("rules", "publish", str(rules))
    kept = run(*publish)
    assert (kept.exit_code, "examples passed, 1 failed" in kept.stderr) == (0, True)
    activate = (*publish, "--activate", "--reason", "list review")
    refused = run(*activate)
    assert refused.exit_code == 1
    assert f"FAILED {file}" in refused.stderr
    error = json.loads(run(*activate, "--json").stdout)["error"]
    assert (error["code"], sum(not case["passed"] for case in error["cases"])) == ("examples-failed", 1)
    assert run(*publish, *DESPITE).exit_code == 2  # nothing is activated, so nothing needs a why
    done = json.loads(run(*activate, *DESPITE, "--json").stdout)
    assert done["activation"]["reason"] == "list review (despite failed examples: they follow tomorrow)"
    assert not done["examples_passed"]


def test_an_import_that_is_refused_leaves_what_is_there(run: Run, tmp_path: Path) -> None:
    page, out = tmp_path / "page.yml", tmp_path / "out"
    page.write_text("saasName: nothing else\n", "utf-8")
    out.mkdir()
    (out / "mine.txt").write_text("mine", "utf-8")
    assert run("rules", "import", "pricing2yaml", str(page), "--out", str(out)).exit_code == 2
    assert run("rules", "import", "pricing2yaml", str(page), "--out", str(out), "--force").exit_code == 1
    assert [path.name for path in tmp_path.iterdir() if path != page] == ["out"]
    assert (out / "mine.txt").read_text("utf-8") == "mine"


def test_an_imported_page_passes_the_check_and_is_counted(run: Run, tmp_path: Path) -> None:
    page, out = shared_path("data", "pricing2yaml", "notion", "2025.yml"), tmp_path / "deep" / "notion"
    done = run("rules", "import", "pricing2yaml", str(page), "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "not represented" in done.stdout
    assert run("rules", "check", str(out)).exit_code == 0
    counted = json.loads(run("rules", "configurations", str(out), "--json").stdout)
    assert counted["total"] == sum(counted["by_tier"].values()) > 0


def test_schemas_are_written_checked_and_cleared_of_what_is_gone(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "schema"
    assert run("rules", "schema", "--out", str(out), "--check").exit_code == 1
    assert run("rules", "schema", "--out", str(out)).exit_code == 0
    assert "price_book.json" in {path.name for path in out.iterdir()}
    assert run("rules", "schema", "--out", str(out), "--check").exit_code == 0
    (out / "gone.json").write_text("{}", "utf-8")
    assert run("rules", "schema", "--out", str(out), "--check").exit_code == 1
    assert run("rules", "schema", "--out", str(out)).exit_code == 0
    assert not (out / "gone.json").exists()
