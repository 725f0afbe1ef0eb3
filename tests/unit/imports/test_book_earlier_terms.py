"""What an open contract was before the term in force, and the milestones of an imported one that are still to come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.contracts.contract import Contract, Milestone
from pricing_engine.contracts.contract_line import Grant
from pricing_engine.contracts.value import arr_on, tcv_of
from pricing_engine.periods import Period
from pricing_engine.rulebook.load import load_rulebook
from tests.unit.imports.books import COLUMNS, MAPPING, a_contract, a_row, read_book, read_versions
from tests.unit.rulebook.small_rules import DIGITS, small_rules

D = Decimal
OPEN = {"end": "", "months": "12"}


def versions(*rows: str) -> tuple[Contract | None, Contract]:
    """The one contract that the rows make: before the term in force, and in it."""
    ((contract, earlier),), problems = read_versions(*rows)
    assert problems == []
    return earlier, contract


def test_all_the_time_before_the_term_in_force_is_one_version_at_the_price_of_the_row() -> None:
    # The book is of 2026-07-01: two terms are over, and the third began on 2026-03-15.
    earlier, contract = versions(a_row(start="2024-03-15", billing="monthly_in_advance", **OPEN))
    assert earlier is not None
    assert (earlier.version, earlier.effective, earlier.ends) == (1, date(2024, 3, 15), date(2026, 3, 15))
    assert earlier.term == Period(earlier.effective, contract.term.start)
    assert (contract.version, contract.effective, contract.ends) == (2, date(2026, 3, 15), date(2027, 3, 15))
    assert [arr_on(earlier, day) for day in (date(2024, 3, 14), date(2024, 3, 15), date(2026, 3, 14))] == [
        D("0.00"),
        D("4800.00"),
        D("4800.00"),
    ]
    # Two years of 400.00 a month.
    assert (len(earlier.lines[0].instalments), tcv_of(earlier)) == (24, D("9600.00"))
    assert tcv_of(contract) == D("4800.00")
    assert earlier.products[0].starts == earlier.lines[0].phases[0][:1] == (date(2024, 3, 15),)


@pytest.mark.parametrize(
    "days",
    [
        {"start": "2025-07-02", **OPEN},
        {"start": "2026-07-01", **OPEN},
        {"start": "2026-09-01", **OPEN},
        {"start": "2020-01-01", "end": "2027-01-01"},
    ],
)
def test_a_contract_in_its_first_term_is_version_one(days: dict[str, str]) -> None:
    earlier, contract = versions(a_row(**days))
    assert (earlier, contract.version, contract.effective.isoformat()) == (None, 1, days["start"])


def test_a_line_counts_from_the_day_it_was_bought_in_whatever_term() -> None:
    rows = (
        a_row(start="2024-01-01", list="50.00", **OPEN),
        a_row(start="2025-03-01", users="5", net="150", **OPEN),
        a_row(start="2026-03-01", product="analytics", net="80", **OPEN),
    )
    earlier, contract = versions(*rows)
    assert earlier is not None
    assert [line.id for line in earlier.lines] == ["crm.seats", "crm.seats~2"]
    assert [line.id for line in contract.lines] == ["crm.seats", "crm.seats~2", "analytics.seats"]
    assert [product.product for product in earlier.products] == ["crm"]
    assert earlier.discounts == contract.discounts[:1]
    # 400.00 a month, from March 2025 on 550.00; Analytics came in March 2026.
    worth = [arr_on(earlier, date(year, month, 1)) for year, month in ((2025, 2), (2025, 3), (2025, 12))]
    assert worth == [D("4800.00"), D("6600.00"), D("6600.00")]
    assert [arr_on(contract, date(2026, month, 1)) for month in (1, 3)] == [D("6600.00"), D("7560.00")]


def test_a_promotion_that_is_over_was_granted_in_the_earlier_term() -> None:
    # 12% for twelve months of 500.00 list, from 2024: over in 2025, whose term is before the one in force.
    earlier, contract = versions(a_row(start="2024-01-01", policies="spring-promotion", list="50", net="500", **OPEN))
    assert earlier is not None
    assert earlier.lines[0].grants == (Grant("spring-promotion", D("0.12"), None, date(2025, 1, 1)),)
    assert [(each.start, each.end, each.net) for each in earlier.lines[0].stretches] == [
        (date(2024, 1, 1), date(2025, 1, 1), D(5280)),
        (date(2025, 1, 1), date(2026, 1, 1), D(6000)),
    ]
    assert (contract.lines[0].grants, contract.lines[0].stretches[0].net) == ((), D(6000))


def test_a_trial_that_rolls_was_one_before() -> None:
    earlier, contract = versions(a_row(start="2024-01-01", trial="yes", net="0", **OPEN))
    assert earlier is not None
    assert (earlier.lines[0].trial_until, contract.lines[0].trial_until) == (earlier.ends, contract.ends)
    assert (earlier.trials, arr_on(earlier, date(2025, 1, 1))) == (("crm",), D("0.00"))


def test_a_row_that_begins_when_the_term_in_force_is_over_is_bad() -> None:
    contracts, problems = read_book(
        a_row(start="2024-01-01", **OPEN), a_row(start="2027-01-01", product="analytics", net="80", **OPEN)
    )
    assert contracts == []
    assert [(each.line, each.column, each.code, each.what) for each in problems] == [
        (
            3,
            "start",
            "starts-later",
            "it begins when the term of its contract is over: that ends on 2026-12-31 (last day)",
        )
    ]


TERMS = """\
kind: terms
id: standard
guarantees:
  - {milestone: live, due_days: 30, credit: 10%, of: quarter_fees}
  - {milestone: adopted, due_days: 90, credit: 10%, of: quarter_fees}
why: test
"""


@pytest.mark.parametrize(
    ("start", "pending"),
    [
        # Due after 30 and 90 days; the book is of 2026-07-01.
        ("2026-06-15", ["live", "adopted"]),
        ("2026-04-02", ["adopted"]),  # live on 2026-05-02; adopted on the very day of the book
        ("2026-04-01", []),
        ("2025-06-15", ["live", "adopted"]),  # of the term in force; the earlier one's are over
    ],
)
def test_of_the_milestones_of_its_terms_those_that_are_still_to_come_are_pending(
    start: str, pending: list[str]
) -> None:
    rules = load_rulebook(small_rules({"terms/standard.yaml": TERMS}), currency_digits=DIGITS)
    columns, text = f"{COLUMNS},terms", f"{MAPPING}  terms: terms\n"
    row = a_row(columns, start=start, terms="standard", **OPEN)
    ((contract, earlier),), problems = read_versions(row, text=text, columns=columns, rules=rules)
    assert problems == []
    assert [each.id for each in contract.milestones] == pending
    assert earlier is None or earlier.milestones == ()
    if pending:
        # A tenth of a quarter of 4,800.00.
        due = date(2026, 9, 13) if contract.effective == date(2026, 6, 15) else date(2026, 7, 1)
        assert contract.milestones[-1] == Milestone("adopted", due, D("120.00"))


def test_without_terms_nothing_is_promised() -> None:
    assert a_contract(a_row()).milestones == ()
