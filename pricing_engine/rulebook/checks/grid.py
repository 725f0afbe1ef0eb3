"""The exact space of facts an approval matrix decides on, cut along the edges of its cells into finitely many atoms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from pricing_engine.expressions import Kind, Name
from pricing_engine.policies.approvals import Cell, OneOf, Range
from pricing_engine.rulebook.documents.fields import write_percent

OTHER = "any other"
MISSING = "not known"


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a column that no cell divides; `low` and `high` are those of a piece of numbers, `word` of words."""

    word: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    is_number: bool = False
    is_point: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its atoms in order, and for each atom the set of rows whose cell holds for all of it.

    Shape: a set of rows is an int with one bit per row.
    """

    name: str
    kind: Kind
    atoms: tuple[Atom, ...]
    rows: tuple[int, ...]

    def told(self, first: int, last: int) -> str:
        """The run of atoms in words: `discretionary 20%..100%`; "" when it is the whole column."""
        start, end = self.atoms[first], self.atoms[last]
        if not start.is_number:
            return f"{self.name} {start.word}"
        if start.is_point:
            return f"{self.name} {self._number(start.low)}"
        return f"{self.name} {self._number(start.low)}..{self._number(end.high)}"

    def _number(self, number: Decimal | None) -> str:
        if number is None:
            return ""
        return write_percent(number) if self.kind is Kind.RATIO else f"{number.normalize():f}"


def build_column(name: Name, cells: Sequence[Cell], *, minimum: Decimal | None, maximum: Decimal | None) -> Column:
    """The column of a name with the cell each row has in it."""
    if any(isinstance(cell, Range) for cell in cells):
        atoms = tuple(_pieces([cell for cell in cells if isinstance(cell, Range)], minimum, maximum))
    else:
        atoms = tuple(_words(name, [cell for cell in cells if isinstance(cell, OneOf)]))
    rows = tuple(sum(1 << row for row, cell in enumerate(cells) if _holds(cell, atom)) for atom in atoms)
    return Column(name.id, name.kind, atoms, rows)


def _pieces(cells: Iterable[Range], minimum: Decimal | None, maximum: Decimal | None) -> Iterator[Atom]:
    """Half-open pieces between the edges; the maximum itself belongs to the last piece or is a piece of its own."""
    edges = {edge for cell in cells for edge in (cell.low, cell.high) if edge is not None}
    inner = sorted(
        edge for edge in edges if (minimum is None or edge > minimum) and (maximum is None or edge < maximum)
    )
    for low, high in pairwise([minimum, *inner, maximum]):
        yield Atom(low=low, high=high, is_number=True)
    if maximum is not None and maximum in edges:
        yield Atom(low=maximum, high=maximum, is_number=True, is_point=True)


def _words(name: Name, cells: Iterable[OneOf]) -> Iterator[Atom]:
    known = name.values or tuple(sorted({word for cell in cells for word in cell.values}))
    for word in known:
        yield Atom(word=word)
    if name.kind is not Kind.ENUM:
        yield Atom(word=OTHER)
    if name.optional:
        yield Atom(word=MISSING)


def _holds(cell: Cell, atom: Atom) -> bool:
    if isinstance(cell, OneOf):
        return not cell.values or atom.word in cell.values
    if atom.is_point:
        return cell.holds(atom.low)
    below = cell.low is not None and (atom.low is None or atom.low < cell.low)
    above = cell.high is not None and (atom.high is None or atom.high > cell.high)
    return not below and not above


class TooLarge(Exception):
    """The matrix has more different cells than are looked at."""


@dataclass(slots=True)
class Budget:
    """How many more states of one matrix may be looked at, over all that is asked of it."""

    left: int = 200_000

    def spend(self, states: int = 1) -> None:
        """Takes them off.

        Raises: TooLarge when there are none left.
        """
        self.left -= states
        if self.left < 0:
            raise TooLarge


@dataclass(frozen=True, slots=True)
class Cut:
    """A region of the grid, one run of atoms per column, and the rows that hold on all of it."""

    runs: tuple[tuple[int, int], ...]
    rows: int

    def told(self, columns: Sequence[Column]) -> str:
        """The region in words, columns that it spans wholly left out."""
        whole = [(0, len(column.atoms) - 1) for column in columns]
        parts = [
            column.told(first, last)
            for column, (first, last), full in zip(columns, self.runs, whole, strict=False)
            if (first, last) != full or first == last
        ]
        return ", ".join(parts) or "every quote"


def regions(
    columns: Sequence[Column], rows: int, budget: Budget, *, within: Mapping[int, int] | None = None
) -> Iterator[Cut]:
    """One region for each different way the columns narrow the rows; what is alike is visited once.

    Shape: `within` limits a column (by its number) to the atoms that one row (by its bit) holds for.
    Raises: TooLarge when the budget is spent.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [Cut((), rows)]
    while waiting:
        cut = waiting.pop()
        budget.spend()
        level = len(cut.runs)
        if level == len(columns) or not cut.rows:
            yield cut
            continue
        for first, last, held in reversed(_runs(columns[level], cut.rows, (within or {}).get(level))):
            if not held or (level + 1, held) not in seen:
                seen.add((level + 1, held))
                waiting.append(Cut((*cut.runs, (first, last)), held))


def _runs(column: Column, rows: int, only: int | None) -> list[tuple[int, int, int]]:
    """Neighbouring numeric atoms that narrow the rows alike, as (first, last, rows)."""
    runs: list[tuple[int, int, int]] = []
    for i, atom in enumerate(column.atoms):
        if only is not None and not column.rows[i] & only:
            continue
        held = column.rows[i] & rows
        joins = runs and runs[-1][1] == i - 1 and runs[-1][2] == held and atom.is_number and not atom.is_point
        if joins:
            runs[-1] = (runs[-1][0], i, held)
        else:
            runs.append((i, i, held))
    return runs
