"""`pricing-engine retention` over RavenStack's two years (River @ Rivalytics), beside what its table says of a day."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from pricing_engine.periods import add_months
from tests import ravenstack
from tests.journeys.conftest import Run
from tests.workbooks import read_workbook

OPENING = date(2023, 12, 31)
Held = Mapping[tuple[str, str], int]
"""ARR by account and plan."""


def held_on(day: date) -> Held:
    """What the table says that every account had on a day."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for row in ravenstack.table("subscriptions"):
        if ravenstack.in_force(row, day):
            found[row["account_id"], row["plan_tier"]] += int(row["arr_amount"])
    return {key: arr for key, arr in found.items() if arr}


def of_accounts(held: Held) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for (account, _), arr in held.items():
        found[account] += arr
    return found


def share(part: int, whole: int) -> str:
    return str((Decimal(part) / whole).quantize(Decimal("0.000001"), ROUND_HALF_UP))


def test_rates_and_months_of_a_foreign_book_are_what_its_table_says(book: Run) -> None:
    read = book("retention", "show", "--on", str(ravenstack.LAST_DAY), "--by", "industry", "--json")
    assert read.exit_code == 0, read.output
    found = json.loads(read.stdout)
    before, after = held_on(OPENING), held_on(ravenstack.LAST_DAY)
    was, now = of_accounts(before), of_accounts(after)
    opening, whole = sum(was.values()), found["whole"]
    assert whole["opening"] == f"{opening}.00"
    assert whole["nrr"] == share(sum(now.get(account, 0) for account in was), opening)
    assert whole["grr"] == share(sum(min(arr, after.get(key, 0)) for key, arr in before.items()), opening)
    assert whole["grr_by_account"] == share(sum(min(arr, now.get(id_, 0)) for id_, arr in was.items()), opening)
    assert whole["grr"] < whole["grr_by_account"]
    assert (whole["customers"], whole["lost"]) == (len(was), sum(account not in now for account in was))
    assert sum(Decimal(each["closing"]) for each in found["segments"]) == Decimal(whole["closing"])
    assert {each["segment"] for each in found["segments"]} == {
        *("cybersecurity", "devtools", "edtech", "fintech", "healthtech")
    }


def test_the_bridge_closes_in_each_of_24_months(book: Run) -> None:
    read = book("retention", "show", "--on", str(ravenstack.LAST_DAY), "--months", "24", "--json")
    months = json.loads(read.stdout)["by_month"]
    assert len(months) == 24
    closing = Decimal(0)
    for number, month in enumerate(months):
        day = add_months(ravenstack.LAST_DAY, number - 23)
        moved = sum((Decimal(each["amount"]) for each in month["movements"]), Decimal(0))
        assert (month["month"], Decimal(month["opening"])) == (day.isoformat(), closing)
        closing = Decimal(month["closing"])
        assert Decimal(month["opening"]) + moved == closing == sum(held_on(day).values())


def test_the_ledger_of_an_imported_book_is_whole(book: Run) -> None:
    checked = book("retention", "verify")
    assert checked.exit_code == 0
    assert checked.stdout == "the movements of all 5000 contract versions sum to what each is worth\n"


def test_the_figures_are_read_with_what_they_mean(book: Run) -> None:
    read = book("retention", "show", "--on", str(ravenstack.LAST_DAY), "--months", "3", "--by", "product")
    assert read.exit_code == 0
    lines = read.stdout.splitlines()
    assert lines[0] == "Retention from Sep 30, 2024 to Dec 31, 2024, in USD"
    assert lines[2].startswith("NRR ")
    assert "Closing" in read.stdout
    assert "top quartile 113.0%, bottom quartile 98.0%" in " ".join(read.stdout.split())
    wrong = book("retention", "show", "--by", "colour")
    assert (wrong.exit_code, "fix" in wrong.stderr) == (1, True)
    for command, day in (("show", "yesterday"), ("show", "0001-01-01"), ("cohorts", "9999-12-31")):
        assert book("retention", command, "--on", day).exit_code == 2


