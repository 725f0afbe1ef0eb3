"""Mappings of deals: what is wrong with one, and what a table has that it does not say."""

from __future__ import annotations

import pytest

from pricing_engine.imports.deals.read_mapping import check_under, read_deal_mapping
from tests.unit.imports.books import rulebook
from tests.unit.imports.deal_tables import (
    TEXT,
    mapping,
    reader,
)


def test_every_column_of_every_table_is_mapped_or_ignored() -> None:
    assert reader().header.problems == []
    for text, column in (
        (TEXT.replace("customers.city", "customers.town"), "customers.city"),
        (TEXT.replace("column: growth", "column: grwth"), "grwth"),
        (TEXT.replace("  who: {", "  whom: {"), "whom"),
        (TEXT.replace("by: who", "by: customers.sector"), "customers.sector"),
        (TEXT.replace("  id: id", "  id: customers.name"), "customers.name"),
    ):
        assert column in [each.column for each in reader(text).header.problems], column


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("lost: [Lost, Dead]", "lost: [Lost, Won]", "Won is there twice"),
        ("  product: product\n", "", "family, list and net are of a product"),
        ("type: word", "type: text", "write one of"),
        ("  sector: {column", "  discount: {column", "discount is what the lines of a deal say"),
        (
            "  sector: {column: customers.sector, type: word",
            "  list_per_year: {column: growth, type: number",
            "not be converted",
        ),
        ("  closed: ended\n", "", "closed"),
        ("missing: leave_out", "missing: today", "leave_out"),
        ("kind: deal_mapping", "kind: deals", "deal_mapping"),
        ("key: name,", "key: name, join: left,", "join"),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_with_its_place(old: str, new: str, what: str) -> None:
    assert old in TEXT
    found, faults = read_deal_mapping("mapping.yaml", TEXT.replace(old, new).encode())
    assert found is None
    assert what in f"{faults[0].what} {faults[0].fix}"
    assert faults[0].position.line >= 1


def test_a_fact_that_quotes_have_as_another_type_is_a_fault_under_the_rulebook() -> None:
    text = TEXT.replace("  sector: {", "  segment: {")
    assert check_under(mapping(text), rulebook()) == ()
    (fault,) = check_under(mapping(text.replace("type: word", "type: number")), rulebook())
    assert (fault.what, fault.fix) == (
        "segment is a word in quotes, and a number here",
        "write type: word, or call it segment_in_file",
    )


@pytest.mark.parametrize(
    ("name", "kind", "of_quotes"),
    [("list_per_year", "word", "number"), ("market", "number", "word"), ("term_months", "yes_no", "number")],
)
def test_a_fact_that_every_quote_has_is_of_its_type_whatever_the_vocabulary_says(
    name: str, kind: str, of_quotes: str
) -> None:
    text = TEXT.replace("  currency: currency\n", "").replace(
        "  sector: {column: customers.sector, type: word", f"  {name}: {{column: growth, type: {kind}"
    )
    (fault,) = check_under(mapping(text), rulebook())
    assert fault.what == f"{name} is a {of_quotes} in quotes, and a {kind} here"
    assert check_under(mapping(text.replace(f"type: {kind}", f"type: {of_quotes}", 1)), rulebook()) == ()
