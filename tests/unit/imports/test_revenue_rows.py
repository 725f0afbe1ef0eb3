"""Tables of monthly revenue, read: months as they are written, wide and long rows, and what is missing between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import get_args

import pytest

from pricing_engine.imports.book.columns import Header
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.imports.revenue.lines import Lines, Span, lines_of
from pricing_engine.imports.revenue.mapping import MonthForm
from pricing_engine.imports.revenue.month_cells import read_month
from pricing_engine.imports.revenue.read_mapping import RevenueMapping, check_under, read_revenue_mapping
from pricing_engine.imports.revenue.rows import RevenueReader, Said
from pricing_engine.retention.histories import LineMonth
from tests.rulebooks import D
from tests.unit.imports.books import rulebook

LONG = """\
kind: revenue_mapping
missing_months: zero
revenue: {account: who, month: month, mrr: mrr, product: product, quantity: seats}
"""
COLUMNS = ("who", "month", "mrr", "product", "seats")
WIDE = "kind: revenue_mapping\nmissing_months: zero\nrevenue: {account: who}\nignored: [note]\n"


def mapping(text: str = LONG) -> RevenueMapping:
    found, faults = read_revenue_mapping("mapping.yaml", text.encode())
    assert found is not None, faults
    return found


def reader(text: str = LONG, columns: Sequence[str] = COLUMNS) -> RevenueReader:
    made = RevenueReader(
        mapping(text).shape, Header("t.csv", columns), frozenset({"crm", "analytics"}), this_month=january(8)
    )
    made.header.refuse_unmapped()
    return made


def january(n: int) -> date:
    return date(2025, n, 1)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        *(("year-month", "2024-02"), ("year-month", "2024-2"), ("year/month", "2024/02"), ("month/year", "02/2024")),
        *(("month.year", "2.2024"), ("name-year", "Feb-24"), ("name-year", "feb 2024"), ("name-year", "February 2024")),
        *(("year-month-day", "2024-02-01"), ("year-month-day", "2024-02-29"), ("month/day/year", "2/29/2024")),
        *(("day.month.year", "29.2.2024"), ("day/month/year", "1/2/2024"), ("year/month/day", "2024/2/1")),
    ],
)
def test_a_month_is_read_in_each_form_that_tables_write(form: MonthForm, text: str) -> None:
    assert read_month(text, form) == date(2024, 2, 1)


def test_every_form_of_months_can_be_written_in_a_mapping() -> None:
    for form in get_args(MonthForm):
        assert mapping(f"{LONG}months: {form}\n").shape.months == form


@pytest.mark.parametrize(
    ("form", "text"),
    [
        *(("year-month", "2024-13"), ("year-month", "02/2024"), ("year-month", ""), ("year-month", "1500-01")),
        *(("name-year", "Mrz-24"), ("name-year", "May 024"), ("year-month", "٢٠٢٤-٠١")),
        *(("year-month-day", "2024-02-15"), ("year-month-day", "2024-02-30")),
    ],
)
def test_what_is_no_month_is_told(form: MonthForm, text: str) -> None:
    assert isinstance(read_month(text, form), Wrong)


def test_a_long_row_says_one_month_and_an_empty_cell_says_nothing() -> None:
    read = reader()
    said, problems = read.read(2, ["A", "2025-01", "100.50", "crm", "10"])
    assert (said, problems) == ([Said(2, "mrr", "100.50", "crm", january(1), D("100.50"), D(10))], [])
    assert read.read(3, ["A", "2025-02", "", "crm", ""]) == ([], [])
    assert read.key(["A", "2025-03", "", "crm", ""]) == "A"
    assert (read.first, read.last) == (None, None)
    read.key(["A", "2025-03", "0", "crm", ""])
    read.key(["B", "2025-01", "5", "crm", ""])
    read.key(["B", "2025-09", "5", "crm", ""])  # a forecast
    assert read.key(["B\0", "2025-01", "5", "crm", ""]) == read.key(["\udcff", "2025-01", "5", "crm", ""]) == ""
    assert (read.first, read.last) == (january(1), january(3))


def test_a_wide_row_says_all_its_months_and_columns_are_mapped_ignored_or_months() -> None:
    read = reader(WIDE, ["who", "2025-01", "2025-02", "note", "2025-03"])
    assert read.header.problems == []
    said, problems = read.read(2, ["A", "1", "", "x", "0"])
    assert problems == []
    assert [(each.month, each.mrr, each.column) for each in said] == [
        (january(1), D(1), "2025-01"),
        (january(3), D(0), "2025-03"),
    ]
    assert [each.what for each in reader(WIDE, ["who", "2025-01", "total"]).header.problems] == [
        "nothing says what total is"
    ]
    assert "no column is a month" in [each.what for each in reader(WIDE, ["who", "note"]).header.problems]
    twice = reader(f"{WIDE}months: name-year\n", ["who", "Jan-25", "January 2025"]).header.problems
    assert [each.what for each in twice] == ["January 2025 and Jan-25 are one month"]


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        (["A", "2025-01", "1,234.50", "crm", ""], "not-a-number", "mrr"),
        (["A", "2025-01", "-5", "crm", ""], "not-a-number", "mrr"),
        (["A", "2025-01", "1e3", "crm", ""], "not-a-number", "mrr"),
        (["A", "Jan", "5", "crm", ""], "not-a-month", "month"),
        (["A", "2025-01", "5", "erp", ""], "unknown-product", "product"),
        (["", "2025-01", "5", "crm", ""], "missing", "who"),
        (["A", "2025-01", "5", "crm"], "cells", ""),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_with_its_place(cells: list[str], code: str, column: str) -> None:
    said, problems = reader().read(7, cells)
    assert said == []
    assert [(each.line, each.code, each.column) for each in problems] == [(7, code, column)]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("missing_months: zero\n", "", "missing_months"),
        ("missing_months: zero", "missing_months: nothing", '"nothing" is not known here'),
        ("month: month, ", "", "a row with a month has its revenue"),
        ("month: month, mrr: mrr, ", "", "one quantity for all of them"),
        ("product: product", "products: product", "no field products"),
    ],
)
def test_a_mapping_that_says_too_little_is_refused(before: str, after: str, what: str) -> None:
    found, faults = read_revenue_mapping("mapping.yaml", LONG.replace(before, after).encode())
    assert found is None
    assert any(what in each.what for each in faults), faults


def test_products_of_a_mapping_are_sold_or_named_as_retired() -> None:
    text = LONG.replace("product: product", "product: {column: product, values: {C: crm, O: old}}")
    (fault,) = check_under(mapping(text), rulebook())
    assert (fault.code, fault.what) == ("E202", "the rulebook in force has no product old")
    assert check_under(mapping(f"{text}retired: [old]\n"), rulebook()) == ()


def lines(
    *said: tuple[int, str], missing: str = "zero", last: int = 6, there: Sequence[LineMonth] = (), first: int = 1
) -> Lines:
    """Of the table from January to June: what some months of 2025 have."""
    cells = [Said(n + 1, "mrr", mrr, "crm", january(n), D(mrr), None) for n, mrr in said]
    shape = mapping(LONG.replace("zero", missing)).shape
    span = Span("t.csv", shape, january(first), january(last))
    return lines_of(cells, {"crm": there} if there else {}, span)


def mrrs(found: Lines) -> list[tuple[int, str, str]]:
    return [(each.month.month.month, str(each.month.mrr), each.origin) for each in found.fresh]


def codes(problems: Sequence[Problem]) -> list[str]:
    return [each.code for each in problems]


def test_a_missing_month_is_what_the_mapping_says_that_it_is() -> None:
    said = ((2, "100"), (5, "120"))
    zero, carried = ["100", "0", "0", "120", "0"], ["100", "100", "100", "120", "120"]
    assert [mrr for _, mrr, _ in mrrs(lines(*said))] == zero
    assert mrrs(lines(*said, missing="carry")) == [
        (month, mrr, "given" if month in {2, 5} else "carried") for month, mrr in enumerate(carried, 2)
    ]
    refused = lines(*said, missing="refuse").problems
    assert [(each.code, each.line) for each in refused] == [
        ("month-missing", 3),
        ("month-missing", 3),
        ("month-missing", 6),
    ]
    assert refused[0].what == "2025-03 of crm is missing, and the table goes on to 2025-06"


def test_what_is_there_already_stays_and_only_what_follows_is_new() -> None:
    there = [LineMonth(january(1), D(100)), LineMonth(january(2), D(100))]
    again = lines((1, "100.00"), (2, "100"), last=2, there=there)
    assert (again.fresh, again.there, again.problems) == ([], 2, [])
    more = lines((2, "100"), (3, "130"), last=3, first=2, there=there)
    assert (mrrs(more), more.there, more.problems) == ([(3, "130", "given")], 1, [])
    later = lines((5, "90"), last=5, first=5, there=there, missing="carry")
    assert mrrs(later) == [(3, "100", "carried"), (4, "100", "carried"), (5, "90", "given")]


def test_a_month_that_is_restated_is_reported_and_refuses_nothing() -> None:
    there = [LineMonth(january(1), D(100)), LineMonth(january(2), D(100))]
    found = lines((1, "90"), (3, "90"), last=3, there=there)
    assert [(each.code, each.refuses, each.line) for each in found.problems] == [
        ("restated", False, 2),  # 90 where 100 was
        ("restated", False, 1),  # and nothing, which counts as zero, where 100 was
    ]
    assert mrrs(found) == [(3, "90", "given")]
    assert codes(lines((1, "100"), (3, "90"), last=3, there=there, missing="carry").problems) == []


def test_nothing_is_put_before_a_history_and_nothing_is_said_twice_or_ahead() -> None:
    there = [LineMonth(january(3), D(100))]
    assert codes(lines((1, "90"), (2, "0"), (3, "100"), last=3, there=there).problems) == ["before-known"]
    twice = lines((1, "90"), (1, "90"), last=1).problems
    assert [(each.code, each.refuses) for each in twice] == [("month-twice", True)]
    assert codes(lines((9, "90"), last=8).problems) == ["month-ahead"]
