"""The approval matrix: which level must agree, from the facts of a quote that goes beyond a role's limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pricing_engine.catalog.rule import RuleRef


@dataclass(frozen=True, slots=True)
class Range:
    """A half-open range `low..high`; an open end is None."""

    low: Decimal | None
    high: Decimal | None

    def holds(self, value: object) -> bool:
        """Whether the number lies in the range."""
        return (
            isinstance(value, Decimal)
            and (self.low is None or value >= self.low)
            and (self.high is None or value < self.high)
        )


@dataclass(frozen=True, slots=True)
class OneOf:
    """A set of words; empty means any."""

    values: frozenset[str]

    def holds(self, value: object) -> bool:
        """Whether the word is in the set."""
        return not self.values or value in self.values


Cell = Range | OneOf


class Hit(StrEnum):
    """Which of several matching rows decides: the highest level, or the first row."""

    HIGHEST = "highest"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One row: a cell per column, and the level that must agree."""

    cells: tuple[Cell, ...]
    level: str
    rule: RuleRef


@dataclass(frozen=True, slots=True)
class ApprovalMatrix:
    """Rows over columns of facts (names of the vocabulary); `levels` from lowest to highest."""

    id: str
    columns: tuple[str, ...]
    levels: tuple[str, ...]
    hit: Hit
    rows: tuple[ApprovalRow, ...]

    def level_for(self, facts: Mapping[str, object]) -> ApprovalRow:
        """The deciding row. The loader refuses matrices with gaps, so there is one."""
        values = [facts.get(column) for column in self.columns]
        matching = [
            row for row in self.rows if all(cell.holds(value) for cell, value in zip(row.cells, values, strict=True))
        ]
        if self.hit is Hit.FIRST:
            return matching[0]
        return max(matching, key=lambda row: self.levels.index(row.level))
