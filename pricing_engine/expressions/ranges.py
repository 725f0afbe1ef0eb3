"""What values an expression can take, from the declared ranges of its names: tells a divisor that is never zero.

Bounds are rounded outwards, so a range is never narrower than the truth.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import assert_never

from pricing_engine.expressions.tree import ComparisonSign

_DOWN = Context(prec=60, rounding=ROUND_FLOOR)
_UP = Context(prec=60, rounding=ROUND_CEILING)
_INFINITE = Decimal("Infinity")
ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Range:
    """Every value from `low` to `high`, both included; an open side is infinite."""

    low: Decimal = -_INFINITE
    high: Decimal = _INFINITE

    def excludes_zero(self) -> bool:
        """Whether zero lies outside."""
        return self.low > 0 or self.high < 0

    def holds_one_value(self) -> bool:
        """Whether low and high are the same."""
        return self.low == self.high


ANY = Range()


def declared(low: Decimal | None, high: Decimal | None) -> Range:
    """The range of a name with these declared bounds."""
    return Range(-_INFINITE if low is None else low, _INFINITE if high is None else high)


def only(value: Decimal) -> Range:
    """The range of a constant."""
    return Range(value, value)


def plus(left: Range, right: Range) -> Range:
    """The range of a sum."""
    return Range(_DOWN.add(left.low, right.low), _UP.add(left.high, right.high))


def negative(operand: Range) -> Range:
    """The range of a negated value."""
    return Range(operand.high.copy_negate(), operand.low.copy_negate())


def minus(left: Range, right: Range) -> Range:
    """The range of a difference."""
    return plus(left, negative(right))


def times(left: Range, right: Range) -> Range:
    """The range of a product."""
    corners = [(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return Range(min(_multiply(_DOWN, a, b) for a, b in corners), max(_multiply(_UP, a, b) for a, b in corners))


def _multiply(context: Context, left: Decimal, right: Decimal) -> Decimal:
    # Zero times an open side is zero: the side stands for every finite value, not for infinity itself.
    return ZERO if not left or not right else context.multiply(left, right)


def over(left: Range, right: Range) -> Range:
    """The range of a quotient; anything, when the divisor may be zero."""
    if not right.excludes_zero():
        return ANY
    return times(left, Range(_DOWN.divide(ONE, right.high), _UP.divide(ONE, right.low)))


def smallest(left: Range, right: Range) -> Range:
    """The range of the smaller of two values."""
    return Range(min(left.low, right.low), min(left.high, right.high))


def largest(left: Range, right: Range) -> Range:
    """The range of the larger of two values."""
    return Range(max(left.low, right.low), max(left.high, right.high))


def magnitude(operand: Range) -> Range:
    """The range of an absolute value."""
    ends = (operand.low.copy_abs(), operand.high.copy_abs())
    return Range(min(ends) if operand.excludes_zero() else ZERO, max(ends))


def whole(operand: Range, function: str) -> Range:
    """The range of a value rounded to a whole number by `floor` or `ceil`."""
    rounding = ROUND_FLOOR if function == "floor" else ROUND_CEILING
    return Range(operand.low.to_integral_value(rounding), operand.high.to_integral_value(rounding))


def widened(operand: Range, by: Decimal) -> Range:
    """The range, `by` wider on both sides."""
    return Range(_DOWN.subtract(operand.low, by), _UP.add(operand.high, by))


def either_of(left: Range, right: Range) -> Range:
    """The smallest range that holds both."""
    return Range(min(left.low, right.low), max(left.high, right.high))


def decide(sign: ComparisonSign, left: Range, right: Range) -> bool | None:
    """What the comparison always gives, or None where both outcomes are possible."""
    match sign:
        case "<":
            return _first_true(left.high < right.low, left.low >= right.high)
        case "<=":
            return _first_true(left.high <= right.low, left.low > right.high)
        case ">":
            return _first_true(left.low > right.high, left.high <= right.low)
        case ">=":
            return _first_true(left.low >= right.high, left.high < right.low)
        case "==" | "!=":
            apart = left.high < right.low or left.low > right.high
            same = left.holds_one_value() and left == right
            return _first_true(same, apart) if sign == "==" else _first_true(apart, same)
        case _:
            assert_never(sign)


def _first_true(always: bool, never: bool) -> bool | None:
    return True if always else False if never else None
