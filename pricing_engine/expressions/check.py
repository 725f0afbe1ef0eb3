"""The meaning of an expression: every name known, every unit fitting, nothing missing, nothing constant."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import assert_never

from pricing_engine.expressions import ranges
from pricing_engine.expressions.calls import check_lookup, check_plain_call, check_usage_share
from pricing_engine.expressions.conditions import (
    check_comparison,
    check_membership,
    check_range,
    refuse_condition,
    refuse_opposites,
)
from pricing_engine.expressions.faults import ExpressionFault, ExpressionRefused, did_you_mean
from pricing_engine.expressions.guards import NOTHING, Proven, proven_by
from pricing_engine.expressions.result import check_result
from pricing_engine.expressions.signatures import FUNCTION_NAMES, SIGNATURES
from pricing_engine.expressions.tree import (
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Constant,
    Either,
    Known,
    Lookup,
    Membership,
    NameRef,
    Negate,
    Node,
    Not,
    RangeTest,
    UsageShare,
)
from pricing_engine.expressions.typed import HIGHEST_LIKELY_RATIO, Checking, Typed, meet
from pricing_engine.expressions.units import check_arithmetic, refuse_non_number
from pricing_engine.expressions.vocabulary import NUMERIC, Kind, Name, Scope


def check(tree: Node, scope: Scope, *, expect: Kind) -> Typed:
    """What the tree gives; its node has the constants in the units they meet and is ready to be evaluated.

    Raises: ExpressionRefused with every fault of meaning.
    """
    checking = Checking(scope)
    checked = check_result(_check(tree, NOTHING, checking), expect, checking)
    if checking.faults:
        raise ExpressionRefused(checking.faults)
    return checked


def _check(node: Node, proven: Proven, checking: Checking) -> Typed:
    match node:
        case Constant():
            return _check_constant(node)
        case NameRef():
            return _check_name(node, proven, checking)
        case Negate():
            return _check_negate(node, proven, checking)
        case Arithmetic():
            left, right = _check(node.left, proven, checking), _check(node.right, proven, checking)
            return check_arithmetic(node, left, right, proven, checking)
        case Call():
            return _check_call(node, proven, checking)
        case Choice():
            return _check_choice(node, proven, checking)
        case _:
            return _check_condition(node, proven, checking)


def _check_condition(
    node: Comparison | RangeTest | Membership | Not | AllOf | AnyOf | Known | Either | UsageShare | Lookup,
    proven: Proven,
    checking: Checking,
) -> Typed:
    match node:
        case Comparison():
            return _check_compared(node, proven, checking)
        case RangeTest():
            low, value, high = (_check(part, proven, checking) for part in (node.low, node.value, node.high))
            return check_range(node, low, value, high, checking)
        case Membership():
            options = tuple(_check_constant(option) for option in node.options)
            return check_membership(node, _check(node.value, proven, checking), options, checking)
        case Not():
            operand = _check(node.operand, proven, checking)
            kind = None if refuse_condition(operand, checking) else Kind.YES_NO
            return Typed(Not(operand.node, node.at), kind, fixed=operand.fixed)
        case AllOf():
            return _check_joined(node, True, proven, checking)
        case AnyOf():
            return _check_joined(node, False, proven, checking)
        case Known() | Either() | UsageShare() | Lookup():
            raise AssertionError(f"{type(node).__name__} is made by the check, not read")
        case _:
            assert_never(node)


def _check_constant(node: Constant) -> Typed:
    match node.value:
        case Decimal() as value:
            return Typed(node, Kind.NUMBER, range=ranges.only(value), bare=True, fixed=True)
        case str():
            return Typed(node, Kind.TEXT, bare=True, fixed=True)
        case date():
            return Typed(node, Kind.DATE, fixed=True)
        case _:
            assert_never(node.value)


def _check_name(node: NameRef, proven: Proven, checking: Checking) -> Typed:
    name = _resolve(node, checking)
    if name is None:
        return Typed(node, None)
    if name.optional and name.id not in proven.known:
        what = f"`{name.id}` may be missing when a quote is priced"
        either = f" or `either({name.id}, 0)`" if name.kind in NUMERIC else ""
        fix = f"write `known({name.id}) and …`, `… if known({name.id}) else …`{either}"
        checking.refuse(node, "E062", what, fix)
    return _value_of(node, name)


def _value_of(node: Node, name: Name) -> Typed:
    span = ranges.declared(name.minimum, name.maximum)
    # Who declares a ratio without an upper end means that it may be above 1, and compares it with such numbers.
    is_open = name.minimum is not None and name.maximum is None
    likely = HIGHEST_LIKELY_RATIO if is_open else ranges.ONE
    return Typed(node, name.kind, range=span, values=name.values, likely=likely)


def _resolve(node: NameRef, checking: Checking) -> Name | None:
    scope = checking.scope
    name = scope.names.get(node.id)
    if name is not None:
        return name
    if node.id in scope.elsewhere:
        what = f"`{node.id}` is not known here; it is known at {scope.elsewhere[node.id]}"
        checking.refuse(node, "E061", what, "use a name known at this step, or move the rule to that step")
    elif node.id in FUNCTION_NAMES:
        checking.refuse(node, "E066", f"`{node.id}` is a function", f"call it: {SIGNATURES[node.id].written}")
    else:
        checking.refuse(node, "E060", f"there is no name `{node.id}`", did_you_mean(node.id, scope.names))
    return None


def _check_compared(node: Comparison, proven: Proven, checking: Checking) -> Typed:
    if _refuse_word_without_quotes(node, checking):
        return Typed(node, None)
    left, right = _check(node.left, proven, checking), _check(node.right, proven, checking)
    return check_comparison(node, left, right, checking)


def _refuse_word_without_quotes(node: Comparison, checking: Checking) -> bool:
    """Whether an enum is compared with one of its words as if that were a name; if so the fault is noted."""
    for name, word in ((node.left, node.right), (node.right, node.left)):
        if isinstance(name, NameRef) and isinstance(word, NameRef) and word.id not in checking.scope.names:
            known = checking.scope.names.get(name.id)
            if known is not None and word.id in known.values:
                what = f"there is no name `{word.id}`; the word of this enum is a text"
                checking.refuse(word, "E060", what, f'write "{word.id}"')
                return True
    return False


def _check_negate(node: Negate, proven: Proven, checking: Checking) -> Typed:
    operand = _check(node.operand, proven, checking)
    if refuse_non_number(operand, checking):
        return Typed(node, None)
    return replace(operand, node=Negate(operand.node, node.at), range=ranges.negative(operand.range))


def _check_joined(node: AllOf | AnyOf, passes_on: bool, proven: Proven, checking: Checking) -> Typed:
    parts: list[Typed] = []
    wrong = False
    for part in node.parts:
        checked = _check(part, proven, checking)
        wrong = refuse_condition(checked, checking) or wrong
        parts.append(checked)
        # `and` reaches the next part only when this one holds, `or` only when it does not.
        proven = proven.and_also(proven_by(checked.node, passes_on))
    joined = type(node)(tuple(part.node for part in parts), node.at)
    wrong = refuse_opposites(joined, checking) or wrong
    return Typed(joined, None if wrong else Kind.YES_NO, fixed=all(part.fixed for part in parts))


def _check_choice(node: Choice, proven: Proven, checking: Checking) -> Typed:
    condition = _check(node.condition, proven, checking)
    wrong = refuse_condition(condition, checking)
    then = _check(node.then, proven.and_also(proven_by(condition.node, True)), checking)
    otherwise = _check(node.otherwise, proven.and_also(proven_by(condition.node, False)), checking)
    before = len(checking.faults)
    met = meet(then, otherwise, node, checking)
    checking.faults[before:] = [_as_branches(fault) for fault in checking.faults[before:]]
    return Typed(
        node=Choice(condition.node, met.left.node, met.right.node, node.at),
        kind=None if wrong else met.kind,
        range=met.range,
        values=then.values or otherwise.values,
        bare=met.bare,
        likely=max(then.likely, otherwise.likely),
    )


def _as_branches(fault: ExpressionFault) -> ExpressionFault:
    """A clash of units, told as what it is between the two branches of a choice."""
    if fault.code not in ("E073", "E079", "E081"):
        return fault
    what = f"the two branches give different things: {fault.what}"
    return replace(fault, code="E084", what=what, fix="let both branches give a value of the same unit")


def _check_call(node: Call, proven: Proven, checking: Checking) -> Typed:
    signature = SIGNATURES[node.function]
    given = len(node.arguments)
    if given < signature.fewest or (signature.most is not None and given > signature.most):
        what = f"`{node.function}` with {given} arguments"
        return checking.refuse(node, "E054", what, f"write {signature.written}")
    match node.function:
        case "known":
            return _check_known(node, checking)
        case "either":
            return _check_either(node, proven, checking)
        case "usage_share":
            return check_usage_share(node, checking)
        case "lookup":
            return check_lookup(node, _check(node.arguments[1], proven, checking), checking)
        case _:
            arguments = tuple(_check(argument, proven, checking) for argument in node.arguments)
            return check_plain_call(node, arguments, checking)


def _optional_name(node: Call, checking: Checking) -> Name | None:
    argument = node.arguments[0]
    if not isinstance(argument, NameRef):
        what = f"`{node.function}` asks about a name, not about a value"
        checking.refuse(argument, "E065", what, f"write {SIGNATURES[node.function].written}")
        return None
    name = _resolve(argument, checking)
    if name is not None and not name.optional:
        what = f"`{name.id}` is always there"
        checking.refuse(argument, "E064", what, f"use `{name.id}` without `{node.function}`")
        return None
    return name


def _check_known(node: Call, checking: Checking) -> Typed:
    name = _optional_name(node, checking)
    return Typed(Known(name.id, node.at), Kind.YES_NO) if name else Typed(node, None)


def _check_either(node: Call, proven: Proven, checking: Checking) -> Typed:
    name = _optional_name(node, checking)
    before = len(checking.faults)
    default = _check(node.arguments[1], proven, checking)
    checking.faults[before:] = [_as_default(fault) for fault in checking.faults[before:]]
    if name is None:
        return Typed(node, None)
    value = _value_of(node.arguments[0], name)
    met = meet(value, default, node, checking)
    either = Either(name.id, met.right.node, node.at)
    return Typed(either, met.kind, range=met.range, values=name.values, likely=value.likely)


def _as_default(fault: ExpressionFault) -> ExpressionFault:
    if fault.code != "E062":
        return fault
    what = f"the default may be missing itself: {fault.what}"
    return replace(fault, code="E063", what=what, fix="give a default that is always there, such as 0")
