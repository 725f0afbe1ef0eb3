"""A CSV file whose rows are found again by key, so that a book larger than memory is read account by account."""

from __future__ import annotations

import csv
from array import array
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

ROWS_BETWEEN: Final = 1_000
"""How often whoever waits hears how many rows have been read."""


class TableUnreadable(Exception):
    """The file cannot be read as a table at all; `line` is where reading stopped."""

    def __init__(self, what: str, *, file: str, line: int) -> None:
        super().__init__(what)
        self.what = what
        self.file = file
        self.line = line


class TableRow(NamedTuple):
    """A row, the line it begins on, and the byte it begins at."""

    line: int
    offset: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class RowIndex:
    """The places of a table's rows by key, keys in the order of their first rows; some 20 bytes for each row."""

    places: dict[str, array[int]]
    rows: int

    def batches(self, rows: int) -> Iterator[Mapping[str, array[int]]]:
        """The places of some keys at a time, of about so many rows; a key with more is one of its own."""
        batch, count = dict[str, "array[int]"](), 0
        for key, places in self.places.items():
            batch[key] = places
            count += len(places) // 2
            if count >= rows:
                yield batch
                batch, count = {}, 0
        if batch:
            yield batch


class Table:
    """An open table. `header` is its first row."""

    def __init__(self, path: Path, *, delimiter: str) -> None:
        self.file = path.name
        self.delimiter = "\t" if delimiter == "tab" else delimiter
        self._stream: BinaryIO = path.open("rb")
        # Spreadsheets begin a file with a byte order mark, which before a quote would keep it from being one.
        self._start = len(BOM_UTF8) if self._stream.read(len(BOM_UTF8)) == BOM_UTF8 else 0
        first = next(self._records(self._start, 1), None)
        self.header: Sequence[str] = () if first is None else first.cells

    def rows(self) -> Iterator[TableRow]:
        """Every row below the header, in order; those without anything in their cells are none.

        Raises: TableUnreadable.
        """
        records = self._records(self._start, 1)
        next(records, None)
        return (row for row in records if any(map(str.strip, row.cells)))

    def index(self, key_of: Callable[[Sequence[str]], str], *, on_row: Callable[[int], None]) -> RowIndex:
        """The places of all rows by key; `on_row` hears now and then how many have been read.

        Raises: TableUnreadable.
        """
        places: dict[str, array[int]] = {}
        count = 0
        for count, row in enumerate(self.rows(), 1):
            place = places.get(key := key_of(row.cells))
            if place is None:
                place = places[key] = array("Q")
            place.extend((row.offset, row.line))
            if count % ROWS_BETWEEN == 0:
                on_row(count)
        return RowIndex(places, count)

    def at(self, places: array[int]) -> Iterator[TableRow]:
        """The rows at the places of one key."""
        for offset, line in zip(places[::2], places[1::2], strict=True):
            yield next(self._records(offset, line))

    def close(self) -> None:
        """Closes the file."""
        self._stream.close()

    def _records(self, offset: int, line: int) -> Iterator[TableRow]:
        self._stream.seek(offset)
        place = [offset, line]

        def lines() -> Iterator[str]:
            for raw in self._stream:
                place[0] += len(raw)
                place[1] += 1
                yield raw.decode("utf-8", "surrogateescape")

        reader = csv.reader(lines(), delimiter=self.delimiter, strict=True)
        while True:
            begun, on_line = place
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise TableUnreadable(f"the table cannot be read: {error}", file=self.file, line=on_line) from None
            if cells is None:
                return
            yield TableRow(on_line, begun, cells)
