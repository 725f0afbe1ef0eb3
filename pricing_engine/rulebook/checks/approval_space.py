"""What an approval matrix decides over the whole space of quotes: gaps, overlaps, masked rows, levels that fall."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, islice

from pricing_engine.policies.approvals import Hit
from pricing_engine.rulebook.checks.approvals import check_approval_cells
from pricing_engine.rulebook.checks.grid import Budget, Column, Cut, TooLarge, build_column, regions
from pricing_engine.rulebook.checks.references import LEVEL
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.compile.policies import compile_cell
from pricing_engine.rulebook.documents.approval_matrix import ApprovalMatrixDocument, RowShape
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.names import unfinished
from pricing_engine.rulebook.rulebook import VocabularyName
from pricing_engine.rulebook.sources import Loaded

MAX_ROWS = 500
MOST_TOLD = 5
_AMOUNT_OF_DISCOUNT = frozenset({"quote.discretionary", "quote.discount"})
_FROM_ZERO = ("request.", "metric.", "quote.")
_SHARES = frozenset({"quote.discretionary", "quote.discount", "quote.net_ratio"})


@dataclass(frozen=True, slots=True)
class _Matrix:
    """The matrix with its columns cut into atoms, and the rank of each row's level."""

    loaded: Loaded[ApprovalMatrixDocument]
    rows: tuple[Loaded[RowShape], ...]
    columns: tuple[Column, ...]
    ranks: tuple[int, ...]
    discount: int | None

    @property
    def all_rows(self) -> int:
        return (1 << len(self.rows)) - 1

    def deciding(self, rows: int) -> int:
        """The row that decides where exactly these rows hold."""
        held = [row for row in range(len(self.rows)) if rows >> row & 1]
        if self.loaded.shape.hit is Hit.FIRST:
            return held[0]
        return max(held, key=lambda row: (self.ranks[row], -row))


def check_approval_space(subject: Subject) -> Iterator[Fault]:
    """E404 and E410 for a matrix that does not decide, W405, E406 and W407 for one that decides oddly."""
    matrix = _build(subject)
    if matrix is None:
        return
    budget = Budget()
    try:
        yield from _gaps(matrix, budget)
        yield from _masked(matrix, budget) if matrix.loaded.shape.hit is Hit.FIRST else _overlaps(matrix)
        yield from _falling(matrix, budget)
    except TooLarge:
        yield from _too_large(matrix.loaded)


def _build(subject: Subject) -> _Matrix | None:
    """The matrix, once its cells are right by themselves."""
    loaded, rows = subject.repository.approvals, subject.repository.rows
    if loaded is None or not rows or not subject.index.knows_all("vocabulary", *LEVEL.kinds):
        return None
    levels, names = loaded.shape.levels, subject.vocabulary
    if any(column in unfinished(names) for column in loaded.shape.columns):
        return None
    if any(check_approval_cells(subject)) or any(row.shape.level not in levels for row in rows):
        return None
    if len(rows) > MAX_ROWS:
        return _Matrix(loaded, rows, (), (), None)
    columns = tuple(_column(names[column], rows, column, word) for column, word in loaded.shape.columns.items())
    origins = [names[column].origin for column in loaded.shape.columns]
    discount = next((i for i, origin in enumerate(origins) if origin in _AMOUNT_OF_DISCOUNT), None)
    return _Matrix(loaded, rows, columns, tuple(levels.index(row.shape.level) for row in rows), discount)


def _column(known: VocabularyName, rows: Sequence[Loaded[RowShape]], column: str, word: str) -> Column:
    cells = [compile_cell(row.shape.cells.get(column), word) for row in rows]
    minimum, maximum = known.name.minimum, known.name.maximum
    if minimum is None and known.origin.startswith(_FROM_ZERO):
        minimum = Decimal(0)
    if maximum is None and known.origin in _SHARES:
        maximum = Decimal(1)
    return build_column(known.name, cells, minimum=minimum, maximum=maximum)


