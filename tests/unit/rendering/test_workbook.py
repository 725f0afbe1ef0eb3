"""Workbooks: numbers stay numbers to the cent, text stays text, and nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.rendering.workbook import (
    DAY,
    MOST_ROWS,
    Cell,
    Column,
    Sheet,
    TooManyRows,
    money_format,
    render_workbook,
)
from tests.rulebooks import USD, D
from tests.workbooks import read_workbook

COLUMNS = (Column("Name"), Column("Day", DAY), Column("Amount", money_format(USD)))


def written(*rows: Sequence[Cell]) -> bytes:
    return render_workbook([Sheet("One", COLUMNS, rows), Sheet("Two", COLUMNS[:1], [("x",)])])


def test_amounts_are_numbers_to_the_cent_and_days_are_days() -> None:
    found = read_workbook(written(("a", date(2026, 1, 31), D("9999999999999.99")), ("b", None, D("-0.10"))))
    # 31 January 2026 is 46,053 days after the 30th of December 1899.
    assert found["One"] == [["Name", "Day", "Amount"], ["a", 46_053, D("9999999999999.99")], ["b", D("-0.1")]]
    assert found["Two"] == [["Name"], ["x"]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "http://a.test", "007", "<b>&", "", "Ünï"])
def test_text_is_text_whatever_it_looks_like(text: str) -> None:
    assert read_workbook(written((text, None, None)))["One"][1:] == [[text]]


def test_equal_sheets_make_equal_files() -> None:
    assert written(("a", None, Decimal(1))) == written(("a", None, Decimal(1)))


def test_more_rows_than_a_sheet_takes_are_refused() -> None:
    class Endless(Sequence[Sequence[Cell]]):
        def __len__(self) -> int:
            return MOST_ROWS + 1

        def __getitem__(self, place: object) -> Sequence[Cell]:  # type: ignore[override]
            raise AssertionError("nothing of it is written")

    with pytest.raises(TooManyRows, match="One has 1,048,576 rows"):
        render_workbook([Sheet("One", COLUMNS, Endless())])
