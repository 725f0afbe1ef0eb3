"""Arithmetic with units: what kind of value + - * / give, and the arithmetic that means nothing."""

from typing import assert_never

from pricing_engine.expressions import ranges
from pricing_engine.expressions.guards import Proven
from pricing_engine.expressions.ranges import Range
from pricing_engine.expressions.tree import Arithmetic, Constant, Node
from pricing_engine.expressions.typed import Checking, Typed, described, meet
from pricing_engine.expressions.vocabulary import WHOLE, Kind

# These stay themselves when multiplied by their own kind; money does not, and months times months mean nothing.
_CLOSED_UNDER_TIMES = frozenset({Kind.COUNT, Kind.RATIO, Kind.NUMBER})


def refuse_non_number(part: Typed, checking: Checking) -> bool:
    """Whether a part that must be a number is not one; if so the fault is noted."""
    if part.kind is None:
        return True
    if part.numeric:
        return False
    what = f"{described(part)} where a number is needed"
    match part.kind:
        case Kind.YES_NO:
            checking.refuse(part.node, "E081", what, "use it in a condition: `x if yes_no else y`")
        case Kind.DATE:
            checking.refuse(part.node, "E085", what, "use `months_between(first, last)`")
        case _:
            checking.refuse(part.node, "E085", what, "use a number name, or write the number without quotes")
    return True


def check_arithmetic(node: Arithmetic, left: Typed, right: Typed, proven: Proven, checking: Checking) -> Typed:
    """The result of + - * / with its unit and range."""
    left_wrong, right_wrong = refuse_non_number(left, checking), refuse_non_number(right, checking)
    zero = node.sign == "/" and not right_wrong and _refuse_zero_divisor(right, proven, checking)
    if left_wrong or right_wrong:
        return Typed(node, None)
    match node.sign:
        case "+" | "-":
            met = meet(left, right, node, checking)
            kind, bare = met.kind, met.bare
        case "*":
            kind, bare = _kind_of_product(node, left, right, checking), left.bare and right.bare
        case "/":
            kind, bare = kind_of_quotient(node, left, right, checking), left.bare and right.bare
        case _:
            assert_never(node.sign)
    return Typed(
        node=Arithmetic(node.sign, left.node, right.node, node.at),
        kind=None if zero else kind,
        range=_range(node, left.range, right.range),
        bare=bare,
        fixed=left.fixed and right.fixed,
        likely=max(left.likely, right.likely),
    )


def _range(node: Arithmetic, left: Range, right: Range) -> Range:
    match node.sign:
        case "+":
            return ranges.plus(left, right)
        case "-":
            return ranges.minus(left, right)
        case "*":
            return ranges.times(left, right)
        case "/":
            return ranges.over(left, right)
        case _:
            assert_never(node.sign)


def _kind_of_product(node: Node, left: Typed, right: Typed, checking: Checking) -> Kind | None:
    if left.kind is Kind.MONEY and right.kind is Kind.MONEY:
        what, fix = "money times money is not an amount", "multiply money with a ratio, a count or a number"
        return checking.refuse(node, "E074", what, fix).kind
    if Kind.MONEY in (left.kind, right.kind):
        return Kind.MONEY
    if left.kind is right.kind and left.kind in _CLOSED_UNDER_TIMES:
        return left.kind
    if left.bare or right.bare:
        named, literal = (right, left) if left.bare else (left, right)
        return named.kind if named.kind not in WHOLE or is_whole(literal) else Kind.NUMBER
    return Kind.NUMBER


def kind_of_quotient(node: Node, left: Typed, right: Typed, checking: Checking) -> Kind | None:
    """The unit of left over right; None, with the fault noted, where it has none."""
    if left.kind is Kind.MONEY:
        return Kind.NUMBER if right.kind is Kind.MONEY else Kind.MONEY
    if right.kind is Kind.MONEY and not left.bare:
        what, fix = f"{described(left)} divided by money has no unit", "divide money by money, or money by a number"
        return checking.refuse(node, "E075", what, fix).kind
    return Kind.NUMBER


def _refuse_zero_divisor(right: Typed, proven: Proven, checking: Checking) -> bool:
    if right.range.excludes_zero() or right.node in proven.nonzero:
        return False
    if right.fixed and right.range.holds_one_value():
        checking.refuse(right.node, "E077", "division by zero", "divide by something else")
        return True
    what = "this divisor may be zero"
    fix = "write `ratio_of(part, whole, otherwise)`, or test it first: `divisor > 0 and …`, `… if divisor > 0 else …`"
    checking.refuse(right.node, "E076", what, fix)
    return True


def is_whole(part: Typed) -> bool:
    """Whether a part is a literal without a fraction."""
    return isinstance(part.node, Constant) and part.range.low == part.range.low.to_integral_value()
