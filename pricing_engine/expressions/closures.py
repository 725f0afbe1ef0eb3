"""From the checked tree to one Python closure: the hot path of every rule.

A name compared with a constant, by far the commonest leaf, is one closure of its own; nothing is looked up twice.
"""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, assert_never

from pricing_engine.expressions.library import LIBRARY
from pricing_engine.expressions.tree import (
    COMPARISONS,
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

Facts = Mapping[str, Any]
Evaluate = Callable[[Facts], Any]

_NAME_WITH_CONSTANT: Mapping[str, Callable[[str, Any], Evaluate]] = {
    "<": lambda name, constant: lambda facts: facts[name] < constant,
    "<=": lambda name, constant: lambda facts: facts[name] <= constant,
    ">": lambda name, constant: lambda facts: facts[name] > constant,
    ">=": lambda name, constant: lambda facts: facts[name] >= constant,
    "==": lambda name, constant: lambda facts: facts[name] == constant,
    "!=": lambda name, constant: lambda facts: facts[name] != constant,
}
_NAME_IN_RANGE: Mapping[tuple[str, str], Callable[[str, Any, Any], Evaluate]] = {
    ("<", "<"): lambda name, low, high: lambda facts: low < facts[name] < high,
    ("<", "<="): lambda name, low, high: lambda facts: low < facts[name] <= high,
    ("<=", "<"): lambda name, low, high: lambda facts: low <= facts[name] < high,
    ("<=", "<="): lambda name, low, high: lambda facts: low <= facts[name] <= high,
}
_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    **COMPARISONS,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def compile_tree(node: Node) -> Evaluate:
    """A closure from facts to the value of the expression."""
    match node:
        case Constant(value=value):
            return lambda facts: value
        case NameRef(id=name):
            return lambda facts: facts[name]
        case Negate(operand=operand):
            negated = compile_tree(operand)
            return lambda facts: -negated(facts)
        case Arithmetic():
            return _arithmetic(node)
        case Choice():
            return _choice(node)
        case Call():
            return _call(node)
        case Known() | Either() | UsageShare() | Lookup():
            return _fact(node)
        case _:
            return _condition(node)


def _condition(node: Comparison | RangeTest | Membership | Not | AllOf | AnyOf) -> Evaluate:
    match node:
        case Comparison():
            return _comparison(node)
        case RangeTest():
            return _range(node)
        case Membership():
            return _membership(node)
        case Not(operand=operand):
            condition = compile_tree(operand)
            return lambda facts: not condition(facts)
        case AllOf():
            return _all_of(tuple(compile_tree(part) for part in node.parts))
        case AnyOf():
            return _any_of(tuple(compile_tree(part) for part in node.parts))
        case _:
            assert_never(node)


def _arithmetic(node: Arithmetic) -> Evaluate:
    apply = _OPERATORS[node.sign]
    match node:
        case Arithmetic(left=NameRef(id=name), right=Constant(value=constant)):
            return lambda facts: apply(facts[name], constant)
        case Arithmetic(right=Constant(value=constant)):
            first = compile_tree(node.left)
            return lambda facts: apply(first(facts), constant)
        case _:
            left, right = compile_tree(node.left), compile_tree(node.right)
            return lambda facts: apply(left(facts), right(facts))


def _comparison(node: Comparison) -> Evaluate:
    match node:
        case Comparison(left=NameRef(id=name), right=Constant(value=constant)):
            return _NAME_WITH_CONSTANT[node.sign](name, constant)
        case _:
            compare = _OPERATORS[node.sign]
            left, right = compile_tree(node.left), compile_tree(node.right)
            return lambda facts: compare(left(facts), right(facts))


def _range(node: RangeTest) -> Evaluate:
    match node:
        case RangeTest(low=Constant(value=low), value=NameRef(id=name), high=Constant(value=high)):
            return _NAME_IN_RANGE[node.low_sign, node.high_sign](name, low, high)
        case _:
            lower, upper = _OPERATORS[node.low_sign], _OPERATORS[node.high_sign]
            first, middle, last = compile_tree(node.low), compile_tree(node.value), compile_tree(node.high)
            return lambda facts: lower(first(facts), value := middle(facts)) and upper(value, last(facts))


def _membership(node: Membership) -> Evaluate:
    values = tuple(option.value for option in node.options)
    # Hashing a Decimal costs more than comparing it with the few numbers a rule lists.
    options: Any = values if any(isinstance(value, Decimal) for value in values) else frozenset(values)
    match node:
        case Membership(value=NameRef(id=name), negated=False):
            return lambda facts: facts[name] in options
        case Membership(value=NameRef(id=name), negated=True):
            return lambda facts: facts[name] not in options
        case _:
            value, expected = compile_tree(node.value), not node.negated
            return lambda facts: (value(facts) in options) is expected


def _all_of(parts: tuple[Evaluate, ...]) -> Evaluate:
    first, rest = parts[0], parts[1] if len(parts) == 2 else _all_of(parts[1:])
    return lambda facts: first(facts) and rest(facts)


def _any_of(parts: tuple[Evaluate, ...]) -> Evaluate:
    first, rest = parts[0], parts[1] if len(parts) == 2 else _any_of(parts[1:])
    return lambda facts: first(facts) or rest(facts)


def _choice(node: Choice) -> Evaluate:
    condition, then, otherwise = compile_tree(node.condition), compile_tree(node.then), compile_tree(node.otherwise)
    return lambda facts: then(facts) if condition(facts) else otherwise(facts)


def _call(node: Call) -> Evaluate:
    match node:
        case Call(
            function="clamp", arguments=(inner, Constant(value=Decimal() as low), Constant(value=Decimal() as high))
        ) if low <= high:
            return _clamped(compile_tree(inner), low, high)
    function = LIBRARY[node.function]
    arguments = tuple(compile_tree(argument) for argument in node.arguments)
    match arguments:
        case (only,):
            return lambda facts: function(only(facts))
        case (first, second):
            return lambda facts: function(first(facts), second(facts))
        case _:
            return lambda facts: function(*[argument(facts) for argument in arguments])


def _clamped(inner: Evaluate, low: Decimal, high: Decimal) -> Evaluate:
    """As `library.clamp`; each factor of a scorecard is one."""

    def clamped(facts: Facts) -> Any:
        value = inner(facts)
        return low if value < low else high if value > high else value

    return clamped


def _fact(node: Known | Either | UsageShare | Lookup) -> Evaluate:
    match node:
        case Known(id=name):
            return lambda facts: facts.get(name) is not None
        case Either(id=name):
            default = compile_tree(node.default)
            return lambda facts: default(facts) if (value := facts.get(name)) is None else value
        case UsageShare(metric=metric):
            return lambda facts: facts["usage_share"][metric]
        case Lookup(table=table):
            key, rows, otherwise = compile_tree(node.key), table.rows, table.default
            if otherwise is None:
                return lambda facts: rows[key(facts)]
            return lambda facts: rows.get(key(facts), otherwise)
        case _:
            assert_never(node)
