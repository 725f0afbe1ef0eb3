"""A row that stands in the book twice, as where two exports were put together, is not counted twice."""

from __future__ import annotations

from tests.unit.imports.books import a_row, read_book


def test_a_row_that_stands_there_twice_is_refused_where_it_comes_again() -> None:
    contracts, problems = read_book(a_row(), a_row())
    assert contracts == []
    (problem,) = problems
    assert (problem.code, problem.line, problem.column, problem.refuses) == ("row-twice", 3, "", True)
    assert "line 2" in problem.what


def test_rows_of_one_charge_that_differ_are_layers_of_it() -> None:
    # 10 users at 40.00 and 4 more at 50.00, per month: 400.00 and 200.00, a year 4,800.00 and 2,400.00.
    (contract,), problems = read_book(a_row(), a_row(users="4", net="200.00"))
    assert problems == []
    assert [line.id for line in contract.lines] == ["crm.seats", "crm.seats~2"]
    assert [line.stretches[0].net for line in contract.lines] == [4_800, 2_400]
    assert contract.products[0].quantities == ({"users": 14},)
