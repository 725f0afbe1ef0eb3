"""Tables as a workbook (XLSX) for whoever goes on in a spreadsheet, by XlsxWriter."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pricing_engine.money import Currency

MOST_ROWS: Final = 1_048_575
"""What a sheet takes below its heading."""

Cell = Decimal | int | date | str | None
_NO_TIME: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's own times have no zone
_WIDEST: Final = 60


AS_IT_IS: Final = "General"
RATE: Final = "0.0%"
DAY: Final = "yyyy-mm-dd"
"""Formats of numbers: how they are shown, not what they are."""


class TooManyRows(ValueError):
    """A table is longer than a sheet can be."""


class Column(NamedTuple):
    """The heading of a column, and the format of its numbers."""

    name: str
    shown: str = AS_IT_IS


class Sheet(NamedTuple):
    """A table with a name of its own in the workbook."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def render_workbook(sheets: Iterable[Sheet]) -> bytes:
    """The workbook; equal sheets give equal bytes.

    Text is written as text, whatever it begins with, so that no spreadsheet runs it as a formula. A spreadsheet keeps
    15 digits of a number, which is cents of 10 trillion.

    Raises: TooManyRows, which XlsxWriter would leave out in silence.
    """
    import xlsxwriter

    written = io.BytesIO()
    workbook = xlsxwriter.Workbook(written, {"in_memory": True})
    workbook.set_properties({"created": _NO_TIME})
    for sheet in sheets:
        _write(workbook, sheet)
    workbook.close()
    return written.getvalue()


def money_format(currency: Currency) -> str:
    """The format of amounts of a currency, in its minor units."""
    return f"#,##0.{'0' * currency.digits}" if currency.digits else "#,##0"


def _write(workbook: Any, sheet: Sheet) -> None:
    if len(sheet.rows) > MOST_ROWS:
        raise TooManyRows(f"{sheet.name} has {len(sheet.rows):,} rows, and a sheet takes {MOST_ROWS:,}")
    table = workbook.add_worksheet(sheet.name)
    table.freeze_panes(1, 0)
    bold = workbook.add_format({"bold": True})
    shown = [workbook.add_format({"num_format": column.shown}) for column in sheet.columns]
    widths = [len(column.name) for column in sheet.columns]
    for place, column in enumerate(sheet.columns):
        table.write_string(0, place, column.name, bold)
    for row, values in enumerate(sheet.rows, start=1):
        for place, value in enumerate(values):
            _write_cell(table, row, place, value, shown[place])
            widths[place] = max(widths[place], len(str(value)))
    for place, width in enumerate(widths):
        table.set_column(place, place, min(width, _WIDEST) + 2)


def _write_cell(table: Any, row: int, place: int, value: Cell, shown: Any) -> None:
    if isinstance(value, str):
        table.write_string(row, place, value, shown)
    elif isinstance(value, date):
        table.write_datetime(row, place, value, shown)
    elif value is not None:
        table.write_number(row, place, value, shown)
