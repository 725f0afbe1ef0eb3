"""Figures beside their targets, as a person reads them and as a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import add_amount_column, columns
from pricing_engine.cli.show_effect import NOT_DEFINED, points, share
from pricing_engine.document.amounts import Amounts
from pricing_engine.rendering.workbook import DAY, RATE, Column, Sheet
from pricing_engine.retention.definitions import TARGET
from pricing_engine.retention.targets import Measured
from pricing_engine.usecases.retained_targets import NO_TARGETS, AgainstTargets


def targets_parts(found: AgainstTargets, amounts: Amounts) -> Iterator[RenderableType]:
    """Every figure that has a target, and who answers for it; nothing where the rules have none."""
    if found.omitted == NO_TARGETS:
        return
    yield Text("\nAgainst targets", style="bold")
    if found.omitted is not None:
        yield Text(f"  None are shown: {found.omitted}.")
        return
    if found.measured:
        yield _table(found, amounts)
        yield from _unknown(found)
        yield Text(f"  {TARGET}")
    if found.other_by:
        yield Text(f"  There are targets of segments, too: --by {' or --by '.join(found.other_by)}")


def _table(found: AgainstTargets, amounts: Amounts) -> RenderableType:
    table = columns()
    for name in ("Of", "What", "Owner"):
        table.add_column(name, overflow="fold")
    for name in ("Target", "Actual", "Points"):
        add_amount_column(table, name)
    table.add_column("Is")
    for each in found.measured:
        standing = "" if each.standing is None else each.standing.value
        difference = points(each.difference)
        table.add_row(_of(each), _what(each), each.target.owner, *_figures(each, amounts), difference, standing)
    return table


def _unknown(found: AgainstTargets) -> Iterator[RenderableType]:
    """Why some have no figure, each reason once."""
    for reason in dict.fromkeys([each.unknown for each in found.measured if each.unknown is not None]):
        whose = dict.fromkeys([_of(each) for each in found.measured if each.unknown == reason])
        yield Text(f"  {NOT_DEFINED} {reason}: {', '.join(whose)}")


def _figures(each: Measured, amounts: Amounts) -> tuple[str, str]:
    def shown(fraction: Decimal | None) -> str:
        return share(fraction, amounts) if each.target.measure.driver is None else points(fraction)

    return shown(each.target.target), shown(each.actual)


def _of(each: Measured) -> str:
    return "the book" if each.segment is None else each.segment


def _what(each: Measured) -> str:
    measure = each.target.measure
    return measure.value if measure.driver is not None else measure.value.upper()


def targets_sheet(found: AgainstTargets) -> Sheet:
    """The same with the days they count from and until."""
    return Sheet(
        "Targets",
        [
            *(Column(name) for name in ("Of", "What", "Owner")),
            *(Column(name, RATE) for name in ("Target", "Actual", "Difference")),
            *(Column("Is"), Column("Since", DAY), Column("Until", DAY)),
        ],
        [
            (
                *(_of(each), _what(each), each.target.owner, each.target.target, each.actual, each.difference),
                *(each.standing or each.unknown, each.target.start, each.target.until),
            )
            for each in found.measured
        ],
    )
