"""A mapping bound to the header of a table: which cell of a row each value is, and the columns nobody spoke for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar
from unicodedata import normalize

from pricing_engine.imports.book.cells import shown
from pricing_engine.imports.book.mapping import SourceShape
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.rulebook.suggest import did_you_mean

Read = TypeVar("Read")


class Source(NamedTuple):
    """Where a value of a row comes from: the cell at `place`, or `constant`; `default` is for an empty cell."""

    column: str
    place: int
    constant: str | None
    default: str | None
    values: Mapping[str, str] | None

    def text(self, cells: Sequence[str]) -> str | Wrong:
        """The text after value map and default; "" when there is none."""
        if self.constant is not None:
            return self.constant
        text = normalize("NFC", cells[self.place].strip())  # as the API has all text, so that one id finds one account
        if not text:
            return self.default or ""
        if self.values is None:
            return text
        found = self.values.get(text)
        if found is None:
            what = f"{shown(text)} is not among the values of {self.column}"
            fix = f"add it to the mapping's values, or mend the cell: {did_you_mean(text, self.values)}"
            return Wrong("unknown-value", what, fix)
        return found


def is_text(cells: Sequence[str]) -> bool:
    """Whether cells are text; bytes that were none are surrogates here (PEP 383), and no database keeps a NUL."""
    joined = "".join(cells)
    try:
        joined.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in joined


class Row:
    """One row while it is read: gives values by source, and gathers what is wrong with them."""

    __slots__ = ("cells", "file", "line", "problems")

    def __init__(self, file: str, line: int, cells: Sequence[str]) -> None:
        self.file = file
        self.line = line
        self.cells = cells
        self.problems: list[Problem] = []

    def text(self, source: Source | None) -> str:
        """The text; "" when there is none, or when it was refused."""
        if source is None:
            return ""
        found = source.text(self.cells)
        if isinstance(found, Wrong):
            self.refuse(source, found)
            return ""
        return found

    def value(self, source: Source | None, read: Callable[[str], Read | Wrong]) -> Read | None:
        """The value; None when there is none, or when it was refused."""
        if source is None:
            return None
        text = source.text(self.cells)
        found = text if isinstance(text, Wrong) else read(text) if text else None
        if isinstance(found, Wrong):
            self.refuse(source, found)
            return None
        return found

    def needed(self, source: Source, read: Callable[[str], Read | Wrong]) -> Read | None:
        """The value; None when it was refused, as a missing one is."""
        before = len(self.problems)
        found = self.value(source, read)
        if found is None and len(self.problems) == before:
            fix = "fill it in, or give the mapping a default"
            self.refuse(source, Wrong("missing", f"{source.column or 'a constant'} is empty", fix))
        return found

    def is_table_row(self, header: Header) -> bool:
        """Whether it has the header's cells, and they are text; if not, what is wrong is gathered."""
        return self.is_row_of(header.names)

    def is_row_of(self, columns: Sequence[str]) -> bool:
        """The same of a table with these columns."""
        if len(self.cells) != len(columns):
            what = f"this row has {len(self.cells)} cells, the header {len(columns)}"
            self.refuse(None, Wrong("cells", what, "write one cell per column; quote a cell that holds the separator"))
        elif not is_text(self.cells):
            self.refuse(None, Wrong("encoding", "the row has characters that are not text", "save the file as UTF-8"))
        return not self.problems

    def refuse(self, source: Source | None, wrong: Wrong) -> None:
        """Says what is wrong with the value of a source, or with the whole row."""
        column = "" if source is None else source.column
        value = "" if source is None or source.constant is not None else self.cells[source.place].strip()
        self.problems.append(Problem(self.file, self.line, column, value, *wrong))


class Header:
    """The first row of a table, its columns bound one by one; afterwards it knows which nobody asked for."""

    def __init__(self, file: str, cells: Sequence[str]) -> None:
        self.file = file
        self.names = tuple(cell.strip() for cell in cells)
        self.problems: list[Problem] = []
        self._spoken_for: set[str] = set()
        if len(set(self.names)) < len(self.names) or "" in self.names:
            self._refuse("", "a column is there twice or has no name", "name every column once")

    def bind(self, shape: SourceShape | None) -> Source | None:
        """The source in this table; None for none, and for a column that is not there, which is a problem."""
        if shape is None:
            return None
        if shape.column is None:
            return Source("", -1, shape.constant, None, None)
        self._spoken_for.add(shape.column)
        if shape.column not in self.names:
            self._refuse(shape.column, f"there is no column {shape.column}", did_you_mean(shape.column, self.names))
            return None
        values = None if shape.values is None else {normalize("NFC", key): to for key, to in shape.values.items()}
        return Source(shape.column, self.names.index(shape.column), None, shape.default, values)

    def ignore(self, columns: Iterable[str]) -> None:
        """Leaves columns out, as the mapping says."""
        self._spoken_for.update(columns)

    def refuse_unmapped(self) -> None:
        """Says of every column that is neither mapped nor ignored that it is: nothing is left out in silence."""
        for name in self.names:
            if name and name not in self._spoken_for:
                self._refuse(name, f"nothing says what {name} is", "map it, or name it under ignored")

    def _refuse(self, column: str, what: str, fix: str) -> None:
        self.problems.append(Problem(self.file, 1, column, column, "header", what, fix))
