"""Conditions that can never hold: their rule is dead, and nobody would notice before they miss its effect."""

from collections.abc import Iterator

from pricing_engine.expressions.contradictions import find_contradiction
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.conditions import Condition
from pricing_engine.rulebook.faults import Fault, Severity


def check_dead_conditions(subject: Subject) -> Iterator[Fault]:
    """E415 for parts of a condition that contradict each other."""
    for condition in subject.conditions:
        compiled = subject.compiled.get((condition.source.file, condition.path))
        parts = find_contradiction(compiled.tree) if compiled is not None else ()
        if parts:
            yield _fault(condition, [(part.at.column - 1, part.at.length) for part in parts])


def _fault(condition: Condition, spans: list[tuple[int, int]]) -> Fault:
    source, (offset, length) = condition.source, spans[-1]
    told = " and ".join(f"`{condition.text[start : start + size]}`" for start, size in spans)
    what, fix = f"{told} never hold together", "join them with or, or correct one of them"
    path = source.mark(condition.path, on_key=False).path
    place = source.inside(condition.path, offset)
    return Fault("E415", Severity.ERROR, source.file, place, length, path, what, fix)
