"""What must hold in a row: each check of the mapping evaluated, and a contradiction said with its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pricing_engine.expressions import Expression
from pricing_engine.imports.book.columns import Source
from pricing_engine.imports.book.problems import Problem
from pricing_engine.imports.book.read_mapping import LIST_PER_MONTH, LIST_PER_YEAR, Check
from pricing_engine.imports.book.rows import BookRow
from pricing_engine.money import EXACT

_MONTHS: Final = Decimal(12)
OF_LIST: Final = frozenset({LIST_PER_MONTH, LIST_PER_YEAR})
"""The names that need the rulebook's list price."""


def facts_of(
    row: BookRow, *, quantity: Decimal, unit_price: Decimal, net: Decimal, listed: Decimal | None
) -> Mapping[str, Any]:
    """What checks may ask about a row. Units: `net` and `listed` (None: no list price in force) are per year."""
    facts: dict[str, Any] = {
        **row.names,
        "quantity": quantity,
        "net_unit_price": unit_price,
        "net_per_month": EXACT.divide(net, _MONTHS),
        "net_per_year": net,
        "trial": row.trial,
        "has_end": row.end is not None,
        "starts": row.start,
    }
    if listed is not None:
        facts |= {LIST_PER_MONTH: EXACT.divide(listed, _MONTHS), LIST_PER_YEAR: listed}
    return facts


def contradictions(
    checks: tuple[Check, ...], facts: Mapping[str, Any], *, file: str, line: int, columns: Mapping[str, Source]
) -> Iterator[Problem]:
    """A problem for each check that does not hold, or that asks for what the row does not have.

    Shape: `columns` are the sources by the names of checks.
    """
    for check in checks:
        lacking = sorted(check.that.names - facts.keys())
        if not lacking and check.that.evaluate(facts):
            continue
        told = told_facts(check.that, facts)
        named = sorted({columns[name].column for name in check.that.names if name in columns and columns[name].column})
        if lacking:
            what = f"{check.id} cannot be tested: there is no {' and no '.join(lacking)}"
            fix = "fill the cell in, or give the rulebook a list price for that day"
        else:
            what = f"the row contradicts {check.id}: {check.that.text}, with {told}"
            fix = check.why or "find out which of them is right, and mend the row"
        yield Problem(file, line, ", ".join(named), "", "contradiction", what, fix, check.refuses)


def told_facts(that: Expression, facts: Mapping[str, Any]) -> str:
    """What a condition asks about, with the values that there are."""
    return ", ".join(f"{name} = {_shown(facts[name])}" for name in sorted(that.names) if name in facts)


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value.normalize():f}"
        case date():
            return value.isoformat()
        case _:
            return f'"{value}"'
