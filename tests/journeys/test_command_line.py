"""The command line from end to end: what it prints, what it keeps, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pricing_engine.cli.program import program
from pricing_engine.demo import ACCOUNTS, prepare_demo
from pricing_engine.settings import Settings
from tests import databases
from tests.journeys.conftest import DESPITE, QUOTE, ROOT, Run


def test_a_quote_is_printed_with_its_account_lines_totals_and_invoices(demo_database: Path, run: Run) -> None:
    done = run(*QUOTE)
    assert done.exit_code == 0, done.output
    # Core costs 12.00 per user and month: 10 × 12.00 × 12 = 1,440.00; Essentials 99.00 × 12 = 1,188.00.
    assert "Bluefin Freight Inc. (acc_bluefin)" in done.stdout
    assert "2026-12-01 to 2027-11-30 (last day)" in done.stdout
    line = next(row for row in done.stdout.splitlines() if row.startswith("Core") and "users" in row)
    assert line.split()[-3:] == ["$1,440.00", "$1,440.00", "$1,440.00"]
    assert "Net, 12 months (TCV)  $2,628.00" in done.stdout
    assert "Needs no approval." in done.stdout


def test_the_printed_quote_has_no_colour_and_no_line_wider_than_the_pipe(demo_database: Path, run: Run) -> None:
    done = run(*QUOTE, "--waterfall", "--discount", "quote=10%")
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_what_is_saved_is_the_quote_that_the_service_would_give(demo_database: Path, run: Run) -> None:
    saved = json.loads(run(*QUOTE, "--save", "--json").stdout)
    previewed = json.loads(run(*QUOTE, "--json").stdout)
    assert saved["id"].startswith("quo_")
    assert (previewed["id"], previewed["version"]) == ("preview", None)
    assert saved["totals"] == previewed["totals"]


def test_a_request_from_a_file_is_the_request_of_the_options(demo_database: Path, run: Run) -> None:
    request = {
        "account_id": "acc_bluefin",
        "effective_date": "2026-12-01",
        "changes": [{"op": "add", "product": "core", "quantities": {"users": "10"}}],
    }
    by_file = run("quote", "--file", "-", "--json", given=json.dumps(request))
    assert json.loads(by_file.stdout) == json.loads(run(*QUOTE, "--json").stdout)


def test_a_quote_without_a_database_is_priced_from_the_files(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRICING_ENGINE_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite")
    done = run(
        "quote", "--rules", "rules", "--market", "DE", "--currency", "EUR", "--segment", "smb",
        "--add", "core:users=10", "--effective", "2026-12-01", "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["price_book"] == "eur"


def test_an_account_beside_a_directory_of_rules_is_refused_not_dropped(run: Run) -> None:
    done = run("quote", "--rules", "rules", "--account", "acc_bluefin", "--add", "crm:users=1")
    assert done.exit_code == 2
    assert "--account" in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--remove", "analytics"),
        ("--tier", "enterprise"),
        ("--cancel",),
        ("--add", "crm:users=1", "--contract", "con_1"),
    ],
    ids=" ".join,
)
def test_a_contract_beside_a_directory_of_rules_is_refused_by_its_option(options: tuple[str, ...], run: Run) -> None:
    done = run("quote", "--rules", "rules", *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--rules prices without the database that contracts are in" in done.stderr
    assert f"where {' '.join(options[-2:])}" in done.stderr


def test_a_file_that_changes_a_contract_is_refused_beside_a_directory_of_rules(run: Run) -> None:
    request = {"account_id": "acc_nobody", "effective_date": "2026-12-01", "changes": [{"op": "renew"}]}
    done = run("quote", "--rules", "rules", "--file", "-", given=json.dumps(request))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "where /changes/0" in done.stderr


def test_numbers_are_written_as_the_locale_writes_them(run: Run) -> None:
    done = run("quote", "--rules", "rules", "--market", "DE", "--currency", "EUR", "--segment", "smb",
               "--add", "crm:users=120", "--effective", "2026-12-01", "--locale", "de_DE")  # fmt: skip
    assert ",00\xa0€" in done.stdout


@pytest.mark.parametrize(
    ("options", "exit_code", "said"),
    [
        (("--add", "crms:users=10"), 1, "did you mean crm?"),
        (("--add", "crm:users=10", "--account", "acc_none"), 1, "there is no account acc_none"),
        (("--add", "crm:users=10", "--as-of", "2026-01-01"), 1, "a rep may not choose the as-of day"),
        (("--add", "crm:users=1_0"), 2, "--add crm:users=1_0: write plain digits"),
        (("--add", "crm:users=10", "--term", "0"), 2, "--term 0: at least 1"),
        (("--add", "crm:users=10", "--discount", "quote=15"), 2, "write 5% off, 500.00USD off, or @38.00"),
        (("--add", "crm:users=10", "--role", "boss"), 2, "write one of rep, manager"),
        (("--add", "crm:users=10", "--locale", "xx_YYY"), 2, "there is no locale xx_YYY"),
        (("--add", "crm:users=10", "--segment", "smb"), 2, "add --rules DIR"),
        (("--add", "crm:users=10", "--file", "request.json"), 2, "leave them out"),
        (("--extend", "0"), 2, "--extend 0: at least 1"),
        (("--set", "crm:users=0"), 2, "--set crm:users=0: must be above 0"),
        (("--remove", "crm:users"), 2, "write --remove PRODUCT:METRIC=QUANTITY"),
        (("--true-up", "crm:users=130@soon"), 2, "--true-up crm:users=130@soon: write a date as YYYY-MM-DD"),
        (("--trial", "Analytics"), 2, "--trial Analytics: write an id of the rules"),
        (("--cancel", "--waive", "all:please"), 2, "--waive all:please: what is one of cancellation_fee"),
        (("--renew", "--contract", "a b"), 2, "--contract a b: write an id"),
        (("--cancel", "--file", "request.json"), 2, "--cancel"),
        ((), 2, "there is nothing to quote"),
    ],
)
def test_a_refusal_names_the_option_and_the_way_out(
    demo_database: Path, run: Run, options: tuple[str, ...], exit_code: int, said: str
) -> None:
    account = () if "--account" in options else ("--account", "acc_bluefin")
    done = run("quote", *account, *options)
    assert (done.exit_code, done.stdout) == (exit_code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refused_quote_is_shown_and_ends_with_one(demo_database: Path, run: Run) -> None:
    done = run(*QUOTE, "--discount", "quote=60%")
    assert done.exit_code == 1
    assert "Refused: no approval helps against a refusal above." in done.stdout


def test_the_words_of_a_floor_are_for_those_who_may_know_it(demo_database: Path, run: Run) -> None:
    for role, is_told in (("rep", False), ("deal_desk", True)):
        done = run(*QUOTE, "--discount", "quote=60%", "--role", role)
        assert ("below this the deal loses money" in done.stdout) is is_told, role


def test_a_refusal_for_machines_is_json_with_code_and_place(demo_database: Path, run: Run) -> None:
    done = run("quote", "--account", "acc_bluefin", "--add", "crms:users=10", "--json")
    assert done.exit_code == 1
    error = json.loads(done.stdout)["error"]
    assert (error["code"], error["where"]) == ("unknown-product", "--add crms:users=10")


def test_without_a_database_a_quote_says_what_to_run(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = tmp_path / "missing.sqlite"
    monkeypatch.setenv("PRICING_ENGINE_DATABASE_URL", databases.sqlite_url(missing))
    done = run(*QUOTE)
    assert done.exit_code == 3
    assert "pricing-engine demo" in done.stderr
    assert not missing.exists()


def test_a_password_of_the_database_is_never_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRICING_ENGINE_DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:1/x")
    done = run(*QUOTE)
    assert done.exit_code == 3
    assert "127.0.0.1:1" in done.stderr
    assert "hunter2" not in done.output


def test_a_code_is_explained_whatever_its_case(run: Run) -> None:
    done = run("explain", "No-Price-Book")
    assert done.exit_code == 0
    assert "Prefer" in done.stdout
    assert run("explain", "no-price-bok").exit_code == 2
    assert "15%" in run("explain", "e118").stdout


def test_every_code_of_rule_files_and_of_the_api_can_be_explained(run: Run) -> None:
    pages = json.loads(run("explain", "--json").stdout)
    assert {"Y010", "E010", "E118", "no-price-book", "settings-refused"} <= pages.keys()
    assert len(run("explain").stdout.splitlines()) == len(pages)


def test_the_schema_goes_up_and_down_and_an_unknown_revision_is_wrong_usage(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRICING_ENGINE_DATABASE_URL", databases.sqlite_url(tmp_path / "new" / "a.sqlite"))
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "upgrade", "nonsense").exit_code == 2
    assert run("db", "downgrade", "base", given="n\n").exit_code == 1
    assert run(*QUOTE).exit_code == 1  # the schema is there, but no rulebook
    assert run("db", "downgrade", "base", "--yes").exit_code == 0
    outdated = run(*QUOTE)
    assert (outdated.exit_code, "run pricing-engine db upgrade" in outdated.stderr) == (3, True)


def test_a_second_demo_changes_nothing(demo_database: Path) -> None:
    settings = Settings(database_url=databases.sqlite_url(demo_database), rules_dir=ROOT / "rules")
    again = prepare_demo(settings)
    assert not again.is_new
    assert len(ACCOUNTS) == 12
    assert {account.currency for account in ACCOUNTS} == {"USD", "EUR", "JPY"}


def test_the_demo_leaves_in_force_what_others_published(demo_database: Path, run: Run, rules: Path) -> None:
    file = rules / "price_books" / "usd.yaml"
    file.write_text(file.read_text("utf-8").replace('unit_price: "12.00", why:', 'unit_price: "13.00", why:'), "utf-8")
    publish = (
        "rules",
        "publish",
        str(rules),
        "--activate",
        "--reason",
        "list review",
        "--author",
        "ana",
        *DESPITE,
        "--json",
    )
    published = json.loads(run(*publish).stdout)["hash"]
    done = run("demo")
    assert done.exit_code == 0, done.output
    assert "$1,560.00" in run(*QUOTE).stdout  # 10 × 13.00 × 12: the sample rules would make 1,440.00
    first = done.stdout.splitlines()[0]
    assert f"rulebook {published[:12]}, put in force by ana, stays" in first
    assert first.endswith("pricing-engine rules publish rules --activate --reason …")
    shown = json.loads(run("demo", "--json").stdout)
    assert (shown["rulebook"], shown["kept_by"]) == (published, "ana")


def test_the_demo_replaces_rules_that_a_demo_put_in_force(demo_database: Path, rules: Path) -> None:
    file = rules / "price_books" / "usd.yaml"
    file.write_text(file.read_text("utf-8").replace('unit_price: "12.00", why:', 'unit_price: "13.00", why:'), "utf-8")
    url = databases.sqlite_url(demo_database)
    changed = prepare_demo(Settings(database_url=url, rules_dir=rules))
    back = prepare_demo(Settings(database_url=url, rules_dir=ROOT / "rules"))
    assert (changed.is_new, back.is_new, changed.kept_by, back.kept_by) == (True, True, None, None)
    assert changed.rulebook != back.rulebook


def test_the_demo_stays_out_of_production(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRICING_ENGINE_ENVIRONMENT", "production")
    done = run("demo")
    assert done.exit_code == 3
    assert "production" in done.stderr


def test_every_command_and_option_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8")
    missing = [words for words in _commands(get_command(program), ()) if f"`{words}" not in page]
    options = {option for command in _leaves(get_command(program)) for option in _options(command)}
    assert missing == []
    assert {option for option in options if f"{option}" not in page} == set()


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[str]:
    for name, found in getattr(command, "commands", {}).items():
        if hasattr(found, "commands"):
            yield from _commands(found, (*path, name))
        else:
            yield " ".join((*path, name))


def _leaves(command: Any) -> Iterator[Any]:
    for found in getattr(command, "commands", {}).values():
        yield from _leaves(found) if hasattr(found, "commands") else [found]


def _options(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from (option for option in parameter.opts if option.startswith("--"))
