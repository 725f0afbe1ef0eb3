"""Compiles the targets of retention: each counts until the next of its measure and segment begins."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from pricing_engine.retention.targets import Measure, Target
from pricing_engine.rulebook.documents.retention_targets import RetentionTargetsDocument, TargetShape
from pricing_engine.rulebook.sources import Loaded


def compile_targets(loaded: Loaded[RetentionTargetsDocument] | None) -> tuple[Target, ...]:
    """The targets in the order of the file, rates first."""
    if loaded is None:
        return ()
    found = list(loaded.shape.targets())
    starts: dict[object, list[date]] = defaultdict(list)
    for _, measure, _, shape in sorted(found, key=lambda each: each[3].start):
        starts[measure, _segment(shape)].append(shape.start)
    return tuple(
        Target(
            measure=Measure(measure),
            segment=_segment(shape),
            owner=shape.owner,
            target=target,
            start=shape.start,
            until=_until(shape, starts[measure, _segment(shape)]),
            rule=loaded.rule(path, measure, shape.why or loaded.shape.why),
        )
        for path, measure, target, shape in found
    )


def _segment(shape: TargetShape) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((shape.segment or {}).items()))


def _until(shape: TargetShape, starts: Sequence[date]) -> date | None:
    later = starts[bisect_right(starts, shape.start) :][:1]
    return min([*later, *([] if shape.until is None else [shape.until])], default=None)
