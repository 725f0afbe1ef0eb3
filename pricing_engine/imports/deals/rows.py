"""One row of a table of deals, read together with what the tables beside it say of what it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

from pricing_engine.imports.book.cells import read_day, read_number, read_yes_no, shown
from pricing_engine.imports.book.columns import Header, Row, Source, is_text
from pricing_engine.imports.book.mapping import SourceShape
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.imports.deals.cells import read_fact, read_propensity, read_share, read_word
from pricing_engine.imports.deals.joined import Joined, respell, respelled_in, respellings
from pricing_engine.imports.deals.mapping import DealMappingDocument
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.scoring.deal import DealLine, Draw, Fact, Outcome

OF_DRAW: Final = ("was", "discount", "propensity", "expected")
FIELDS: Final = (
    *("id", "account", "created", "closed", "reason", "product", "family", "list", "net", "currency"),
    *("outcome", *OF_DRAW),
)


class DealRow(NamedTuple):
    """A row as it was read. Amounts are in `currency` ("", where none is mapped: the reporting one).

    `account` is "" where it names none. `created` None: an open deal that nobody dated, which the mapping leaves out.
    """

    line: int
    id: str
    account: str
    created: date | None
    closed: date | None
    outcome: Outcome
    reason: str
    facts: Mapping[str, Fact]
    sold: DealLine | None
    currency: str
    draw: Draw | None


class DealReader:
    """Reads rows of one table under a mapping. `header.problems` say what the tables lack, taken together.

    `spelled` counts what was read as another text: by column, its text and what it was read as.
    """

    def __init__(
        self, document: DealMappingDocument, file: str, cells: Sequence[str], joined: Sequence[Joined]
    ) -> None:
        self.document = document
        self.own = tuple(cell.strip() for cell in cells)
        self.header = Header(file, (*self.own, *(name for each in joined for name in each.names)))
        self.columns = {field: self.header.bind(self._shape(field)) for field in FIELDS}
        self.facts: list[tuple[str, Source, Callable[[str], Any]]] = [
            (name, source, partial(read_fact, kind=shape.type, decimal_comma=document.decimal_comma))
            for name, shape in document.facts.items()
            if (source := self.header.bind(shape)) is not None
        ]
        self.spelled = sum([each.spelled for each in joined], Counter[tuple[str, str, str]]())
        self._respelled = respelled_in(self.own, document.spelled)
        self._joined = list(self._bound(joined))
        self._outcomes = {word: each for each in Outcome for word in getattr(document.deals.outcome, each.value)}
        self._day = partial(read_day, order=document.dates)
        self._number = partial(read_number, decimal_comma=document.decimal_comma)
        self._share = partial(read_share, decimal_comma=document.decimal_comma)
        self._propensity = partial(read_propensity, decimal_comma=document.decimal_comma)
        self.header.ignore(document.ignored)
        self.header.refuse_unmapped()
        self._check_columns()

    def _shape(self, field: str) -> SourceShape | None:
        deals = self.document.deals
        if field == "outcome":
            return SourceShape(column=deals.outcome.column)
        if field in OF_DRAW:
            return None if deals.drawn is None else getattr(deals.drawn, field)
        found: SourceShape | None = getattr(deals, field)
        return found

    def _bound(self, joined: Sequence[Joined]) -> Iterator[tuple[Joined, Source]]:
        """The tables, each with the column whose cells are looked up in it."""
        for each in joined:
            self.header.ignore((f"{each.name}.{each.key}",))
            source = self.header.bind(SourceShape(column=self.document.tables[each.name].by or each.key))
            if source is not None:
                yield each, source

    def _check_columns(self) -> None:
        """That ids and keys are in the table of deals itself, and that what is spelled otherwise is there."""
        for source in (self.columns["id"], *(source for _, source in self._joined)):
            if source is not None and source.place >= len(self.own):
                self._lack(source.column, f"{source.column} is not a column of the deals", "name one of theirs")
        for column in self.document.spelled:
            if column not in self.header.names:
                self._lack(column, f"there is no column {column}", did_you_mean(column, self.header.names))

    def _lack(self, column: str, what: str, fix: str) -> None:
        self.header.problems.append(Problem(self.header.file, 1, column, column, "header", what, fix))

    def key(self, cells: Sequence[str]) -> str:
        """The id of the row's deal, also where the row is wrong otherwise: then the deal is refused.

        "" where it has none, or one that is no text that a database could look up.
        """
        source = self.columns["id"]
        if source is None or source.place >= len(cells) or not is_text(cells[source.place]):
            return ""
        found = source.text(respell(cells, self._respelled))
        return "" if isinstance(found, Wrong) else found

    def read(self, line: int, cells: Sequence[str]) -> tuple[DealRow | None, list[Problem]]:
        """The row, or None when something in it is wrong, and what that is."""
        row = Row(self.header.file, line, cells)
        if not row.is_row_of(self.own):
            return None, row.problems
        row.cells = self._widened(cells)
        for joined, source in self._joined:
            if (wrong := joined.unknown(row.cells[source.place].strip())) is not None:
                row.refuse(source, wrong)
        read = self._read(row)
        return (None if row.problems else read), row.problems

    def _widened(self, cells: Sequence[str]) -> Sequence[str]:
        """The row with what the other tables say of its keys."""
        read = respell(cells, self._respelled)
        self.spelled.update(respellings(self.own, cells, read, self._respelled))
        found = [joined.find(read[source.place]) for joined, source in self._joined]
        return [*read, *(cell for each in found for cell in each)]

    def _read(self, row: Row) -> DealRow:
        outcome = row.needed(self._source("outcome"), self._read_outcome) or Outcome.OPEN
        account = row.value(self.columns["account"], read_word)
        if account is None and self.document.deals.account.missing == "refuse" and not row.problems:
            fix = "fill it in, or say account: {…, missing: each_its_own}"
            row.refuse(self.columns["account"], Wrong("missing", "the deal names no account", fix))
        return DealRow(
            row.line,
            row.needed(self._source("id"), read_word) or "",
            account or "",
            *self._days(row, outcome),
            outcome,
            row.text(self.columns["reason"]),
            dict(self._known(row)),
            sold := self._sold(row),
            self._currency(row, sold),
            self._draw(row),
        )

    def _days(self, row: Row, outcome: Outcome) -> tuple[date | None, date | None]:
        """When it was created, and when it was decided; the day that an open deal is expected to close is none."""
        created, closed = self._source("created"), self._source("closed")
        if outcome is not Outcome.OPEN:
            return row.needed(created, self._day), row.needed(closed, self._day)
        if self.document.deals.created.missing == "leave_out":
            return row.value(created, self._day), None
        return row.needed(created, self._day), None

    def _known(self, row: Row) -> Iterator[tuple[str, Fact]]:
        for name, source, read in self.facts:
            found = row.value(source, read)
            if found is not None:
                yield name, found

    def _sold(self, row: Row) -> DealLine | None:
        if self.columns["product"] is None:
            return None
        return DealLine(
            row.needed(self._source("product"), read_word) or "",
            row.value(self.columns["family"], read_word),
            row.value(self.columns["list"], self._number),
            row.value(self.columns["net"], self._number),
        )

    def _currency(self, row: Row, sold: DealLine | None) -> str:
        """The currency of the row's amounts, which is not guessed where a table has one for each."""
        source = self.columns["currency"]
        if source is None or sold is None or (sold.list is None and sold.net is None):
            return row.text(source)
        return row.needed(source, str) or ""

    def _draw(self, row: Row) -> Draw | None:
        """What was drawn; nothing where the row says that nothing was, or says nothing of it."""
        if self.columns["discount"] is None:
            return None
        was = row.value(self.columns["was"], read_yes_no)
        if was is False or (was is None and not row.text(self.columns["discount"])):
            return None
        discount = row.needed(self._source("discount"), self._share)
        propensity = row.needed(self._source("propensity"), self._propensity)
        expected = row.value(self.columns["expected"], self._share)
        return None if discount is None or propensity is None else Draw(discount, propensity, expected)

    def _read_outcome(self, text: str) -> Outcome | Wrong:
        found = self._outcomes.get(text)
        if found is None:
            fix = f"say under outcome what it means; {did_you_mean(text, self._outcomes)}"
            return Wrong("unknown-outcome", f"{shown(text)} is no outcome", fix)
        return found

    def _source(self, field: str) -> Source:
        source = self.columns[field]
        assert source is not None  # a table without it has problems in its header, and no row of it is read
        return source
