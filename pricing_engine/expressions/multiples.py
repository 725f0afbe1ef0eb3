"""What an amount can come to as a multiple of another: whether a fee can exceed the fees it is a share of.

Ranges are too wide rather than too narrow: a condition may go either way, and a name be anything it is declared to be.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import reduce
from typing import NamedTuple, assert_never

from pricing_engine.expressions import ranges
from pricing_engine.expressions.ranges import ANY, ZERO, Range
from pricing_engine.expressions.tree import (
    Arithmetic,
    Call,
    Choice,
    Constant,
    Either,
    Lookup,
    NameRef,
    Negate,
    Node,
    UsageShare,
)
from pricing_engine.expressions.vocabulary import Kind, Name

_ONCE = ranges.only(ranges.ONE)
_FROM_ZERO = Range(low=ZERO)
_ENDS = Context(prec=40)


def multiples_of(name: str, tree: Node, names: Mapping[str, Name]) -> Range:
    """The values of the amount `tree` over the amount `name`, wherever the latter is above zero.

    Shape: `names` are those of the scope that the tree was checked in.
    Rounds: the ends to 40 digits, so that `x / 3 * 3` is once x and not a trace more.
    """
    found = _Measuring(name, names).value_of(tree).as_multiple()
    return Range(_ENDS.plus(found.low), _ENDS.plus(found.high))


class _Value(NamedTuple):
    """A range: of multiples, for an amount; else of the value itself."""

    range: Range
    is_multiple: bool

    def as_multiple(self) -> Range:
        """A fixed amount may be any multiple of one that is not known; only its sign is left, and zero."""
        if self.is_multiple:
            return self.range
        low = ZERO if self.range.low >= 0 else ANY.low
        return Range(low, ZERO if self.range.high <= 0 else ANY.high)


def _joined(join: Callable[[Range, Range], Range], *values: _Value) -> _Value:
    """Values of one unit joined: a plain number that meets an amount is an amount."""
    if any(value.is_multiple for value in values):
        return _Value(reduce(join, (value.as_multiple() for value in values)), is_multiple=True)
    return _Value(reduce(join, (value.range for value in values)), is_multiple=False)


@dataclass(frozen=True, slots=True)
class _Measuring:
    """The amount that is measured by, and the names of the scope."""

    unit: str
    names: Mapping[str, Name]

    def value_of(self, node: Node) -> _Value:
        """What a part that gives a number can come to; anything, for other parts."""
        match node:
            case Constant(value=Decimal() as number):
                return _Value(ranges.only(number), is_multiple=False)
            case NameRef(id=id_):
                return self._named(id_)
            case Negate(operand=operand):
                value = self.value_of(operand)
                return value._replace(range=ranges.negative(value.range))
            case Arithmetic():
                return self._arithmetic(node)
            case Call():
                return self._call(node)
            case _:
                return self._chosen(node)

    def _chosen(self, node: Node) -> _Value:
        match node:
            case Either(id=id_, default=default):
                return _joined(ranges.either_of, self._named(id_), self.value_of(default))
            case Choice(then=then, otherwise=otherwise):
                return _joined(ranges.either_of, self.value_of(then), self.value_of(otherwise))
            case UsageShare():
                return _Value(_FROM_ZERO, is_multiple=False)
            case Lookup(table=table):
                return _Value(ANY, is_multiple=table.value is Kind.MONEY)
            case _:
                return _Value(ANY, is_multiple=False)

    def _named(self, id_: str) -> _Value:
        if id_ == self.unit:
            return _Value(_ONCE, is_multiple=True)
        name = self.names[id_]
        value = _Value(ranges.declared(name.minimum, name.maximum), is_multiple=False)
        return _Value(value.as_multiple(), is_multiple=True) if name.kind is Kind.MONEY else value

    def _arithmetic(self, node: Arithmetic) -> _Value:
        left, right = self.value_of(node.left), self.value_of(node.right)
        match node.sign:
            case "+":
                return _joined(ranges.plus, left, right)
            case "-":
                return _joined(ranges.minus, left, right)
            case "*":
                return _Value(ranges.times(left.range, right.range), left.is_multiple or right.is_multiple)
            case "/":
                return _quotient(left, right)
            case _:
                assert_never(node.sign)

    def _call(self, node: Call) -> _Value:
        values = [self.value_of(argument) for argument in node.arguments]
        match node.function, values:
            case "min", _:
                return _joined(ranges.smallest, *values)
            case "max", _:
                return _joined(ranges.largest, *values)
            case "clamp", [value, low, high]:
                return _joined(ranges.smallest, _joined(ranges.largest, value, low), high)
            case "abs", [value]:
                return value._replace(range=ranges.magnitude(value.range))
            case "ratio_of", [part, whole, otherwise]:
                return _joined(ranges.either_of, _quotient(part, whole), otherwise)
            case (("floor" | "ceil" | "round_to"), [value, *_]):
                return _rounded(value)
            case _:
                return _Value(ANY, is_multiple=False)


def _quotient(left: _Value, right: _Value) -> _Value:
    """An amount over an amount is a plain number, and so is a number over an amount, which can be any."""
    if right.is_multiple and not left.is_multiple:
        return _Value(ANY, is_multiple=False)
    return _Value(ranges.over(left.range, right.range), left.is_multiple and not right.is_multiple)


def _rounded(value: _Value) -> _Value:
    """A small amount may be rounded to nothing or to many times itself; it only stays on its side of zero."""
    low = ZERO if value.range.low >= 0 else ANY.low
    return value._replace(range=Range(low, ZERO if value.range.high <= 0 else ANY.high))
