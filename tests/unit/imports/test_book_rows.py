"""Bad rows of a book: each kind is named with its line, its column and how to mend it, and keeps its account out."""

from __future__ import annotations

import pytest

from pricing_engine.imports.book.problems import problem_cells
from pricing_engine.quoting.request import Account
from tests.unit.imports.books import COLUMNS, MAPPING, a_row, read_book


@pytest.mark.parametrize(
    ("cells", "column", "code", "said", "fix"),
    [
        ({"account": ""}, "account", "missing", "account is empty", "fill it in"),
        ({"contract": ""}, "contract", "missing", "contract is empty", "fill it in"),
        ({"contract": "C/1"}, "contract", "not-an-id", '"C/1" cannot be', "use letters, digits"),
        ({"start": "01.01.2026"}, "start", "not-a-date", '"01.01.2026" is not a date', "write it as year-month-day"),
        ({"start": "2026-02-29"}, "start", "not-a-date", "the calendar has no 2026-02-29", "write it as"),
        ({"end": "2026-01-01"}, "end", "ends-first", "the contract ends before it begins", "mend the days"),
        ({"end": ""}, "end", "no-end", "nothing says when this contract ends", "give the row an end"),
        ({"end": "", "months": "1.5"}, "months", "not-months", '"1.5" is not a number of months', "write a whole"),
        ({"product": "crn"}, "product", "unknown-product", "no product crn", "did you mean crm?"),
        ({"product": "platform"}, "product", "unknown-product", "no product platform", "write one of"),
        ({"charge": "seat"}, "charge", "unknown-charge", "crm has no charge seat", "did you mean seats?"),
        ({"product": "premium-support"}, "product", "which-charge", "has no charge counted in users", "map charge"),
        ({"product": "api", "charge": "calls"}, "users", "other-metric", "counts api_calls, the mapping users", "map"),
        ({"users": ""}, "users", "missing", "crm.seats is priced by users", "fill it in"),
        ({"users": "0"}, "users", "no-quantity", "nothing was bought", "leave the row out"),
        ({"users": "-5"}, "users", "not-a-number", '"-5" is not a number', "write a plain number"),
        ({"net": "$400"}, "net", "not-a-number", '"$400" is not a number', "without currency sign"),
        ({"net": ""}, "net", "missing", "there is no net_per_month", "0 is written as 0"),
        ({"trial": "maybe"}, "trial", "not-yes-or-no", '"maybe" is neither yes nor no', "say under values"),
        ({"trial": "true"}, "net", "trial-with-price", "a trial costs nothing", "it is no trial"),
        ({"list": "39"}, "net", "net-above-list", "the net price is above list", "mend one of them"),
        ({"billing": "weekly"}, "billing", "unknown-billing", "no billing plan weekly", "write one of"),
        ({"policies": "multi-produkt"}, "policies", "unknown-policy", "multi-produkt", "did you mean multi-product?"),
    ],
)
def test_a_bad_row_is_named_with_its_column_and_how_to_mend_it(
    cells: dict[str, str], column: str, code: str, said: str, fix: str
) -> None:
    contracts, problems = read_book(a_row(contract="C-0"), a_row(**cells))
    assert [(each.file, each.line, each.column, each.code) for each in problems] == [("book.csv", 3, column, code)]
    (problem,) = problems
    assert said in problem.what
    assert fix in problem.fix
    assert problem.refuses
    assert problem.value == cells.get(column, problem.value)
    assert [contract.id for contract in contracts] == ["C-0"]


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    _, problems = read_book(a_row(start="x", users="y", net="z"))
    assert [problem.column for problem in problems] == ["start", "users", "net"]


def test_a_row_with_too_many_cells_is_bad_and_its_cells_are_not_guessed() -> None:
    contracts, problems = read_book(a_row() + ",")
    assert (contracts, [(each.column, each.code) for each in problems]) == ([], [("", "cells")])
    assert "this row has 14 cells, the header 13" in problems[0].what


