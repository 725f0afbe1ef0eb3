"""The checked expression as plain data: match on these nodes to enumerate cells, explain or evaluate a rule.

Two nodes are equal when they say the same, wherever they stand: `at` is left out of comparison and hash.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, assert_never

from pricing_engine.expressions.faults import Span
from pricing_engine.expressions.vocabulary import LookupTable

ArithmeticSign = Literal["+", "-", "*", "/"]
ComparisonSign = Literal["<", "<=", ">", ">=", "==", "!="]
RangeSign = Literal["<", "<="]

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
"""What each sign of a comparison tests."""

NOWHERE = Span(column=1, length=1)


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal; a number is the Decimal of its source text, an ISO date in quotes that meets a date is a date."""

    value: Decimal | str | date
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NameRef:
    """The value of a vocabulary name."""

    id: str
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Negate:
    """Unary minus."""

    operand: "Node"
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One of + - * / on two numbers."""

    sign: ArithmeticSign
    left: "Node"
    right: "Node"
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of two values."""

    sign: ComparisonSign
    left: "Node"
    right: "Node"
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RangeTest:
    """A range chain such as `0.10 <= discount < 0.20`."""

    low: "Node"
    low_sign: RangeSign
    value: "Node"
    high_sign: RangeSign
    high: "Node"
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Membership:
    """`value in [options]`, or `not in` when negated."""

    value: "Node"
    options: tuple[Constant, ...]
    negated: bool
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    operand: "Node"
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Conditions joined by `and`, tested from left to right."""

    parts: tuple["Node", ...]
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Conditions joined by `or`, tested from left to right."""

    parts: tuple["Node", ...]
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """`then if condition else otherwise`."""

    condition: "Node"
    then: "Node"
    otherwise: "Node"
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of plain values: min, max, abs, floor, ceil, clamp, round_to, ratio_of, months_between."""

    function: str
    arguments: tuple["Node", ...]
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """`known(name)`: whether an optional name has a value."""

    id: str
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Either:
    """`either(name, default)`: the optional name, or the default where it is missing."""

    id: str
    default: "Node"
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class UsageShare:
    """`usage_share("metric")`: use as a share of what the limit allows."""

    metric: str
    at: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Lookup:
    """`lookup("table", key)`: the table's value for a key."""

    table: LookupTable
    key: "Node"
    at: Span = field(default=NOWHERE, compare=False, repr=False)


Node = (
    Constant
    | NameRef
    | Negate
    | Arithmetic
    | Comparison
    | RangeTest
    | Membership
    | Not
    | AllOf
    | AnyOf
    | Choice
    | Call
    | Known
    | Either
    | UsageShare
    | Lookup
)


def parts_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly below `node`, from left to right as written."""
    match node:
        case Constant() | NameRef() | Known() | UsageShare():
            return ()
        case Negate(operand=only) | Not(operand=only) | Either(default=only) | Lookup(key=only):
            return (only,)
        case Arithmetic(left=left, right=right) | Comparison(left=left, right=right):
            return (left, right)
        case RangeTest():
            return (node.low, node.value, node.high)
        case Membership():
            return (node.value, *node.options)
        case AllOf(parts=parts) | AnyOf(parts=parts) | Call(arguments=parts):
            return parts
        case Choice():
            return (node.then, node.condition, node.otherwise)
        case _:
            assert_never(node)


def walk(node: Node) -> Iterator[Node]:
    """`node` and every node below it, each before its parts."""
    yield node
    for part in parts_of(node):
        yield from walk(part)


def names_in(node: Node) -> frozenset[str]:
    """Every vocabulary name the expression reads, including those it only asks `known(…)` about."""
    return frozenset(part.id for part in walk(node) if isinstance(part, NameRef | Known | Either))
