"""Compiles discount policies, discretion and the approval matrix."""

from collections.abc import Mapping, Sequence

from pricing_engine.expressions import Expression
from pricing_engine.policies.approvals import ApprovalMatrix, ApprovalRow, Cell, OneOf, Range
from pricing_engine.policies.discounts import Amount, DiscountGroup, DiscountPolicy, Percent, Schedule, Size
from pricing_engine.policies.discretion import Discretion, DiscretionLimit, Floor
from pricing_engine.rulebook.compile.catalog import compile_selector
from pricing_engine.rulebook.documents.approval_matrix import ApprovalMatrixDocument, RowShape
from pricing_engine.rulebook.documents.discount_policy import DiscountPolicyDocument
from pricing_engine.rulebook.documents.discretion import DiscretionDocument
from pricing_engine.rulebook.documents.ranges import RangeText
from pricing_engine.rulebook.documents.rulebook import RulebookDocument
from pricing_engine.rulebook.faults import Path
from pricing_engine.rulebook.sources import Loaded

Conditions = Mapping[tuple[str, Path], Expression]
"""Compiled conditions by file and path."""


def compile_groups(shape: RulebookDocument) -> tuple[DiscountGroup, ...]:
    """The stacking groups in the order they apply."""
    return tuple(DiscountGroup(group.id, group.pick, group.base) for group in shape.discount_groups)


def compile_discount(loaded: Loaded[DiscountPolicyDocument], conditions: Conditions) -> DiscountPolicy:
    """One discount policy."""
    shape = loaded.shape
    return DiscountPolicy(
        id=shape.id,
        group=shape.group,
        applies_to=compile_selector(shape.applies_to),
        size=_size(shape),
        rule=loaded.rule(("id",), shape.id, shape.why),
        when=conditions.get((loaded.file, ("when",))),
        hold=conditions.get((loaded.file, ("while",))),
        months=shape.duration.months if shape.duration else None,
        ends_on=shape.duration.until if shape.duration else None,
        requested_from=shape.requested_between.start,
        requested_until=shape.requested_between.until,
        stacks_with_bundles=shape.stacks_with == "bundles",
        reprice_on_lost=shape.on_lost.reprice,
        clawback=shape.on_lost.clawback,
        reprice_on_improved=shape.on_improved == "reprice",
    )


def _size(shape: DiscountPolicyDocument) -> Size:
    if shape.percent is not None:
        return Percent(shape.percent)
    if shape.amount is not None:
        return Amount(shape.amount)
    if shape.schedule is None:
        raise AssertionError("the shape has exactly one size")
    return Schedule(shape.schedule.by, tuple((band.start.number, band.percent) for band in shape.schedule.bands))


def compile_discretion(loaded: Loaded[DiscretionDocument] | None, conditions: Conditions) -> Discretion:
    """What people may take off; nothing where there is no such file."""
    if loaded is None:
        return Discretion((), frozenset())
    shape = loaded.shape
    cap = None
    if shape.max_total_discount is not None:
        cap = loaded.rule(("max_total_discount",), "max-total-discount", shape.why)
    return Discretion(
        limits=_limits(loaded, conditions),
        may_price=frozenset(shape.may_price),
        max_total_discount=shape.max_total_discount,
        cap_rule=cap,
        floor=_floor(loaded),
    )


def _limits(loaded: Loaded[DiscretionDocument], conditions: Conditions) -> tuple[DiscretionLimit, ...]:
    return tuple(
        DiscretionLimit(
            id=limit.id,
            role=limit.role,
            line_max=limit.line_max,
            quote_max=limit.quote_max,
            applies_to=compile_selector(limit.applies_to),
            rule=loaded.rule(("limits", index, "id"), limit.id, limit.why or loaded.shape.why),
            when=conditions.get((loaded.file, ("limits", index, "when"))),
        )
        for index, limit in enumerate(loaded.shape.limits)
    )


def _floor(loaded: Loaded[DiscretionDocument]) -> Floor | None:
    shape = loaded.shape.floor
    if shape is None:
        return None
    return Floor(shape.net_ratio, shape.margin, loaded.rule(("floor",), "floor", shape.why or loaded.shape.why))


def compile_approvals(
    loaded: Loaded[ApprovalMatrixDocument] | None, rows: Sequence[Loaded[RowShape]]
) -> ApprovalMatrix | None:
    """The approval matrix."""
    if loaded is None:
        return None
    shape = loaded.shape
    return ApprovalMatrix(
        id=shape.id,
        columns=tuple(sorted(shape.columns)),
        levels=shape.levels,
        hit=shape.hit,
        rows=tuple(_row(row, shape) for row in rows),
    )


def _row(loaded: Loaded[RowShape], matrix: ApprovalMatrixDocument) -> ApprovalRow:
    shape = loaded.shape
    return ApprovalRow(
        cells=tuple(compile_cell(shape.cells.get(column), word) for column, word in sorted(matrix.columns.items())),
        level=shape.level,
        rule=loaded.rule(("id",), shape.id, shape.why or matrix.why),
    )


def compile_cell(cell: RangeText | tuple[str, ...] | None, column: str) -> Cell:
    """The cell; one that is left out holds for every value of its column."""
    if isinstance(cell, RangeText):
        return Range(*cell.numbers)
    if cell is None and column == "range":
        return Range(None, None)
    return OneOf(frozenset(cell or ()))
