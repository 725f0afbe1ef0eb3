"""The mapping of a book: read strictly, with the place of everything that is wrong in it."""

from __future__ import annotations

import pytest

from pricing_engine.imports.book.columns import Header
from pricing_engine.imports.book.read_mapping import check_under, read_book_mapping
from pricing_engine.imports.book.rows import BookReader
from tests.unit.imports.books import COLUMNS, MAPPING, mapping, rulebook


@pytest.mark.parametrize(
    ("before", "after", "code", "line", "said"),
    [
        ("kind: book_mapping", "kind: product", "E103", 1, '"product" is not known here'),
        ("  id: contract\n", "", "E101", 3, "the field id is missing"),
        ("  trial:", "  trail:", "E102", 18, "there is no field trail here"),
        ("end_is: first_day_after", "end_is: sunday", "E103", 8, '"sunday" is not known here'),
        ("  end_is: first_day_after\n", "", "E106", 4, "an end is a last day or the first day without"),
        ("  net_per_month: net\n", "", "E106", 4, "the contracted price is said once"),
        (
            "net_per_month: net",
            "net_per_month: net\n  net_per_year: net",
            "E106",
            4,
            "the contracted price is said once",
        ),
        ("  product: product\n", "", "E106", 4, "a row sells a product or a tier"),
        ("  product: product", "  product: product\n  tier: product", "E106", 4, "a row sells a product or a tier"),
        ("id: contract", "id: {constant: C-1, default: C-2}", "E106", 5, "a constant needs no default and no values"),
        ("id: contract", "id: {values: {a: b}}", "E106", 5, "a value is a column's or a constant"),
        ("id: contract", "id: [contract]", "E104", 5, "a list where a mapping is needed"),
        ("book_date: 2026-07-01", "book_date: July", "E114", 2, '"July" is not a date'),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_with_the_place(
    before: str, after: str, code: str, line: int, said: str
) -> None:
    assert MAPPING.count(before) == 1
    found, faults = read_book_mapping("mapping.yaml", MAPPING.replace(before, after).encode())
    assert found is None
    (fault,) = faults
    assert (fault.code, fault.file, fault.position.line) == (code, "mapping.yaml", line)
    assert said in fault.what
    assert fault.fix


@pytest.mark.parametrize(
    ("more", "code", "column", "said"),
    [
        ('checks: [{id: x, that: "net_per_month == quantity"}]', "E074", 25, "an amount of money meets a count"),
        ('checks: [{id: x, that: "nett == 1"}]', "E060", 25, "there is no name `nett`"),
        ("names: {quantity: {column: users, type: count}}", "E106", 9, "quantity is the engine's name"),
    ],
)
def test_a_check_that_means_nothing_is_refused_where_it_stands(more: str, code: str, column: int, said: str) -> None:
    found, faults = read_book_mapping("mapping.yaml", f"{MAPPING}{more}\n".encode())
    assert found is None
    assert (faults[0].position.line, faults[0].position.column) == (19, column)
    assert said in faults[0].what


def test_what_the_rulebook_in_force_does_not_have_is_said_of_the_mapping_not_of_each_row() -> None:
    text = MAPPING.replace("metric: users", "metric: seats").replace(
        "product: product", "product: {column: product, values: {CRM: crn, Analytics: analytics}}"
    )
    text = text.replace("default: yearly_in_advance", "default: weekly")
    text += "accounts: {id: account, name: account, currency: {constant: USD}, attributes: {segment: net, size: net}}\n"
    faults = check_under(mapping(text), rulebook())
    assert [(fault.code, fault.position.line, fault.what, fault.fix) for fault in faults] == [
        ("E202", 10, "the rulebook in force has no product crn", "did you mean crm?"),
        ("E203", 13, "there is no metric seats", "did you mean users?"),
        (
            "E103",
            17,
            "the rulebook in force has no billing plan weekly",
            "write one of monthly_in_advance, yearly_in_advance",
        ),
        ("E217", 19, "the vocabulary has no attribute size of accounts", "write one of prepaid, rating, segment"),
    ]


def test_every_column_is_mapped_or_ignored_by_name() -> None:
    header = Header("book.csv", [*COLUMNS.replace("net", "nett").split(","), "colour"])
    BookReader(mapping().document, header)
    header.refuse_unmapped()
    assert [(problem.line, problem.column, problem.what, problem.fix) for problem in header.problems] == [
        (1, "net", "there is no column net", "did you mean nett?"),
        (1, "nett", "nothing says what nett is", "map it, or name it under ignored"),
        (1, "colour", "nothing says what colour is", "map it, or name it under ignored"),
    ]


def test_a_header_with_a_column_twice_is_refused() -> None:
    header = Header("book.csv", ["a", "a"])
    assert [problem.what for problem in header.problems] == ["a column is there twice or has no name"]