def _gaps(matrix: _Matrix, budget: Budget) -> Iterator[Fault]:
    if not matrix.columns:
        raise TooLarge
    empty = (cut for cut in regions(matrix.columns, matrix.all_rows, budget) if not cut.rows)
    for cut in islice(empty, MOST_TOLD):
        what = f"no row decides {cut.told(matrix.columns)}"
        yield matrix.loaded.fault("E404", ("rows",), what, "add a row for it, or widen one", on_key=True)


def _overlaps(matrix: _Matrix) -> Iterator[Fault]:
    spans = [_spans(column, len(matrix.rows)) for column in matrix.columns]
    pairs = ((i, j) for i, j in combinations(range(len(matrix.rows)), 2) if matrix.ranks[i] != matrix.ranks[j])
    for i, j in islice(((i, j) for i, j in pairs if all(span[i] & span[j] for span in spans)), MOST_TOLD):
        first, second = matrix.rows[i], matrix.rows[j]
        higher = first if matrix.ranks[i] > matrix.ranks[j] else second
        both = 1 << i | 1 << j
        cut = Cut(tuple(_shared(column, both) for column in matrix.columns), both)
        where = cut.told(matrix.columns)
        what = f"rows {first.shape.id} and {second.shape.id} both hold for {where}; {higher.shape.id} decides"
        related = (first.related(("id",), f"row {first.shape.id}"),)
        yield second.fault("W405", ("id",), what, "make the cells of one of them narrower", related=related)


def _spans(column: Column, rows: int) -> list[int]:
    """For each row the set of atoms its cell holds for, one bit per atom."""
    return [sum(1 << atom for atom, held in enumerate(column.rows) if held >> row & 1) for row in range(rows)]


def _shared(column: Column, both: int) -> tuple[int, int]:
    """The first run of atoms on which both rows hold."""
    held = [i for i, rows in enumerate(column.rows) if rows & both == both]
    last = held[0]
    for i in held[1:]:
        if i != last + 1 or not column.atoms[i].is_number or column.atoms[i].is_point:
            break
        last = i
    return held[0], last


def _masked(matrix: _Matrix, budget: Budget) -> Iterator[Fault]:
    for row in range(len(matrix.rows)):
        within = dict.fromkeys(range(len(matrix.columns)), 1 << row)
        earlier = (1 << row) - 1
        if all(cut.rows for cut in regions(matrix.columns, earlier, budget, within=within)):
            loaded = matrix.rows[row]
            what = f"row {loaded.shape.id} never decides: the rows before it hold wherever it does"
            yield loaded.fault("E406", ("id",), what, "remove it, or move it up")


def _falling(matrix: _Matrix, budget: Budget) -> Iterator[Fault]:
    """Along the discount column, everything else alike, a piece with more discount and a lower level."""
    if matrix.discount is None:
        return
    column = matrix.columns[matrix.discount]
    others = [each for i, each in enumerate(matrix.columns) if i != matrix.discount]
    told = set[tuple[int, int]]()
    for cut in regions(others, matrix.all_rows, budget):
        before: int | None = None
        budget.spend(len(column.rows))
        for i, rows in enumerate(column.rows):
            row = matrix.deciding(rows & cut.rows) if rows & cut.rows else None
            if row is None:
                continue
            falls = before is not None and matrix.ranks[row] < matrix.ranks[before]
            if before is not None and falls and (before, row) not in told and len(told) < MOST_TOLD:
                told.add((before, row))
                yield _fall(matrix, before, row, f"{column.told(i, i)} ({cut.told(others)})")
            before = row


def _fall(matrix: _Matrix, before: int, row: int, where: str) -> Fault:
    less, more = matrix.rows[before].shape, matrix.rows[row].shape
    what = f"{where} needs {more.level}, a smaller discount needs {less.level}, which is higher"
    related = (matrix.rows[before].related(("id",), f"row {less.id}"),)
    return matrix.rows[row].fault(
        "W407", ("level",), what, f"let row {more.id} need at least {less.level}", related=related
    )


def _too_large(loaded: Loaded[ApprovalMatrixDocument]) -> Iterator[Fault]:
    what = "the matrix is too large to be proved free of gaps"
    yield loaded.fault("E410", ("rows",), what, f"use at most {MAX_ROWS} rows and fewer different edges", on_key=True)
