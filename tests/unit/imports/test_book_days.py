"""Days of a book: in the order its file writes them, and none where a system writes that there is no day."""

from __future__ import annotations

from datetime import date

import pytest

from pricing_engine.imports.book.cells import read_day
from pricing_engine.imports.book.mapping import DateOrder
from pricing_engine.imports.book.problems import Wrong


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2024-03-05", "year-month-day"),
        ("2024/03/05", "year/month/day"),
        ("3/5/2024", "month/day/year"),
        ("05/03/2024", "day/month/year"),
        ("5.3.2024", "day.month.year"),
    ],
)
def test_a_day_is_read_in_the_order_of_its_file(text: str, order: DateOrder) -> None:
    assert read_day(text, order) == date(2024, 3, 5)


@pytest.mark.parametrize("text", ["9999-12-31", "9999-12-30", "0001-01-01", "2200-01-01", "1899-12-31"])
def test_a_day_that_says_there_is_none_is_refused_and_not_counted_with(text: str) -> None:
    # 9999-12-31 as a last day has no day after it, and no contract runs 8,000 years.
    wrong = read_day(text, "year-month-day")
    assert isinstance(wrong, Wrong)
    assert wrong.code == "not-a-date"
    assert "empty" in wrong.fix


@pytest.mark.parametrize(
    "text", ["2023-02-29", "2024-13-01", "24-03-05", "2024-03", "5 March 2024", "2024-03-05T00:00"]
)
def test_what_is_no_day_of_that_form_is_refused(text: str) -> None:
    assert isinstance(read_day(text, "year-month-day"), Wrong)
