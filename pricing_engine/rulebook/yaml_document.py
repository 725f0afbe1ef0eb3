"""A rule file after reading: its plain data and, for every key and value, the place in the file it came from."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from pricing_engine.rulebook.faults import Path, Position
from pricing_engine.rulebook.yaml_offsets import source_offsets

Data = dict[str, "Data"] | list["Data"] | str | Decimal | bool | None

Numbers = dict[str, int] | list[int]
"""The numbers of the values inside a mapping or list."""


class Style(StrEnum):
    """How a value is written in the file."""

    PLAIN = ""
    SINGLE = "'"
    DOUBLE = '"'
    LITERAL = "|"
    FOLDED = ">"
    CONTAINER = "mapping or list"


_STYLES = {style.value: style for style in (Style.SINGLE, Style.DOUBLE, Style.LITERAL, Style.FOLDED)}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands: its key if it has one, its first and last place, and its length on its first line."""

    key: Position | None
    value: Position
    end: Position
    length: int
    style: Style


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of one file and where its lines start, to turn an index into a line and column."""

    file: str
    text: str
    line_starts: tuple[int, ...]

    @classmethod
    def of(cls, file: str, text: str) -> "SourceText":
        """The text with its line starts found."""
        starts, start = [0], 0
        for line in text.split("\n"):
            start += len(line) + 1
            starts.append(start)
        return cls(file, text, tuple(starts[:-1]))

    def position(self, index: int) -> Position:
        """Line and column of the character at `index`."""
        line = bisect_right(self.line_starts, index)
        return Position(line, index - self.line_starts[line - 1] + 1)

    def length_on_line(self, start: int, end: int) -> int:
        """How many characters of `start..end` stand on the first line; at least 1, to have something to mark."""
        line_end = self.text.find("\n", start, end)
        return max(1, (end if line_end < 0 else line_end) - start)


@dataclass(frozen=True, slots=True)
class Marks:
    """The raw places of a document's values, each under its number; the top level has the number 0.

    `bounds` holds three indexes per value: the start of its key or -1, its own start, its end. A file of 5 MB has half
    a million values, and one flat list is what the cyclic garbage collector does not have to walk.
    """

    bounds: list[int]
    inside: dict[int, Numbers]


@dataclass(frozen=True, slots=True)
class Positions(Mapping[Path, Spot]):
    """Every path of a document with its Spot, made on demand; the root is the empty path."""

    source: SourceText
    marks: Marks

    def __getitem__(self, path: Path) -> Spot:
        return self.spot(self.number(path))

    def __iter__(self) -> Iterator[Path]:
        waiting: list[tuple[Path, int]] = [((), 0)]
        while waiting:
            path, number = waiting.pop()
            yield path
            waiting.extend(((*path, step), child) for step, child in reversed(self._children(number)))

    def __len__(self) -> int:
        return len(self.marks.bounds) // 3

    def number(self, path: Path) -> int:
        """The number of the value at `path`.

        Raises: KeyError when the document has no such path.
        """
        number = 0
        for step in path:
            child = self._child(number, step)
            if child is None:
                raise KeyError(path)
            number = child
        return number

    def bounds(self, number: int) -> tuple[int, int, int]:
        """The indexes of a value's key (or -1), its start and its end."""
        key_start, start, end = self.marks.bounds[3 * number : 3 * number + 3]
        return key_start, start, end

    def style(self, number: int) -> Style:
        """How a value is written."""
        if number in self.marks.inside:
            return Style.CONTAINER
        _, start, end = self.bounds(number)
        return _STYLES.get(self.source.text[start:end][:1], Style.PLAIN)

    def spot(self, number: int) -> Spot:
        """The Spot of a value."""
        key_start, start, end = self.bounds(number)
        return Spot(
            key=self.source.position(key_start) if key_start >= 0 else None,
            value=self.source.position(start),
            end=self.source.position(end),
            length=self.source.length_on_line(start, end),
            style=self.style(number),
        )

    def nearest(self, path: Path) -> tuple[Path, Spot]:
        """The deepest part of `path` that exists, with its Spot; steps the file does not have are passed over.

        A missing field so leads to the mapping that misses it, and the steps pydantic adds for a union do no harm.
        """
        number, steps = 0, list[str | int]()
        for step in path:
            child = self._child(number, step)
            if child is not None:
                number = child
                steps.append(step)
        return tuple(steps), self.spot(number)

    def _child(self, number: int, step: str | int) -> int | None:
        inside = self.marks.inside.get(number)
        if isinstance(inside, dict):
            return inside.get(step) if isinstance(step, str) else None
        if isinstance(inside, list) and isinstance(step, int) and 0 <= step < len(inside):
            return inside[step]
        return None

    def _children(self, number: int) -> Sequence[tuple[str | int, int]]:
        inside = self.marks.inside.get(number, ())
        return list(inside.items() if isinstance(inside, dict) else enumerate(inside))


@dataclass(frozen=True, slots=True)
class Document:
    """One rule file as plain data (dict, list, str, Decimal, bool, None) with its positions."""

    file: str
    data: dict[str, Data]
    positions: Positions

    def position_in(self, path: Path, offset: int) -> Position:
        """Where character `offset` of the text at `path` stands in the file, such as column 7 of an expression.

        Quotes, escapes, folding and indentation are allowed for; an offset past the end gives the end of the text.
        Raises: KeyError when the document has no such path.
        """
        number = self.positions.number(path)
        _, start, end = self.positions.bounds(number)
        source = self.positions.source
        text = self.value(path)
        if not isinstance(text, str):
            return source.position(start)
        style = self.positions.style(number)
        offsets = source_offsets(source.text, text, start=start, end=end, style=style.value)
        return source.position(offsets[min(max(offset, 0), len(text))])

    def value(self, path: Path) -> Data:
        """The value at `path`.

        Raises: KeyError, IndexError or TypeError when the document has no such path.
        """
        found: Any = self.data
        for step in path:
            found = found[step]
        return cast(Data, found)

    def nearest(self, path: Path) -> tuple[Path, Spot]:
        """The deepest part of `path` that exists in the file, with its Spot."""
        return self.positions.nearest(path)