def test_bytes_that_are_no_text_are_not_replaced_in_silence() -> None:
    _, problems = read_book(a_row(account="M\udcfcller"))
    assert [each.code for each in problems] == ["encoding"]


def test_a_value_that_the_map_does_not_have_is_not_passed_on() -> None:
    text = MAPPING.replace("product: product", "product: {column: product, values: {CRM: crm}}")
    contracts, problems = read_book(a_row(product="CRM"), a_row(contract="C-2", product="Crm"), text=text)
    assert [contract.lines[0].key for contract in contracts] == ["crm.seats"]
    (problem,) = problems
    assert (problem.line, problem.column, problem.value, problem.code) == (3, "product", "Crm", "unknown-value")
    assert problem.fix == "add it to the mapping's values, or mend the cell: write CRM"


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"end": "2028-01-01"}, "end", "contract C-1 has another end in line 2"),
        ({"billing": "monthly_in_advance"}, "billing", "contract C-1 has another billing in line 2"),
    ],
)
def test_rows_of_one_contract_that_disagree_are_bad(cells: dict[str, str], column: str, said: str) -> None:
    contracts, problems = read_book(a_row(), a_row(product="analytics", **cells))
    assert contracts == []
    assert [(each.line, each.column, each.code, each.what) for each in problems] == [(3, column, "rows-disagree", said)]


def test_an_account_in_a_market_that_is_not_sold_in_is_bad() -> None:
    _, problems = read_book(a_row(), account=Account("acc_1", "Acme", "EUR", "US"))
    assert [(each.column, each.code) for each in problems] == [("account", "no-price-book")]


CHECKS = """\
names: {arr: {column: arr, type: money}, churned: {column: churned, type: yes_no}}
checks:
  - {id: arr-is-twelve-months, that: arr == net_per_month * 12}
  - {id: mrr-is-list, that: trial or net_per_month == list_per_month, why: nobody has a discount, otherwise: report}
  - {id: churned-has-an-end, that: churned == has_end}
"""


def _checked(**cells: str) -> tuple[int, list[tuple[str, bool]], str]:
    columns = f"{COLUMNS},arr,churned"
    row = a_row(columns, **{"arr": "4800", "churned": "yes", **cells})
    contracts, problems = read_book(row, text=MAPPING + CHECKS, columns=columns)
    return len(contracts), [(each.column, each.refuses) for each in problems], " ".join(each.what for each in problems)


def test_a_row_that_contradicts_itself_is_refused_and_the_numbers_are_shown() -> None:
    made, found, what = _checked(arr="4900", net="500.00")
    assert (made, found) == (0, [("arr, net", True)])
    assert (
        what
        == "the row contradicts arr-is-twelve-months: arr == net_per_month * 12, with arr = 4900, net_per_month = 500"
    )


def test_a_contradiction_that_is_only_to_be_reported_keeps_nothing_out() -> None:
    # The list price of ten CRM users is 500.00 a month; this row has 400.00.
    made, found, what = _checked()
    assert (made, found) == (1, [("net, trial", False)])
    assert "with list_per_month = 500, net_per_month = 400, trial = false" in what


def test_a_check_of_list_without_a_list_price_is_not_taken_for_fulfilled() -> None:
    made, found, what = _checked(start="2025-01-01", end="2025-12-31")
    assert (made, found) == (1, [("net, trial", False)])
    assert what == "mrr-is-list cannot be tested: there is no list_per_month"


def test_a_problem_is_a_row_of_the_list_of_bad_rows() -> None:
    _, problems = read_book(a_row(users="y"))
    assert problem_cells(problems[0]) == (
        "book.csv",
        "2",
        "users",
        "y",
        "not-a-number",
        '"y" is not a number',
        "write a plain number of at least 0 with a decimal point, without currency sign or separators",
        "account refused",
    )
