"""Reads the rows of an approval matrix from a CSV table: a header of column names, then one row per line."""

import csv
from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import dataclass

from pricing_engine.rulebook.documents.approval_matrix import RowShape
from pricing_engine.rulebook.documents.kinds import json_schema
from pricing_engine.rulebook.documents.reading import read_shape
from pricing_engine.rulebook.faults import FILE_START, Fault, Path, Position, Severity
from pricing_engine.rulebook.sources import Loaded, Mark, fault_at
from pricing_engine.rulebook.yaml_characters import Refused, decode
from pricing_engine.rulebook.yaml_document import SourceText

ALTERNATIVES = "|"
"""Between the words of one cell: `smb|mid_market`."""

MAX_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class CsvSource:
    """A CSV table as a Source; a path is (index of the row, name of the column)."""

    file: str
    lines: tuple[str, ...]
    row_lines: tuple[int, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def mark(self, path: Path, *, on_key: bool) -> Mark:
        """Where the cell stands; the header's cell for a key, the row's start for a column it does not have."""
        row, column = (*path, None, None)[:2]
        if not isinstance(row, int):
            return Mark(FILE_START, len(self.lines[0]) if self.lines else 1, "")
        line = 1 if on_key and column in self.header else self.row_lines[row]
        cells = self.header if line == 1 else self.rows[row]
        start, length = self._find(cells, line, column)
        return Mark(Position(line, start + 1), length, f"{column or ''}")

    def line(self, path: Path) -> int:
        """The line of the row that the cell stands in."""
        return self.mark(path[:1], on_key=False).position.line

    def inside(self, path: Path, offset: int) -> Position:
        """Where character `offset` of a cell stands."""
        position = self.mark(path, on_key=False).position
        return Position(position.line, position.column + offset)

    def _find(self, cells: tuple[str, ...], line: int, column: object) -> tuple[int, int]:
        text, start = self.lines[line - 1], 0
        if column not in self.header:
            return 0, max(1, len(text))
        index = self.header.index(str(column))
        for cell in cells[:index]:
            start = max(text.find(cell, start), start) + len(cell)
            start = max(text.find(",", start), start - 1) + 1
        found = text.find(cells[index], start) if index < len(cells) else -1
        return (found if found >= 0 else start), max(1, len(cells[index]) if index < len(cells) else 1)


def read_table(file: str, content: bytes) -> tuple[tuple[Loaded[RowShape], ...], tuple[Fault, ...]]:
    """The rows of the table, and every fault found; there are no rows when the table itself cannot be read."""
    try:
        text, unfit = decode(content.removeprefix(BOM_UTF8))
        source = _split(file, text)
    except csv.Error as error:
        what = f"the table cannot be read: {error}"
        return (), (_refuse(file, 1, what, "save it as UTF-8 CSV with commas"),)
    faults = _refuse_characters(SourceText.of(file, text), unfit) or _refuse_layout(source)
    if faults:
        return (), faults
    rows, problems = list[Loaded[RowShape]](), list[Fault]()
    schema = json_schema("approval_matrix")["$defs"]["RowShape"]
    for index, cells in enumerate(source.rows):
        named = zip(source.header, cells, strict=True)
        data = {column: _cell(column, cell.strip()) for column, cell in named if cell.strip()}
        row = read_shape(RowShape, data, schema=schema)
        if isinstance(row, RowShape):
            rows.append(Loaded(source, row, (index,)))
            continue
        problems += [fault_at(source, each.code, (index, *each.path), each.what, each.fix) for each in row]
    return tuple(rows), tuple(problems)


def _cell(column: str, text: str) -> object:
    if column in ("id", "level", "why") or ALTERNATIVES not in text:
        return text
    return [word.strip() for word in text.split(ALTERNATIVES)]


def _split(file: str, text: str) -> CsvSource:
    lines = text.splitlines()
    reader = csv.reader(lines, strict=True)
    parsed = list[tuple[int, tuple[str, ...]]]()
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            parsed.append((line, tuple(cells)))
        line = reader.line_num + 1
        if len(parsed) > MAX_ROWS:
            raise csv.Error(f"more than {MAX_ROWS} rows")
    header = tuple(cell.strip() for cell in parsed[0][1]) if parsed else ()
    rows = parsed[1:]
    return CsvSource(file, tuple(lines), tuple(at for at, _ in rows), header, tuple(cells for _, cells in rows))


def _refuse_characters(text: SourceText, unfit: Sequence[Refused]) -> tuple[Fault, ...]:
    return tuple(
        Fault(each.code, Severity.ERROR, text.file, text.position(each.index), each.length, "", each.what, each.fix)
        for each in unfit
    )


def _refuse_layout(source: CsvSource) -> tuple[Fault, ...]:
    header = source.header
    if not header:
        return (_refuse(source.file, 1, "the table is empty", "write a header: id,level and the columns"),)
    if len(header) == 1 and ";" in header[0]:
        fix = "separate them with commas: a spreadsheet set to European numbers saves semicolons"
        return (_refuse(source.file, 1, "the cells are separated with semicolons", fix),)
    if len(set(header)) < len(header) or "" in header:
        fix = "name every column once"
        return (_refuse(source.file, 1, "the header has a column twice or without a name", fix),)
    what = "this row has {} cells, the header {}"
    return tuple(
        _refuse(source.file, line, what.format(len(cells), len(header)), "write one cell per column")
        for line, cells in zip(source.row_lines, source.rows, strict=True)
        if len(cells) != len(header)
    )


def _refuse(file: str, line: int, what: str, fix: str) -> Fault:
    return Fault("E121", Severity.ERROR, file, Position(line, 1), 1, "", what, fix)
