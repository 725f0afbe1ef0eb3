"""What an import says about each part of a page: refused, doubtful, left out, or written in another form."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pricing_engine.imports.page_text import one_line
from pricing_engine.rulebook.faults import Position


class Outcome(StrEnum):
    """How much of a part of the page reached the rule repository; an error refuses the whole page."""

    ERROR = "error"
    WARNING = "warning"
    NOT_REPRESENTED = "not represented"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One named part of a page and what became of it.

    `part` says what it is (`feature`, `add-on`, …) and `name` which; lines with equal `part` and `what` read as one
    statement about several names.
    """

    outcome: Outcome
    file: str
    position: Position
    part: str
    name: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.position.line}:{self.position.column}"
        named = f"{self.part} {self.name}" if self.name else self.part
        return f"{where}: {self.outcome}: {named}: {self.what}{f' ({self.fix})' if self.fix else ''}"


@dataclass(slots=True)
class Report:
    """Gathers the lines of one page while it is read; every reader gets the same one."""

    file: str
    _lines: list[ReportLine] = field(default_factory=list)

    def error(self, position: Position, part: str, name: str, what: str, *, fix: str = "") -> None:
        """Refuse the page because of this part."""
        self._add(Outcome.ERROR, position, part, name, what, fix)

    def warning(self, position: Position, part: str, name: str, what: str, *, fix: str = "") -> None:
        """Say that the page is probably wrong here."""
        self._add(Outcome.WARNING, position, part, name, what, fix)

    def left_out(self, position: Position, part: str, name: str, what: str) -> None:
        """Say that a rule repository has no form for this part."""
        self._add(Outcome.NOT_REPRESENTED, position, part, name, what, "")

    def note(self, position: Position, part: str, name: str, what: str) -> None:
        """Say that the part was taken over in a form that is not obvious."""
        self._add(Outcome.NOTE, position, part, name, what, "")

    @property
    def has_errors(self) -> bool:
        """Whether the page is refused."""
        return any(line.outcome is Outcome.ERROR for line in self._lines)

    def lines(self) -> tuple[ReportLine, ...]:
        """Every line once, errors first, then in the order of the page."""
        order = list(Outcome)
        unique = dict.fromkeys(self._lines)
        return tuple(sorted(unique, key=lambda line: (order.index(line.outcome), line.position, line.part, line.name)))

    def _add(self, outcome: Outcome, position: Position, part: str, name: str, what: str, fix: str) -> None:
        self._lines.append(
            ReportLine(outcome, self.file, position, part, one_line(name), one_line(what), one_line(fix))
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """What is true of one or several names of a page; `position` is that of the first."""

    outcome: Outcome
    file: str
    position: Position
    part: str
    what: str
    fix: str
    names: tuple[str, ...]


def group_lines(lines: tuple[ReportLine, ...]) -> tuple[Statement, ...]:
    """The lines with names that share a part and a statement drawn together, in the order of the lines."""
    groups: dict[tuple[Outcome, str, str, str, str], list[ReportLine]] = {}
    for line in lines:
        groups.setdefault((line.outcome, line.file, line.part, line.what, line.fix), []).append(line)
    return tuple(
        Statement(*key[:2], found[0].position, *key[2:], tuple(line.name for line in found if line.name))
        for key, found in groups.items()
    )


def report_text(lines: tuple[ReportLine, ...]) -> str:
    """The report as people read it: one paragraph per statement, every name in it; "" when there is nothing to say."""
    return "".join(_statement_text(statement) for statement in group_lines(lines))


def _statement_text(statement: Statement) -> str:
    where = f"{statement.file}:{statement.position.line}:{statement.position.column}"
    count = f"{len(statement.names)} × " if len(statement.names) > 1 else ""
    fix = f"\n    fix: {statement.fix}" if statement.fix else ""
    names = f" {', '.join(statement.names)}" if statement.names else ""
    return f"{where}: {statement.outcome}: {count}{statement.part}{names}\n    {statement.what}{fix}\n"
