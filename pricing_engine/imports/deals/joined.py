"""Tables beside the deals: what they say more of an account, a product or a seller that deals name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from unicodedata import normalize

from pricing_engine.imports.book.cells import shown
from pricing_engine.imports.book.columns import Row
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.rulebook.suggest import did_you_mean

Respelled = Sequence[tuple[int, Mapping[str, str]]]
"""By place of a cell, the texts that are to be read as others."""

MOST_COMPARED: Final = 50_000
"""With so many keys unknown ones are compared, all together: some seconds, where a wrong column would take days."""


class Joined:
    """A table in memory, its rows by key. `names` are its columns as mappings write them, `table.column`.

    `problems` say why it cannot be looked up in: a key that is missing, empty or there twice answers nothing for sure.
    `spelled` counts what was read as another text: by column, its text and what it was read as.
    """

    def __init__(self, name: str, key: str, *, file: str, header: Sequence[str]) -> None:
        self.name = name
        self.file = file
        self.key = key
        self.columns = tuple(cell.strip() for cell in header)
        self.names = tuple(f"{name}.{column}" for column in self.columns)
        self.problems: list[Problem] = []
        self.rows: dict[str, Sequence[str]] = {}
        self.spelled: Counter[tuple[str, str, str]] = Counter()
        self._blank = ("",) * len(self.columns)
        self._compared = 0
        if key not in self.columns:
            self._refuse(1, key, key, Wrong("header", f"there is no column {key}", did_you_mean(key, self.columns)))

    def fill(self, rows: Iterable[tuple[int, Sequence[str]]], respelled: Respelled) -> None:
        """Takes in its rows, which come with their lines."""
        if self.problems:
            return
        place, lines = self.columns.index(self.key), dict[str, int]()
        for line, cells in rows:
            row = Row(self.file, line, cells)
            if not row.is_row_of(self.columns):
                self.problems += row.problems
                continue
            read = respell(cells, respelled)
            self.spelled.update(respellings(self.names, cells, read, respelled))
            key = _key(read[place])
            if not key:
                self._refuse(line, self.key, "", Wrong("missing", f"{self.key} is empty", "fill it in"))
            elif key in lines:
                what = f"{shown(key)} is in line {lines[key]} already"
                self._refuse(line, self.key, key, Wrong("key-twice", what, "keep one of them"))
            lines[key], self.rows[key] = line, read

    def find(self, key: str) -> Sequence[str]:
        """The cells of a key; empty ones where there is no such key."""
        return self.rows.get(_key(key), self._blank)

    def unknown(self, key: str) -> Wrong | None:
        """What is wrong with a key that is not there; it is never taken for one that is spelled alike."""
        if not key or _key(key) in self.rows:
            return None
        self._compared += len(self.rows)
        if self._compared > MOST_COMPARED:
            fix = f"add it to {self.file}, or say under spelled which {self.key} it is"
        else:
            fix = f"{did_you_mean(key, self.rows, if_none=f'{self.file} has no rows')} Say so under spelled"
        return Wrong("unknown-key", f"{self.file} has no {self.key} {shown(key)}", fix)

    def _refuse(self, line: int, column: str, value: str, wrong: Wrong) -> None:
        self.problems.append(Problem(self.file, line, column, value, *wrong))


def _key(cell: str) -> str:
    return normalize("NFC", cell.strip())


def respell(cells: Sequence[str], respelled: Respelled) -> Sequence[str]:
    """The cells as they are to be read."""
    read = list(cells)
    for place, texts in respelled:
        if place < len(read) and (found := texts.get(read[place].strip())) is not None:
            read[place] = found
    return read


def respellings(
    columns: Sequence[str], cells: Sequence[str], read: Sequence[str], respelled: Respelled
) -> Iterator[tuple[str, str, str]]:
    """Which cells were read as another text: column, text, and what it was read as."""
    for place, _ in respelled:
        if read[place] is not cells[place]:
            yield columns[place], cells[place].strip(), read[place]


def respelled_in(columns: Sequence[str], spelled: Mapping[str, Mapping[str, str]]) -> Respelled:
    """What is to be read otherwise in a table with these columns, of what a mapping says by column."""
    return [(columns.index(column), texts) for column, texts in spelled.items() if column in columns]
