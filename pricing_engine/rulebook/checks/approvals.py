"""The cells of the approval matrix are of the right kind: ranges for numbers, known words for enums."""

from collections.abc import Iterator

from pricing_engine.expressions import NUMERIC, TEXTUAL, WORDS_OF_KINDS, Kind, Name
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.approval_matrix import ApprovalMatrixDocument, RowShape
from pricing_engine.rulebook.documents.ranges import RangeText
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean


def check_approval_cells(subject: Subject) -> Iterator[Fault]:
    """E217, E403, E408 and E409 for columns and cells, W416 where limits have no matrix."""
    matrix = subject.repository.approvals
    yield from _missing(subject)
    if matrix is None or not subject.index.knows_all("vocabulary"):
        return
    known, scope = dict[str, Name](), subject.scopes.priced
    for column in matrix.shape.columns:
        if column in scope.elsewhere:
            what = f"{column} is not known here; it is known at {scope.elsewhere[column]}"
            yield matrix.fault("E412", ("columns", column), what, "use a name that a quote has", on_key=True)
            continue
        name = scope.names.get(column)
        if name is None:
            fix = did_you_mean(column, scope.names)
            what = f"the vocabulary has no {column}"
            yield matrix.fault("E217", ("columns", column), what, fix, on_key=True)
            continue
        known[column] = name
        yield from _column(matrix, column, name)
    for row in subject.repository.rows:
        yield from _cells(row, matrix.shape, known)


def _missing(subject: Subject) -> Iterator[Fault]:
    discretion = subject.repository.discretion
    if discretion is None or not discretion.shape.limits or subject.repository.approvals is not None:
        return
    if subject.index.knows_all("approval_matrix"):
        what = "nobody may agree to more than these limits: there is no approval matrix"
        fix = "add approvals/discount.yaml with kind: approval_matrix"
        yield discretion.fault("W416", ("limits",), what, fix, on_key=True)


def _column(matrix: Loaded[ApprovalMatrixDocument], column: str, known: Name) -> Iterator[Fault]:
    word, kind = matrix.shape.columns[column], known.kind
    fitting = NUMERIC if word == "range" else TEXTUAL
    if kind not in fitting:
        what = f"{column} is {WORDS_OF_KINDS[kind]}, which has no {'ranges' if word == 'range' else 'list of words'}"
        fix = f"write {'one_of' if kind in TEXTUAL else 'range'}, or use another name"
        yield matrix.fault("E408", ("columns", column), what, fix)
    elif word == "range" and known.optional:
        what = f"{column} may be missing, and then no range holds"
        yield matrix.fault("E408", ("columns", column), what, "use a name that is always known")


def _cells(row: Loaded[RowShape], matrix: ApprovalMatrixDocument, known: dict[str, Name]) -> Iterator[Fault]:
    for column, cell in row.shape.cells.items():
        word = matrix.columns.get(column)
        if word is None:
            fix = did_you_mean(column, matrix.columns)
            yield row.fault("E403", (column,), f"the matrix has no column {column}", fix, on_key=True)
        elif isinstance(cell, RangeText) != (word == "range"):
            example = '"0%..20%"' if word == "range" else "a word or a list of words"
            yield row.fault("E408", (column,), f"{column} is a column of {word}", f"write {example}")
        elif column in known:
            yield from _fits(row, column, cell, known[column])


def _fits(row: Loaded[RowShape], column: str, cell: RangeText | tuple[str, ...], name: Name) -> Iterator[Fault]:
    if isinstance(cell, RangeText):
        is_ratio = name.kind is Kind.RATIO
        if any(bound.is_percent != is_ratio for bound in cell.bounds):
            fix = 'write percentages, such as "0%..20%"' if is_ratio else "write numbers without %"
            yield row.fault("E408", (column,), f"{column} is {WORDS_OF_KINDS[name.kind]}", fix)
        return
    for word in cell:
        if name.kind is Kind.ENUM and name.values and word not in name.values:
            yield row.fault("E409", (column,), f"{column} is never {word}", did_you_mean(word, name.values))
