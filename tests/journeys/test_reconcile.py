"""`retention reconcile` over RavenStack (River @ Rivalytics), beside counts that are made of its rows alone."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests import ravenstack
from tests.journeys.conftest import Run
from tests.journeys.test_import_history import PAGE, shown

Row = Mapping[str, str]
_DAY = timedelta(days=1)


def command(folder: Path, *more: str, mapping: str = "") -> tuple[str, ...]:
    """The command line of the how-to."""
    path = folder / "flags.yaml"
    path.write_text(mapping or shown("yaml")[1], encoding="utf-8")
    names = ("subscriptions", "accounts", "churn_events")
    tables = [f"{name.replace('_', '-')}={ravenstack.path(name)}" for name in names]
    return ("retention", "reconcile", *tables, "--mapping", str(path), *more)


def paid_by_account() -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in ravenstack.table("subscriptions"):
        if row["is_trial"] == "FALSE":
            found[row["account_id"]].append(row)
    return found


def arr(rows: Sequence[Row], on: date) -> int:
    return sum(int(row["arr_amount"]) for row in rows if ravenstack.in_force(row, on))


def ends(row: Row) -> date | None:
    return ravenstack.day(row["end_date"]) if row["end_date"] else None


def expected() -> dict[str, int]:
    """How often flags and events contradict the subscriptions, which here are read day by day, without a ledger."""
    paid, last = paid_by_account(), ravenstack.LAST_DAY
    found = dict.fromkeys(
        ("mrr-is-list", "trial-is-free", "arr-is-in-the-ledger", "over-is-churned", "lost-is-churned"), 0
    )
    subscriptions = ravenstack.table("subscriptions")
    found["churned-is-over"] = sum(
        row["churn_flag"] == "TRUE" and row["is_trial"] == "FALSE" and ends(row) == last for row in subscriptions
    )
    found["one-direction"] = sum(row["upgrade_flag"] == row["downgrade_flag"] == "TRUE" for row in subscriptions)
    found["upgrade-expands"] = found["downgrade-contracts"] = 0
    for row in subscriptions:
        of_account, day = paid.get(row["account_id"], ()), ravenstack.day(row["start_date"])
        was_there = arr(of_account, day - _DAY) > 0
        begins = any(ravenstack.day(each["start_date"]) == day for each in of_account)
        stopped = any(ends(each) == day - _DAY for each in of_account)
        found["upgrade-expands"] += row["upgrade_flag"] == "TRUE" and not (was_there and begins)
        is_less = stopped and arr(of_account, day) > 0
        found["downgrade-contracts"] += row["downgrade_flag"] == "TRUE" and not is_less
    for account in ravenstack.table("accounts"):
        pays = arr(paid.get(account["account_id"], ()), last) > 0
        for flag, check in (("churn_flag", "churned-has-nothing"), ("is_trial", "trial-has-nothing")):
            found[check] = found.get(check, 0) + (account[flag] == "True" and pays)
    found |= dict.fromkeys(("something-is-lost", "nothing-is-left"), 0)
    for event in ravenstack.table("churn_events"):
        of_account, day = paid.get(event["account_id"], ()), date.fromisoformat(event["churn_date"])
        found["something-is-lost"] += day >= last or all(ends(each) != day for each in of_account)
        found["nothing-is-left"] += arr(of_account, min(day + _DAY, last)) > 0
    return found


def test_what_contradicts_ravenstacks_ledger_is_what_its_rows_say(book: Run, tmp_path: Path) -> None:
    done = book(*command(tmp_path, "--json"))
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    counts = {each["check"]: each["found"] for each in found["compared"]}
    assert {check: counts[check] for check in expected()} == expected()
    assert counts.keys() - expected().keys() == {
        "upgrade-came-before",
        "downgrade-came-before",
        "who-returned-had-left",
    }
    assert {each["source"]: each["tested"] for each in found["compared"]} == {
        "subscriptions": 5000,
        "accounts": 500,
        "churn-events": 600,
    }
    assert {each["untested"] for each in found["compared"]} == {0}
    assert found["count"] == sum(counts.values()) == len(found["items"])
    paid = paid_by_account()
    churned = [row["account_id"] for row in ravenstack.table("accounts") if row["churn_flag"] == "True"]
    (stake,) = [each["at_stake"] for each in found["compared"] if each["check"] == "churned-has-nothing"]
    assert stake == f"{sum(arr(paid.get(id_, ()), ravenstack.LAST_DAY) for id_ in churned)}.00"


def test_the_how_to_shows_what_is_printed_and_csv_has_every_row(book: Run, tmp_path: Path) -> None:
    printed = book(*command(tmp_path, "--examples", "0"))
    table = printed.stdout.partition("\n\n")[2].strip()
    assert len(table.splitlines()) == 18
    assert table in PAGE.read_text("utf-8")
    some = book(*command(tmp_path, "--examples", "1")).stdout
    assert "ravenstack_accounts.csv:3: not churned or account_arr == 0, with account_arr = " in some
    rows = list(csv.DictReader(book(*command(tmp_path, "--csv")).stdout.splitlines()))
    flagged = [row for row in rows if row["check"] == "churned-has-nothing"]
    lines = ravenstack.path("accounts").read_text("utf-8-sig").splitlines()
    assert len(flagged) == 110
    assert all(lines[int(row["line"]) - 1].endswith(",True") for row in flagged)


def test_strict_ends_with_1_and_wrong_usage_with_2(book: Run, tmp_path: Path) -> None:
    assert book(*command(tmp_path, "--strict")).exit_code == 1
    whole = command(tmp_path)
    assert book(*whole[:2]).exit_code == 0  # nothing was imported as a history
    assert book(*whole[:2], "--strict").exit_code == 0
    assert book(*whole[:3]).exit_code == 2  # a table, and no mapping
    assert book(*whole[:2], *whole[-2:]).exit_code == 2
    assert book(*whole[:2], whole[2], whole[2], *whole[-2:]).exit_code == 2
    assert book(*whole[:2], whole[2].replace("subscriptions=", "subs="), *whole[-2:]).exit_code == 2
    assert book(*whole[:2], "subscriptions=none.csv", *whole[-2:]).exit_code == 2
    assert book(*command(tmp_path, "--csv", "--json")).exit_code == 2


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("expansion > 0", "expansoin > 0", "did you mean `expansion`?"),
        ("at_stake: arr,", "at_stake: ar,", "did you mean arr?"),
        ("metric: seats", "metric: seat", "there is no metric seat"),
        ("Basic: basic", "Basic: basics", "the rulebook in force has no product basics"),
        ("    day: churn_date\n    day_is: last_day\n", "", "churn"),
        ("mrr: {column: mrr_amount", "expansion: {column: mrr_amount", "the engine's name"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_its_place(
    book: Run, tmp_path: Path, before: str, after: str, said: str
) -> None:
    text = shown("yaml")[1]
    assert before in text
    done = book(*command(tmp_path, mapping=text.replace(before, after, 1)))
    assert (done.exit_code, said in done.stderr) == (1, True), done.output
    assert "nothing was compared" in done.stderr


def test_rows_that_cannot_be_compared_are_contradictions_with_their_place(book: Run, tmp_path: Path) -> None:
    table = tmp_path / "events.csv"
    header = "churn_event_id,account_id,churn_date,reason_code,refund_amount_usd,preceding_upgrade_flag"
    header += ",preceding_downgrade_flag,is_reactivation,feedback_text"
    account = ravenstack.table("accounts")[0]["account_id"]
    rows = [f"1,{account},2024-02-30,,,False,False,False,", "2,A-none,2024-02-01,,,False,False,False,"]
    rows.append(f"3,{account},2024-02-01,,,,False,False,")
    table.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    path = command(tmp_path)[-1]
    found = json.loads(book("retention", "reconcile", f"churn-events={table}", "--mapping", path, "--json").stdout)
    unread = {each["check"]: (each["line"], each["what"]) for each in found["items"] if each["account_id"] is None}
    assert unread == {
        "not-a-date": (2, "churn_date: the calendar has no 2024-02-30"),
        "unknown-account": (3, "there is no account A-none"),
    }
    untested = {each["check"]: each["untested"] for each in found["compared"] if each["untested"]}
    assert untested == {"upgrade-came-before": 1}
    table.write_text("account_id\n", "utf-8")
    done = book("retention", "reconcile", f"churn-events={table}", "--mapping", path)
    assert (done.exit_code, "there is no column churn_date" in done.stdout) == (1, True)
