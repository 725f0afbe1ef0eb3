"""`pricing-engine contracts import` from end to end, with RavenStack's 5,000 subscriptions (River @ Rivalytics)."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.value import arr_on
from pricing_engine.desk import open_desk
from pricing_engine.imports.book import problems
from pricing_engine.settings import Settings
from pricing_engine.storage import contracts
from pricing_engine.storage.accounts import of_external_ids
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from tests import ravenstack
from tests.journeys.conftest import Run

DAYS = (date(2023, 3, 1), date(2023, 12, 31), date(2024, 2, 29), date(2024, 10, 17), date(2024, 12, 31))
"""Days of the two years that the subscriptions cover."""


@pytest.fixture
def database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with RavenStack's prices in force, which the settings name."""
    monkeypatch.setenv("PRICING_ENGINE_DATABASE_URL", sqlite_url)
    desk = open_desk(Settings(database_url=sqlite_url))
    try:
        publish_rulebook(desk, ravenstack.rule_files(), author="ada", activate=True, reason="as they were sold")
    finally:
        desk.close()
    return sqlite_url


def command(folder: Path, *more: str, book: Path | None = None, mapping: str = "") -> tuple[str, ...]:
    """The command line of the how-to."""
    path = folder / "mapping.yaml"
    path.write_text(mapping or ravenstack.mapping_text(), encoding="utf-8")
    source = book or ravenstack.path("subscriptions")
    accounts = ravenstack.path("accounts")
    return ("contracts", "import", str(source), "--mapping", str(path), "--accounts", str(accounts), *more)


def all_contracts(url: str, on: date = date(2030, 1, 1)) -> list[tuple[str, Contract]]:
    """Every contract that has begun by a day, as it was in force on it, with its account's external id."""
    desk = open_desk(Settings(database_url=url))
    try:
        with desk.reading() as session:
            known = of_external_ids(session, [row["account_id"] for row in ravenstack.table("accounts")])
            return [
                (external_id, each.contract)
                for external_id, account in known.items()
                for each in contracts.of_account(session, account.id, on=on)
            ]
    finally:
        desk.close()


@pytest.mark.parametrize("months", [24, 6, 1])
def test_all_of_ravenstack_comes_in_and_its_arr_is_what_the_table_sums_to(
    run: Run, database: str, tmp_path: Path, months: int
) -> None:
    # With terms of 24 months none has begun anew by the last day, with shorter ones most days are in earlier terms.
    rows = ravenstack.table("subscriptions")
    mapping = ravenstack.mapping_text()
    assert "{constant: 24}" in mapping
    done = run(*command(tmp_path, "--json", mapping=mapping.replace("{constant: 24}", f"{{constant: {months}}}")))
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["rows"], report["accounts"]["made"], report["contracts"]["made"]) == (5000, 500, 5000)
    assert (report["is_whole"], report["problems"]["count"]) == (True, 0)
    for day in DAYS:
        expected = sum(int(row["arr_amount"]) for row in rows if ravenstack.in_force(row, day))
        on_day = all_contracts(database, on=day)
        assert sum((arr_on(contract, day) for _, contract in on_day), Decimal(0)) == expected
        running = {contract.id for _, contract in on_day if day < contract.ends}
        assert running == {row["subscription_id"] for row in rows if ravenstack.in_force(row, day)}
    stored = all_contracts(database)
    assert Decimal(report["arr"]["USD"]) == sum(
        int(row["arr_amount"]) for row in rows if ravenstack.in_force(row, DAYS[-1])
    )
    assert {(external_id, contract.id) for external_id, contract in stored} == {
        (row["account_id"], row["subscription_id"]) for row in rows
    }


def test_a_second_import_changes_nothing(run: Run, database: str, tmp_path: Path) -> None:
    book = _part(tmp_path, 400)
    run(*command(tmp_path, book=book))
    before = all_contracts(database)
    again = run(*command(tmp_path, book=book))
    assert again.exit_code == 0
    assert again.stdout.splitlines() == [
        "imported 0 contracts with 0 lines, and 0 new accounts",
        "there already, and left as they are: 400 contracts",
    ]
    assert all_contracts(database) == before


def test_each_line_is_sold_at_list_by_the_seat_and_trials_cost_nothing(run: Run, database: str, tmp_path: Path) -> None:
    rows = {row["subscription_id"]: row for row in ravenstack.table("subscriptions")[:400]}
    assert run(*command(tmp_path, book=_part(tmp_path, 400))).exit_code == 0
    for _, contract in all_contracts(database):
        row = rows[contract.id]
        (line,) = contract.lines
        (stretch,) = line.stretches
        listed = int(row["seats"]) * Decimal(ravenstack.PRICES[row["plan_tier"].lower()]) * 12
        assert (stretch.list, stretch.net) == (listed, 0 if row["is_trial"] == "TRUE" else listed)
        assert (line.trial_until is not None) == (row["is_trial"] == "TRUE")
        assert contract.effective == ravenstack.day(row["start_date"])
        if row["end_date"]:
            assert contract.ends - timedelta(days=1) == ravenstack.day(row["end_date"])


