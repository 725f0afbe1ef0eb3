"""`pricing-engine retention` beside what is planned and expected: a quote weighed by its probability."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.conftest import Run


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
