"""`pricing-engine retention` beside what is planned and expected: a quote weighed by its probability."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.journeys.conftest import Run
from tests.workbooks import read_workbook


@pytest.fixture
def quote(demo_database: Path, run: Run) -> str:
    """A quote that gives Analytics up."""
    sale = ("--add", "crm:users=100", "--add", "analytics:users=100", "--term", "36", "--effective", "2026-01-01")
    sold = json.loads(run("quote", "--account", "acc_bluefin", *sale, "--save", "--json").stdout)
    assert run("contracts", "book", sold["id"]).exit_code == 0
    less = ("--remove", "analytics", "--effective", "2027-02-01")
    kept = json.loads(run("quote", "--account", "acc_bluefin", *less, "--save", "--json").stdout)
    return str(kept["id"])


def rows(printed: str, heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its header and rule."""
    lines = printed.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(heading)) + 3
    end = next((number for number in range(start, len(lines)) if not lines[number].strip()), len(lines))
    return [line.split() for line in lines[start:end]]


def test_a_quote_shows_its_points_by_product_and_what_to_expect(quote: str, run: Run) -> None:
    shown = run("retention", "quote", quote, "--probability", "0.6")
    assert shown.exit_code == 0, shown.output
    assert max(map(len, shown.stdout.splitlines())) <= 100
    # CRM 100 × 45.00 × 12, Analytics 100 × 20.00 × 12 and Growth 900.00 × 12, less 10% for two products and 10% for the
    # term: 43,740 + 19,440 + 8,748 = 71,928. CRM and Growth lose the 10% for two products.
    assert rows(shown.stdout, "Points of NRR by product and driver") == [
        ["analytics", "retention", "-$19,440.00", "-27.03", "-27.03"],
        ["crm", "pricing", "$4,860.00", "+6.76", "+6.76"],
        ["platform", "pricing", "$972.00", "+1.35", "+1.35"],
    ]
    # 0.6 of −13,608 and of −19,440 of 71,928.
    assert rows(shown.stdout, "Expected, at a probability of 0.6")[-1] == [
        *("the", "book", "88.6%", "-11.35", "83.8%", "-16.22")
    ]


def test_without_a_probability_it_says_so_and_what_is_none_is_refused(quote: str, run: Run) -> None:
    assert "no probability" in " ".join(run("retention", "quote", quote).stdout.split())
    answer = json.loads(run("retention", "quote", quote, "--probability", "1", "--json").stdout)
    assert answer["book"]["expected"]["nrr"] == answer["book"]["accepted"]["nrr"]
    wrong = run("retention", "quote", quote, "--probability", "60%")
    assert (wrong.exit_code, "from 0 to 1" in wrong.stderr) == (2, True)


def test_figures_of_a_year_are_shown_beside_who_answers_for_them(quote: str, run: Run, tmp_path: Path) -> None:
    year = ("retention", "show", "--on", "2027-01-31")
    shown = run(*year, "--by", "segment")
    assert shown.exit_code == 0, shown.output
    assert max(map(len, shown.stdout.splitlines())) <= 100
    # What was sold on 2026-01-01 is there at both ends: NRR and GRR 100%, and no driver has moved them.
    assert [" ".join(row) for row in rows(shown.stdout, "Against targets")[:7]] == [
        "the book NRR chief revenue officer 108.0% 100.0% -8.00 behind",
        "the book GRR head of customer success 90.0% 100.0% +10.00 on",
        "the book retention head of customer success -8.00 +0.00 +8.00 on",
        "the book pricing head of pricing +4.00 +0.00 -4.00 behind",
        "the book expansion head of account management +12.00 +0.00 -12.00 behind",
        "enterprise NRR head of enterprise sales 115.0% — —",
        "smb retention lead of the smb team -15.00 — —",
    ]
    assert "— nobody is in this segment: enterprise, smb" in shown.stdout
    assert "--by segment" in run(*year).stdout
    told = json.loads(run(*year, "--json").stdout)["targets"]
    assert run(*year, "--xlsx", str(tmp_path / "a.xlsx")).exit_code == 0
    sheet = read_workbook((tmp_path / "a.xlsx").read_bytes())["Targets"]
    assert [[*row[1:3], f"{row[3]:.6f}"] for row in sheet[1:]] == [
        [
            each["measure"].upper() if each["measure"] in ("nrr", "grr") else each["measure"],
            each["owner"],
            each["target"],
        ]
        for each in told["items"]
    ]
    lines = list(csv.DictReader(run(*year, "--by", "segment", "--csv").stdout.splitlines()))
    # Five of the book, five of the one segment, and a target each of the two that nobody is in.
    assert [row["segment"] for row in lines] == [""] * 5 + ["mid_market"] * 5 + ["enterprise", "smb"]
    assert {row["measure"]: row["target"] for row in lines[:5]} == {
        each["measure"]: each["target"] for each in told["items"]
    }
    assert {row["actual"] for row in lines[5:10]} == {"1.000000", "0.000000"}
    assert "None are shown: targets are of 12 months, and the window has 3." in run(*year, "--months", "3").stdout


@pytest.mark.parametrize(
    ("command", "header"),
    [
        ("reconcile", "source,check,account_id,contract_id,file,line,at_stake,what"),
        ("accounts", "account_id,name,product,opening,closing"),
        ("movements", "day,account_id,contract_id,product,kind,driver,cause,amount,quote_id"),
        ("cohorts", "start,customers,span,arr,nrr"),
    ],
)
def test_csv_of_nothing_is_its_header(command: str, header: str, demo_database: Path, run: Run) -> None:
    done = run("retention", command, "--on", "2020-01-31", "--csv")
    assert (done.exit_code, done.stdout.splitlines()) == (0, [header])
