"""`pricing-engine contracts`: what is booked is shown, listed, and answered as the API does."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pricing_engine.cli import contracts_booked
from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import open_desk
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.settings import Settings
from pricing_engine.storage import contracts
from tests import databases
from tests.api.test_contracts import a_full_contract
from tests.journeys.conftest import QUOTE, Run
from tests.storage.any_contract import a_line

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def booked(demo_database: Path) -> Contract:
    """A contract of an account of the demo, in two versions: from 1 July it is worth more."""
    first = a_full_contract("acc_bluefin")
    second = first._replace(version=2, effective=date(2026, 7, 1), lines=(a_line(net="30000"),))
    desk = open_desk(Settings(database_url=databases.sqlite_url(demo_database)))
    with desk.transaction() as session:
        contracts.save(session, first, kind=QuoteType.NEW, quote_id=None, at=NOON, by="import")
        contracts.save(session, second, kind=QuoteType.AMENDMENT, quote_id=None, at=NOON, by="ada")
    desk.close()
    return second


def test_a_contract_is_shown_line_by_line_on_a_day(booked: Contract, run: Run) -> None:
    done = run("contracts", "show", "acc_bluefin", "--on", "2026-03-01")
    assert done.exit_code == 0, done.output
    assert "Contract con_1, version 1" in done.stdout
    assert "2026-01-01 to 2026-12-31 (last day)" in done.stdout
    line = next(row for row in done.stdout.splitlines() if row.startswith("CRM · seats"))
    assert line.split()[-5:] == ["100", "seats", "$24,000.00", "$20,400.00", "$17.00"]
    assert "portfolio-15, 15.0%" in done.stdout
    assert "agreed: 5.0% off" in done.stdout
    assert "trial to 2026-07-31" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_days_choose_what_is_shown(booked: Contract, run: Run) -> None:
    assert "version 2" in run("contracts", "show", "acc_bluefin", "--on", "2026-07-01").stdout
    before = run("contracts", "show", "acc_bluefin", "--on", "2026-07-01", "--known-on", "2026-01-14")
    assert before.stdout == "acc_bluefin has no contract on 2026-07-01, as known on 2026-01-14\n"
    ended = run("contracts", "show", "acc_bluefin", "--on", "2027-02-01")
    assert "ended on 2026-12-31 (last day)" in ended.stdout


def test_a_day_that_is_none_is_wrong_usage_of_its_option(booked: Contract, run: Run) -> None:
    done = run("contracts", "show", "acc_bluefin", "--known-on", "soon", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["errors"][0]["where"] == "--known-on"


def test_the_history_lists_what_was_booked(booked: Contract, run: Run) -> None:
    done = run("contracts", "history", "acc_bluefin")
    assert done.exit_code == 0, done.output
    rows = [row.split() for row in done.stdout.splitlines() if row.startswith("2026-01-15")]
    assert [(row[2], row[3], row[4]) for row in rows] == [
        ("amendment", "2026-07-01", "$30,000.00"),
        ("new", "2026-01-01", "$20,400.00"),
    ]
    answer = json.loads(run("contracts", "history", "acc_bluefin", "--json").stdout)
    assert [item["arr"] for item in answer["items"]] == ["30000.00", "20400.00"]
    assert answer["next_cursor"] is None
    assert "nothing was booked" in run("contracts", "history", "acc_eastgate").stdout


def test_the_history_may_be_the_newest_bookings_or_more_than_a_page_of_them(
    booked: Contract, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = run("contracts", "history", "acc_bluefin", "--limit", "1")
    assert ("amendment" in newest.stdout, " new " in newest.stdout) == (True, False)
    assert "the newest 1; leave --limit out" in newest.stderr
    monkeypatch.setattr(contracts_booked, "_AT_ONCE", 1)
    for arguments, count in ((("--limit", "2"), 2), ((), 2), (("--limit", "1"), 1)):
        answer = json.loads(run("contracts", "history", "acc_bluefin", *arguments, "--json").stdout)
        assert (len(answer["items"]), answer["next_cursor"] is None) == (count, count == 2)
    assert run("contracts", "history", "acc_bluefin", "--limit", "0").exit_code == 2


def test_what_is_booked_ahead_is_a_line_of_what_is_shown(booked: Contract, run: Run) -> None:
    done = run("contracts", "show", "acc_bluefin", "--on", "2026-03-01")
    later = [" ".join(row.split()) for row in done.stdout.splitlines() if row.startswith("Later")]
    assert later == ["Later from 2026-07-01: amendment, ARR $30,000.00; version 2, booked 2026-01-15"]
    assert "Later" not in run("contracts", "show", "acc_bluefin", "--on", "2026-07-01").stdout
    early = run("contracts", "show", "acc_bluefin", "--on", "2025-12-31")
    assert early.stdout.splitlines()[:2] == [
        "acc_bluefin has no contract on 2025-12-31",
        "con_1 from 2026-01-01: new, ARR $20,400.00; version 1, booked 2026-01-15",
    ]


def test_json_is_what_the_api_answers(booked: Contract, run: Run) -> None:
    read = json.loads(run("contracts", "show", "acc_bluefin", "--on", "2026-07-01", "--json").stdout)
    assert (read["account_id"], read["on"], read["contracts"][0]["arr"]) == ("acc_bluefin", "2026-07-01", "30000.00")


def test_an_account_or_quote_that_is_not_there_is_refused(demo_database: Path, run: Run) -> None:
    for arguments in (("show", "acc_nobody"), ("history", "acc_nobody"), ("book", "quo_nobody")):
        done = run("contracts", *arguments)
        assert done.exit_code == 1, done.output
        assert "refused" in done.stderr


def test_a_kept_quote_is_booked_once(demo_database: Path, run: Run) -> None:
    quote = json.loads(run(*QUOTE, "--save", "--json").stdout)
    done = run("contracts", "book", quote["id"], "--by", "ada", "--json")
    assert done.exit_code == 0, done.output
    contract = json.loads(done.stdout)
    assert (contract["arr"], contract["quote_id"]) == (quote["totals"]["arr"], quote["id"])
    again = run("contracts", "book", quote["id"], "--json")
    assert (again.exit_code, json.loads(again.stdout)["error"]["code"]) == (1, "transition-not-allowed")
    shown = run("contracts", "show", "acc_bluefin", "--on", "2026-12-01")
    assert contract["id"] in shown.stdout


def test_a_missed_milestone_is_recorded_and_credited_once(booked: Contract, run: Run) -> None:
    # The second version takes force on 1 July: what is recorded before that takes force with it.
    typed = ("contracts", "milestone", "acc_bluefin", "go-live", "missed", "--on", "2026-01-10")
    done = run(*typed, "--by", "ada")
    assert done.exit_code == 0, done.output
    assert "Contract con_1, version 3" in done.stdout
    assert "by ada: milestone, recorded" in done.stdout
    credit = next(row for row in done.stdout.splitlines() if row.startswith("2026-01-10"))
    assert credit.split() == ["2026-01-10", "guarantee", "credit", "go-live", "-$100.00"]
    again = run(*typed, "--json")
    assert (again.exit_code, json.loads(again.stdout)["error"]["code"]) == (1, "outcome-already-recorded")
    assert "recorded" in run("contracts", "history", "acc_bluefin").stdout
    wrong = run("contracts", "milestone", "acc_bluefin", "go-live", "late", "--json")
    assert (wrong.exit_code, json.loads(wrong.stdout)["error"]["errors"][0]["where"]) == (2, "OUTCOME")
