"""What holds once a condition has been tested: which optional names have a value, which parts are not zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from pricing_engine.expressions.tree import (
    AllOf,
    AnyOf,
    Comparison,
    ComparisonSign,
    Constant,
    Known,
    Membership,
    Node,
    Not,
    RangeTest,
)

_MIRRORED: dict[ComparisonSign, ComparisonSign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE: dict[ComparisonSign, ComparisonSign] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Proven:
    """Names known to have a value and parts known not to be zero, at one place of an expression."""

    known: frozenset[str] = frozenset()
    nonzero: frozenset[Node] = frozenset()

    def and_also(self, other: "Proven") -> "Proven":
        """What holds when both hold."""
        return Proven(self.known | other.known, self.nonzero | other.nonzero)

    def in_common(self, other: "Proven") -> "Proven":
        """What holds whichever of the two holds."""
        return Proven(self.known & other.known, self.nonzero & other.nonzero)


NOTHING = Proven()


def proven_by(condition: Node, outcome: bool) -> Proven:
    """What the condition having this outcome proves."""
    match condition:
        case Known(id=name):
            return Proven(known=frozenset({name})) if outcome else NOTHING
        case Not(operand=operand):
            return proven_by(operand, not outcome)
        case AllOf(parts=parts):
            return _together(parts, outcome) if outcome else _one_of(parts, outcome)
        case AnyOf(parts=parts):
            return _one_of(parts, outcome) if outcome else _together(parts, outcome)
        case Comparison():
            return _by_comparison(condition, outcome)
        case RangeTest() if outcome:
            low = Comparison(condition.low_sign, condition.low, condition.value)
            high = Comparison(condition.high_sign, condition.value, condition.high)
            return _by_comparison(low, True).and_also(_by_comparison(high, True))
        case Membership():
            holds_zero = any(option.value == 0 for option in condition.options)
            listed = outcome is not condition.negated
            return _nonzero(condition.value) if listed is not holds_zero else NOTHING
        case _:
            return NOTHING


def _together(parts: Iterable[Node], outcome: bool) -> Proven:
    return reduce(Proven.and_also, (proven_by(part, outcome) for part in parts))


def _one_of(parts: Iterable[Node], outcome: bool) -> Proven:
    return reduce(Proven.in_common, (proven_by(part, outcome) for part in parts))


def _nonzero(part: Node) -> Proven:
    return Proven(nonzero=frozenset({part}))


def _by_comparison(comparison: Comparison, outcome: bool) -> Proven:
    sign = comparison.sign if outcome else _OPPOSITE[comparison.sign]
    match comparison:
        case Comparison(right=Constant(value=Decimal() as bound), left=part):
            pass
        case Comparison(left=Constant(value=Decimal() as bound), right=part):
            sign = _MIRRORED[sign]
        case _:
            return NOTHING
    excludes_zero = {
        "<": bound <= 0,
        "<=": bound < 0,
        ">": bound >= 0,
        ">=": bound > 0,
        "==": bound != 0,
        "!=": bound == 0,
    }
    return _nonzero(part) if excludes_zero[sign] else NOTHING