def test_what_is_behind_a_figure_is_a_table_or_csv(book: Run) -> None:
    window = ("--on", str(ravenstack.LAST_DAY), "--months", "1")
    shown = book("retention", "accounts", *window, "--by", "industry", "--segment", "fintech", "--limit", "3")
    assert (shown.exit_code, shown.stdout.splitlines()[0].split()) == (
        0,
        ["Account", "Opening", "Closing", "Difference"],
    )
    assert "3 of 112 are shown" in shown.stderr
    rows = list(csv.DictReader(book("retention", "movements", *window, "--csv").stdout.splitlines()))
    (month,) = json.loads(book("retention", "show", *window, "--json").stdout)["by_month"]
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal(month["closing"]) - Decimal(month["opening"])
    assert {row["quote_id"] for row in rows} == {""}  # an imported book has none
    assert book("retention", "accounts", "--segment", "fintech").exit_code == 1


def test_cohorts_begin_with_all_customers_and_growth_is_told_in_points(book: Run) -> None:
    found = json.loads(
        book("retention", "cohorts", "--on", str(ravenstack.LAST_DAY), "--span", "month", "--json").stdout
    )
    began = [each["customers"] for each in found["items"]]
    paid = {row["account_id"] for row in ravenstack.table("subscriptions") if int(row["arr_amount"])}
    assert sum(began) == len(paid)
    assert sum(Decimal(each["arr"][-1]) for each in found["items"]) == sum(held_on(ravenstack.LAST_DAY).values())
    assert book("retention", "cohorts", "--on", str(ravenstack.LAST_DAY)).stdout.startswith("Began from")
    assert set(found["definitions"]) == {"nrr", "arr", "currency"}
    rule = book("retention", "rule-of-40", "--on", str(ravenstack.LAST_DAY), "--margin", "0.1")
    assert rule.stdout.startswith("from 2023-12-31 to 2024-12-31, in points: ")
    assert book("retention", "rule-of-40", "--margin", "much").exit_code == 2


def test_cohorts_go_on_in_a_spreadsheet(book: Run, tmp_path: Path) -> None:
    command = ("retention", "cohorts", "--on", str(ravenstack.LAST_DAY))
    items = json.loads(book(*command, "--json").stdout)["items"]
    rows = list(csv.DictReader(io.StringIO(book(*command, "--csv").stdout)))
    assert [row["arr"] for row in rows] == [arr for each in items for arr in each["arr"]]
    assert book(*command, "--xlsx", str(tmp_path / "cohorts.xlsx")).exit_code == 0
    sheets = read_workbook((tmp_path / "cohorts.xlsx").read_bytes())
    assert list(sheets) == ["ARR", "NRR", "Meaning"]
    assert len(sheets["ARR"]) == len(items) + 1


def test_figures_and_what_is_behind_them_are_workbooks(book: Run, tmp_path: Path) -> None:
    window = ("--on", str(ravenstack.LAST_DAY), "--months", "1", "--by", "industry")
    sheets = {}
    for command in ("show", "accounts", "movements"):
        done = book("retention", command, *window, "--xlsx", str(tmp_path / f"{command}.xlsx"))
        assert (done.exit_code, done.stdout) == (0, "")
        sheets[command] = read_workbook((tmp_path / f"{command}.xlsx").read_bytes())
    told = json.loads(book("retention", "show", *window, "--json").stdout)
    whole, *segments = sheets["show"]["Figures"][1:]
    assert whole[:2] == ["The book", Decimal(told["whole"]["nrr"])]
    assert [row[0] for row in segments] == [each["segment"] for each in told["segments"]]
    assert sum(amount for *_, amount in sheets["movements"]["Movements"][1:]) == sum(
        Decimal(each["amount"]) for each in told["whole"]["movements"]
    )
    assert sum(row[-1] for row in sheets["accounts"]["Accounts"][1:]) == Decimal(told["whole"]["closing"])
    for found in sheets.values():
        assert ["in", "USD"] in found["Meaning"]
        assert {"nrr", "currency"} <= {row[0] for row in found["Meaning"]}
    assert book("retention", "show", "--xlsx", str(tmp_path / "no" / "where.xlsx")).exit_code == 3
    assert book("retention", "show", "--xlsx", str(tmp_path / "a.xlsx"), "--json").exit_code == 2
