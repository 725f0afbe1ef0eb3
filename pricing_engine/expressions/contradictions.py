"""Finds parts joined with `and` that no value of what they test can meet together: such a rule never applies."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from pricing_engine.expressions.tree import (
    COMPARISONS,
    AllOf,
    Comparison,
    Constant,
    Membership,
    Node,
    Not,
    RangeTest,
    walk,
)

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_ANOTHER_WORD = ""
"""Stands for every word that the condition does not name."""


class _Limit(NamedTuple):
    """What one part says of a subject: it compares so to one of the values (with `holds` False: to none)."""

    part: Node
    subject: Node
    sign: str
    values: tuple[Any, ...]
    holds: bool = True

    def allows(self, value: object) -> bool:
        """Whether the subject may be this value."""
        test = COMPARISONS[self.sign]
        return any(test(value, each) for each in self.values) is self.holds


def find_contradiction(tree: Node) -> tuple[Node, ...]:
    """The parts of some conjunction that cannot hold together, in the order written; none when there are none.

    Shape: numbers are taken as continuous, so what only whole numbers rule out is not found.
    """
    for node in walk(tree):
        if isinstance(node, AllOf):
            by_subject: dict[Node, list[_Limit]] = {}
            for limit in _limits(node):
                by_subject.setdefault(limit.subject, []).append(limit)
            for limits in by_subject.values():
                if not _can_hold(limits):
                    return _smallest(limits)
    return ()


def _limits(node: Node) -> Iterator[_Limit]:
    match node:
        case AllOf(parts=parts):
            for part in parts:
                yield from _limits(part)
        case Not(operand=Comparison() | Membership() as operand):
            for limit in _limits(operand):
                yield limit._replace(part=node, holds=not limit.holds)
        case RangeTest(low=low, value=subject, high=high):
            yield from _limit(node, subject, _MIRRORED[node.low_sign], low)
            yield from _limit(node, subject, node.high_sign, high)
        case Membership(value=subject, options=options):
            yield _Limit(node, subject, "==", tuple(option.value for option in options), not node.negated)
        case Comparison(left=left, right=right):
            yield from _limit(node, left, node.sign, right) or _limit(node, right, _MIRRORED[node.sign], left)
        case _:
            pass


def _limit(part: Node, subject: Node, sign: str, value: Node) -> tuple[_Limit, ...]:
    return (_Limit(part, subject, sign, (value.value,)),) if isinstance(value, Constant) else ()


def _can_hold(limits: Sequence[_Limit]) -> bool:
    """Between two neighbouring constants all values fare alike, so one of each stretch tells."""
    named = {value for limit in limits for value in limit.values}
    return any(all(limit.allows(value) for limit in limits) for value in _samples(named))


def _samples(named: set[Any]) -> Iterator[Any]:
    yield from named
    first = next(iter(named))
    if isinstance(first, str):
        yield _ANOTHER_WORD
        return
    step: Any = timedelta(days=1) if isinstance(first, date) else Decimal(1)
    ordered = sorted(named)
    yield ordered[0] - step
    yield ordered[-1] + step
    for below, above in pairwise(ordered):
        yield below + (above - below) / 2


def _smallest(limits: Sequence[_Limit]) -> tuple[Node, ...]:
    """The first two parts that contradict each other, or all where it takes more than two."""
    pair = next(((one, other) for one, other in combinations(limits, 2) if not _can_hold([one, other])), limits)
    return tuple(dict.fromkeys(limit.part for limit in pair))
