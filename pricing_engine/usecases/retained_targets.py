"""The figures of a window beside the targets that the rules in force have for them (N17)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from pricing_engine.retention.segments import segment_name
from pricing_engine.retention.targets import MONTHS_OF_A_TARGET, Measure, Measured, Target, actual_of
from pricing_engine.usecases.read_retention import Retention

NO_TARGETS: Final = "the rules in force have no targets"
NOBODY: Final = "nobody is in this segment"
NOTHING_AT_THE_OPENING: Final = "there was nothing at the opening"


class AgainstTargets(NamedTuple):
    """Figures beside targets, those of the book first, then segment by segment as the figures are.

    `omitted` says in words why there are none. `other_by` is what else to ask `by`: there are targets of such segments.
    """

    measured: tuple[Measured, ...]
    omitted: str | None
    other_by: tuple[str, ...]


def against_targets(found: Retention) -> AgainstTargets:
    """The figures of a year, of the book and the segments asked for, beside the targets of its last day."""
    omitted = _why_none(found)
    if omitted is not None:
        return AgainstTargets((), omitted, ())
    names = [] if found.asked.by is None else found.asked.by.split(",")
    asked, others = list[Target](), list[str]()
    for each in found.targets:
        if not each.is_in_force(found.window.closing):
            continue
        if not each.by or each.by == set(names):
            asked.append(each)
        else:
            others.append(",".join(sorted(each.by)))
    order = [None, *found.segments]
    measured = sorted(
        [_measured(found, each, names) for each in asked],
        key=lambda each: (_place(order, each.segment), _place(list(Measure), each.target.measure)),
    )
    return AgainstTargets(tuple(measured), None, tuple(dict.fromkeys(others)))


def _why_none(found: Retention) -> str | None:
    """In words why no figure of the window stands beside a target; None where some may."""
    if not found.targets:
        return NO_TARGETS
    if found.asked.months != MONTHS_OF_A_TARGET:
        return f"targets are of {MONTHS_OF_A_TARGET} months, and the window has {found.asked.months}"
    closing = found.window.closing
    if not any(each.is_in_force(closing) for each in found.targets):
        return f"no target is in force on {closing}, the last day of the window"
    return None


def _place(order: Sequence[object], each: object) -> int:
    return order.index(each) if each in order else len(order)


def _measured(found: Retention, target: Target, names: Sequence[str]) -> Measured:
    """The figure that a target is for; a segment is called as the figures call it."""
    values = dict(target.segment)
    segment = segment_name([values[name] for name in names]) if values else None
    figures = found.whole if segment is None else found.segments.get(segment)
    if figures is None:
        return Measured(target, segment, None, NOBODY)
    actual = actual_of(target.measure, figures.rates, figures.points)
    return Measured(target, segment, actual, NOTHING_AT_THE_OPENING if actual is None else None)
