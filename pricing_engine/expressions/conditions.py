"""Comparisons and conditions: what may be compared, and conditions that always come out the same."""

from datetime import date
from decimal import Decimal

from pricing_engine.expressions import ranges
from pricing_engine.expressions.ranges import Range
from pricing_engine.expressions.tree import AllOf, AnyOf, Comparison, Constant, Membership, Node, Not, RangeTest
from pricing_engine.expressions.typed import Checking, Typed, described, meet
from pricing_engine.expressions.vocabulary import NUMERIC, TEXTUAL, Kind

_ALWAYS_FIX = "remove it, or compare a name with a value inside its range"


def refuse_condition(part: Typed, checking: Checking) -> bool:
    """Whether a part that must be a condition is not one; if so the fault is noted."""
    if part.kind is None:
        return True
    if part.kind is Kind.YES_NO:
        return False
    what = f"{described(part)} stands where a condition is needed"
    if part.kind in NUMERIC:
        checking.refuse(part.node, "E070", what, "compare it: `users > 500`")
    elif part.kind in TEXTUAL and part.bare:
        checking.refuse(part.node, "E071", what, "write the condition without quotes around it")
    else:
        checking.refuse(part.node, "E071", what, 'compare it: `region == "EMEA"`')
    return True


def check_comparison(node: Comparison, left: Typed, right: Typed, checking: Checking) -> Typed:
    """A yes/no, when both sides have one unit and the outcome is open."""
    ordered = node.sign not in ("==", "!=")
    if ordered and left.kind in TEXTUAL and right.kind in TEXTUAL:
        return checking.refuse(node, "E080", "texts have no order", 'compare with == or != or `in ["…"]`')
    met = meet(left, right, node, checking)
    if met.kind is None:
        return Typed(node, None)
    if ordered and met.kind is Kind.YES_NO:
        return checking.refuse(node, "E081", "a yes/no has no order", "use it by itself or with `not`")
    if left.fixed and right.fixed:
        return _refuse_constant(node, "no name is compared, so the outcome is always the same", checking)
    if met.left.node == met.right.node:
        return _refuse_constant(node, "both sides are the same", checking)
    always = ranges.decide(node.sign, left.range, right.range) if met.kind in NUMERIC else None
    if always is not None:
        return _refuse_constant(node, _because(always, left.range, right.range), checking)
    return Typed(Comparison(node.sign, met.left.node, met.right.node, node.at), Kind.YES_NO)


def _because(always: bool, left: Range, right: Range) -> str:
    outcome = "holds" if always else "fails"
    return f"this always {outcome}: the left side is {_shown(left)}, the right side {_shown(right)}"


def _shown(span: Range) -> str:
    if span.holds_one_value():
        return f"{span.low:f}"
    if not span.low.is_finite():
        return f"at most {_plain(span.high)}"
    return f"{_plain(span.low)} or more" if not span.high.is_finite() else f"{_plain(span.low)} to {_plain(span.high)}"


def _plain(bound: Decimal) -> str:
    return f"{bound:f}"


def _refuse_constant(node: Node, what: str, checking: Checking) -> Typed:
    return checking.refuse(node, "E083", what, _ALWAYS_FIX)


def check_range(node: RangeTest, low: Typed, value: Typed, high: Typed, checking: Checking) -> Typed:
    """A yes/no, when the three parts have one unit with an order and the outcome is open."""
    if value.kind in TEXTUAL or value.kind is Kind.YES_NO:
        return checking.refuse(node, "E080", f"{described(value)} has no order", "compare with == or `in [..]`")
    lower, upper = meet(low, value, node, checking), meet(value, high, node, checking)
    if lower.kind is None or upper.kind is None:
        return Typed(node, None)
    if value.fixed:
        return _refuse_constant(node, "no name is compared, so the outcome is always the same", checking)
    outcomes = (
        ranges.decide(node.low_sign, low.range, value.range),
        ranges.decide(node.high_sign, value.range, high.range),
    )
    if outcomes == (True, True) or False in outcomes:
        return _refuse_constant(
            node, f"the value is {_shown(value.range)}, so the outcome is always the same", checking
        )
    checked = RangeTest(lower.left.node, node.low_sign, lower.right.node, node.high_sign, upper.right.node, node.at)
    if _is_empty(checked):
        return _refuse_constant(node, "no value lies between these limits", checking)
    return Typed(checked, Kind.YES_NO)


def _is_empty(node: RangeTest) -> bool:
    touching = node.low_sign == node.high_sign == "<="
    match (node.low, node.high):
        case (Constant(value=Decimal() as low), Constant(value=Decimal() as high)):
            return low > high or (low == high and not touching)
        case (Constant(value=date() as first), Constant(value=date() as last)):
            return first > last or (first == last and not touching)
        case _:
            return False


def check_membership(node: Membership, value: Typed, options: tuple[Typed, ...], checking: Checking) -> Typed:
    """A yes/no, when every constant of the list is a possible value of what is looked for."""
    if value.kind is Kind.YES_NO:
        return checking.refuse(value.node, "E081", "a yes/no is not looked for in a list", "use it by itself")
    met = [meet(value, option, option.node, checking) for option in options]
    if value.kind is None or any(pair.kind is None for pair in met):
        return Typed(node, None)
    if value.fixed:
        return _refuse_constant(node, "no name is looked for, so the outcome is always the same", checking)
    outside = [
        option for option in options if option.numeric and ranges.decide("==", value.range, option.range) is False
    ]
    for option in outside:
        _refuse_constant(option.node, _because(False, value.range, option.range), checking)
    constants = tuple(pair.right.node for pair in met if isinstance(pair.right.node, Constant))
    kind = None if outside else Kind.YES_NO
    return Typed(Membership(met[0].left.node, constants, node.negated, node.at), kind)


def refuse_opposites(node: AllOf | AnyOf, checking: Checking) -> bool:
    """Whether a condition is joined with its own opposite; if so the fault is noted."""
    parts = set(node.parts)
    opposites = [part for part in node.parts if isinstance(part, Not) and part.operand in parts]
    for part in opposites:
        outcome = "never" if isinstance(node, AllOf) else "always"
        _refuse_constant(part, f"joined with its opposite this {outcome} holds", checking)
    return bool(opposites)
