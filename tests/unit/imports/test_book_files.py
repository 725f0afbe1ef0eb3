"""A book as spreadsheets save it: byte order marks, quotes, breaks within cells, and rows with nothing in them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from pricing_engine.usecases.book_table import Table


def a_table(folder: Path, content: bytes) -> Table:
    """The table of a file with this content."""
    path = folder / "book.csv"
    path.write_bytes(content)
    return Table(path, delimiter=",")


def test_a_byte_order_mark_does_not_keep_the_first_column_from_its_quotes(tmp_path: Path) -> None:
    with closing(a_table(tmp_path, b'\xef\xbb\xbf"account","users"\r\nA-1,5\r\n')) as table:
        assert table.header == ["account", "users"]
        assert [(row.line, row.cells) for row in table.rows()] == [(2, ["A-1", "5"])]


def test_rows_without_anything_in_their_cells_are_none(tmp_path: Path) -> None:
    with closing(a_table(tmp_path, b"account,users\n\n  \nA-1,5\n,\n , \n")) as table:
        assert [(row.line, row.cells) for row in table.rows()] == [(4, ["A-1", "5"])]


def test_a_row_is_found_again_at_its_line_after_cells_with_breaks(tmp_path: Path) -> None:
    with closing(a_table(tmp_path, b'account,note\nA-1,"two\nlines"\nA-2,x\nA-1,y\n')) as table:
        index = table.index(lambda cells: cells[0], on_row=lambda rows: None)
        found = {key: [(row.line, row.cells[1]) for row in table.at(places)] for key, places in index.places.items()}
    assert found == {"A-1": [(2, "two\nlines"), (5, "y")], "A-2": [(4, "x")]}


def test_an_empty_file_has_no_header(tmp_path: Path) -> None:
    with closing(a_table(tmp_path, b"")) as table:
        assert list(table.header) == []
        assert list(table.rows()) == []
