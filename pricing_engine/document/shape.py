"""The shape of the customer's document: sections of facts, tables and remarks, every text finished and inert.

A renderer lays out what is here and adds no words, so that HTML and PDF say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Side(StrEnum):
    """Where a column's texts begin: words at the start, numbers at the end."""

    START = "start"
    END = "end"


class RowKind(StrEnum):
    """An ordinary row, one that belongs to the row above, or the sum that closes a table."""

    PLAIN = "plain"
    PART = "part"
    SUM = "sum"


class Cell(NamedTuple):
    """A text; `was` stands struck out before it, `below` quietly under it. `gone` strikes the text itself out."""

    text: str
    below: str = ""
    was: str = ""
    gone: bool = False


class Row(NamedTuple):
    """The cells of a table's row, one for each column."""

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.PLAIN


class Column(NamedTuple):
    """A column's heading, and where its texts begin."""

    heading: str
    side: Side


class Table(NamedTuple):
    """Rows under headings."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Fact(NamedTuple):
    """A name and what it is; several sentences stand one below the other."""

    name: str
    sentences: tuple[str, ...]


class Section(NamedTuple):
    """A part with a heading: paragraphs, facts, a table, and remarks in small print; each may be missing."""

    heading: str
    facts: tuple[Fact, ...] = ()
    table: Table | None = None
    remarks: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()


class Paper(StrEnum):
    """The sheet a place prints on, by the name typst and CSS know."""

    A4 = "a4"
    LETTER = "us-letter"


@dataclass(frozen=True, slots=True)
class Document:
    """The whole paper. `mark` is written large where the quote is no offer yet, and `notice` says so in words.

    `labels` are the words a renderer needs for itself, by name. `file_name` has no ending.
    """

    language: str
    paper: Paper
    file_name: str
    title: str
    customer: str
    facts: tuple[Fact, ...]
    highlights: tuple[Fact, ...]
    sections: tuple[Section, ...]
    footer: str
    mark: str
    notice: str
    labels: dict[str, str]


def cell(text: str, below: str = "") -> Cell:
    """A cell of words."""
    return Cell(text, below)


def table(headings: tuple[str, ...], rows: list[Row], *, words: int = 1) -> Table:
    """A table whose first `words` columns are words and whose others are numbers."""
    columns = tuple(Column(name, Side.START if place < words else Side.END) for place, name in enumerate(headings))
    return Table(columns, tuple(rows))