def test_a_bad_row_keeps_its_account_out_and_is_told_with_its_place(run: Run, database: str, tmp_path: Path) -> None:
    book = _part(tmp_path, 60)
    lines = book.read_text("utf-8").splitlines()
    account = lines[10].split(",")[1]
    lines[10] = re.sub(r"^(S-\w+,A-\w+),[^,]+", r"\1,13/32/2024", lines[10])
    book.write_text("\n".join(lines), "utf-8")
    of_account = sum(line.split(",")[1] == account for line in lines)
    bad = tmp_path / "bad.csv"
    done = run(*command(tmp_path, "--bad-rows", str(bad), book=book))
    assert done.exit_code == 1
    assert done.stdout.splitlines()[:3] == [
        "book.csv:11: start_date: refused: not-a-date",
        "    the calendar has no 13/32/2024",
        "    fix: write it as month/day/year, or say under dates how the file writes them",
    ]
    assert f"imported {60 - of_account} contracts" in done.stdout
    assert f"refused, with nothing of them written: 1 account ({account})" in done.stdout
    with bad.open(encoding="utf-8", newline="") as file:
        (problem,) = csv.DictReader(file)
    assert (problem["line"], problem["column"], problem["value"], problem["effect"]) == (
        "11",
        "start_date",
        "13/32/2024",
        "account refused",
    )
    assert account not in dict(all_contracts(database))
    report = json.loads(run(*command(tmp_path, "--json", "--dry-run", book=book)).stdout)
    assert report["accounts"]["refused_first"] == {account: 1}
    assert report["problems"]["first"][0]["line"] == 11


@pytest.mark.parametrize(
    ("before", "after", "code", "said"),
    [
        ("plan_tier, values: {Basic: basic", "plan_tier, values: {Basic: base", 1, "did you mean basic?"),
        ("trial: is_trial", "trail: is_trial", 1, "there is no field trail here"),
        ("quantity: seats", "quantity: seat", 1, "there is no column seat"),
        ("[upgrade_flag, ", "[", 1, "nothing says what upgrade_flag is"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_before_anything_is_written(
    run: Run, database: str, tmp_path: Path, before: str, after: str, code: int, said: str
) -> None:
    mapping = ravenstack.mapping_text()
    assert mapping.count(before) == 1
    done = run(*command(tmp_path, book=_part(tmp_path, 5), mapping=mapping.replace(before, after)))
    assert (done.exit_code, said in done.output) == (code, True), done.output
    assert "imported" not in done.stdout.replace("nothing was imported", "")
    assert all_contracts(database) == []


def test_the_exit_code_tells_a_wrong_command_from_a_refused_book_and_from_a_failure(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRICING_ENGINE_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite'}")
    assert run(*command(tmp_path, book=tmp_path / "none.csv")).exit_code == 2
    assert run(*command(tmp_path, "--book-date", "yesterday")).exit_code == 2
    assert run(*command(tmp_path, "--bad-rows", str(ravenstack.path("accounts")))).exit_code == 2
    failed = run(*command(tmp_path, "--json"))
    assert (failed.exit_code, json.loads(failed.stdout)["error"]["code"]) == (3, "no-database")


def test_the_how_to_explains_every_code_that_a_problem_can_have() -> None:
    text = ravenstack.PAGE.read_text("utf-8")
    sources = [path.read_text("utf-8") for path in Path(problems.__file__).parent.glob("*.py")]
    used = {code for source in sources for code in re.findall(r'Wrong\(\s*"([a-z-]+)"', source)}
    assert len(used) > 30
    assert {code for code in used if f"`{code}`" not in text} == set()


def _part(folder: Path, count: int) -> Path:
    """The header and the first rows of the subscriptions."""
    lines = ravenstack.path("subscriptions").read_text("utf-8-sig").splitlines()
    path = folder / "book.csv"
    path.write_text("\n".join(lines[: count + 1]), encoding="utf-8")
    return path


def test_the_contradictions_that_the_how_to_lists_are_those_of_the_tables() -> None:
    text = ravenstack.PAGE.read_text("utf-8")
    listed = {row[0]: int(row[1].replace(",", "")) for row in re.findall(r"^\| `([\w-]+)` \| ([\d,]+) \|", text, re.M)}
    assert listed == ravenstack.contradictions()
