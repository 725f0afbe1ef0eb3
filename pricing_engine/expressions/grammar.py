"""From scanned text to our own tree: Python's parser reads it, and only the constructs of this language pass."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pricing_engine.expressions.faults import ExpressionFault, ExpressionRefused, Span, did_you_mean, fault_at
from pricing_engine.expressions.signatures import FUNCTION_NAMES
from pricing_engine.expressions.tree import (
    AllOf,
    AnyOf,
    Arithmetic,
    ArithmeticSign,
    Call,
    Choice,
    Comparison,
    ComparisonSign,
    Constant,
    Membership,
    NameRef,
    Negate,
    Node,
    Not,
    RangeSign,
    RangeTest,
)

MOST_NODES = 240
DEEPEST_NODES = 48

_ARITHMETIC: Mapping[type[ast.operator], ArithmeticSign] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: Mapping[type[ast.cmpop], ComparisonSign] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_RANGE_SIGNS: Mapping[type[ast.cmpop], RangeSign] = {ast.Lt: "<", ast.LtE: "<="}
# Stands in for what was refused, so that the rest of the expression is still read; never leaves this module.
_REFUSED = Constant("")


@dataclass(slots=True)
class _Reading:
    text: str
    encoded: bytes
    faults: list[ExpressionFault] = field(default_factory=list)

    def span(self, node: ast.expr) -> Span:
        """Where `node` stands, in characters: the parser counts bytes."""
        start = len(self.encoded[: node.col_offset].decode())
        end = len(self.encoded[: node.end_col_offset].decode())
        return Span(start + 1, max(1, end - start))

    def source(self, node: ast.expr) -> str:
        return self.encoded[node.col_offset : node.end_col_offset].decode()

    def refuse(self, node: ast.expr, code: str, what: str, fix: str) -> Constant:
        self.faults.append(fault_at(self.span(node), code, what, fix))
        return _REFUSED


def read(text: str) -> Node:
    """The tree of a scanned text, with names and units not yet looked at.

    Raises: ExpressionRefused with every construct that is not of this language.
    """
    # The parser takes leading blanks for an indent; a bracket in place of the first keeps the columns.
    parsed = _parse(text, "(" + text[1:] + ")" if text.startswith(" ") else text)
    refuse_large(parsed, length=len(text))
    reading = _Reading(text, text.encode())
    tree = _read(parsed, reading)
    if reading.faults:
        raise ExpressionRefused(reading.faults)
    return tree


def _parse(text: str, source: str) -> ast.expr:
    try:
        return ast.parse(source, mode="eval").body
    except SyntaxError as error:
        column = min(max(error.offset or 1, 1), len(text))
        what, fix = "this cannot be read from here on", 'write a condition such as `users > 500 and segment == "smb"`'
        raise ExpressionRefused([fault_at(Span(column, 1), "E030", what, fix)]) from None
    except (RecursionError, MemoryError, ValueError):
        what, fix = "the expression is too deeply nested to read", "split the rule in two"
        raise ExpressionRefused([fault_at(Span(1, len(text)), "E025", what, fix)]) from None


def refuse_large(root: ast.expr, *, length: int) -> None:
    """Nothing, when the tree is small enough to walk by recursion.

    Raises: ExpressionRefused (E025).
    """
    nodes, depth, level = 0, 0, [root]
    while level:
        nodes, depth = nodes + len(level), depth + 1
        level = [part for node in level for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    if nodes > MOST_NODES or depth > DEEPEST_NODES:
        what = f"{nodes} parts nested {depth} deep; at most {MOST_NODES} parts and {DEEPEST_NODES} levels are read"
        fix = "split the rule, or move its values to a lookup table"
        raise ExpressionRefused([fault_at(Span(1, length), "E025", what, fix)])


def _read(node: ast.expr, reading: _Reading) -> Node:
    match node:
        case ast.Constant():
            return _read_constant(node, reading)
        case ast.Name():
            return NameRef(node.id, reading.span(node))
        case ast.UnaryOp():
            return _read_unary(node, reading)
        case ast.BinOp():
            return _read_arithmetic(node, reading)
        case ast.BoolOp():
            parts = tuple(_read(part, reading) for part in node.values)
            joined = AllOf if isinstance(node.op, ast.And) else AnyOf
            return joined(parts, reading.span(node))
        case ast.Compare():
            return _read_comparison(node, reading)
        case _:
            return _read_larger(node, reading)


def _read_larger(node: ast.expr, reading: _Reading) -> Node:
    match node:
        case ast.IfExp():
            then, condition, otherwise = (_read(part, reading) for part in (node.body, node.test, node.orelse))
            return Choice(condition, then, otherwise, reading.span(node))
        case ast.Call():
            return _read_call(node, reading)
        case _:
            return _refuse_construct(node, reading)


def _refuse_construct(node: ast.expr, reading: _Reading) -> Node:
    match node:
        case ast.Tuple():
            what = "values with commas around brackets make a group, which is always true"
            return reading.refuse(node, "E043", what, "join conditions with `and`; write a list as [..] after `in`")
        case ast.List():
            return reading.refuse(node, "E045", "a list stands on its own", "write a list only after `in` or `not in`")
        case ast.Starred():
            return reading.refuse(node, "E042", "a star spreads a value", "give every argument by itself")
        case _:
            what = f"{type(node).__name__} is not part of this language"
            return reading.refuse(node, "E030", what, "write a condition or a formula")


def _read_constant(node: ast.Constant, reading: _Reading) -> Constant:
    if isinstance(node.value, str):
        return Constant(node.value, reading.span(node))
    # The number is made from what was written: the parser's own value is a float.
    return Constant(Decimal(reading.source(node)), reading.span(node))


def _read_unary(node: ast.UnaryOp, reading: _Reading) -> Node:
    if isinstance(node.op, ast.UAdd):
        return reading.refuse(node, "E033", "a plus sign before a value does nothing", "remove the `+`")
    if isinstance(node.operand, ast.UnaryOp) and type(node.op) is type(node.operand.op):
        return reading.refuse(node, "E050", "two of these undo each other", "remove both")
    operand = _read(node.operand, reading)
    if isinstance(node.op, ast.Not):
        return Not(operand, reading.span(node))
    if isinstance(operand, Constant) and isinstance(operand.value, Decimal):
        return Constant(operand.value.copy_negate(), reading.span(node))
    return Negate(operand, reading.span(node))


def _read_arithmetic(node: ast.BinOp, reading: _Reading) -> Node:
    left, right = _read(node.left, reading), _read(node.right, reading)
    return Arithmetic(_ARITHMETIC[type(node.op)], left, right, reading.span(node))


def _read_comparison(node: ast.Compare, reading: _Reading) -> Node:
    if len(node.ops) > 1:
        return _read_range(node, reading)
    operation, right = node.ops[0], node.comparators[0]
    left = _read(node.left, reading)
    if isinstance(operation, ast.In | ast.NotIn):
        options = _read_options(right, reading)
        return Membership(left, options, isinstance(operation, ast.NotIn), reading.span(node))
    return Comparison(_COMPARISONS[type(operation)], left, _read(right, reading), reading.span(node))


def _read_range(node: ast.Compare, reading: _Reading) -> Node:
    low, value, *rest = (_read(part, reading) for part in (node.left, *node.comparators))
    match node.ops:
        case [ast.Lt() | ast.LtE() as first, ast.Lt() | ast.LtE() as second] if not isinstance(value, Constant):
            return RangeTest(
                low, _RANGE_SIGNS[type(first)], value, _RANGE_SIGNS[type(second)], rest[0], reading.span(node)
            )
        case _:
            fix = "write one range `a <= x < b`, or join comparisons with `and`"
            return reading.refuse(node, "E049", "comparisons in a chain", fix)


def _read_options(node: ast.expr, reading: _Reading) -> tuple[Constant, ...]:
    if not isinstance(node, ast.List):
        what = "what follows `in` is not a list, so parts of a text would match"
        reading.refuse(node, "E044", what, 'write a list of constants: in ["EMEA", "APAC"]')
        return ()
    if not node.elts:
        reading.refuse(node, "E048", "an empty list holds nothing", "write at least one value")
    options: list[Constant] = []
    for entry in node.elts:
        option = _read_option(entry, reading)
        if option is not None and option in options:
            reading.refuse(entry, "E047", "this entry stands in the list twice", "remove one of them")
        elif option is not None:
            options.append(option)
    return tuple(options)


def _read_option(entry: ast.expr, reading: _Reading) -> Constant | None:
    negated_number = (
        isinstance(entry, ast.UnaryOp) and isinstance(entry.op, ast.USub) and isinstance(entry.operand, ast.Constant)
    )
    if isinstance(entry, ast.Constant) or negated_number:
        option = _read(entry, reading)
        if isinstance(option, Constant):
            return option
    fix = f'write "{entry.id}"' if isinstance(entry, ast.Name) else "write texts or numbers"
    reading.refuse(entry, "E046", "a list holds constants only", f"{fix}; compare names with `==`")
    return None


def _read_call(node: ast.Call, reading: _Reading) -> Node:
    arguments = tuple(_read(part, reading) for part in node.args)
    if not isinstance(node.func, ast.Name):
        return reading.refuse(node, "E041", "only a listed function can be called", did_you_mean("", FUNCTION_NAMES))
    if node.func.id not in FUNCTION_NAMES:
        hint = did_you_mean(node.func.id, FUNCTION_NAMES)
        return reading.refuse(node.func, "E041", f"there is no function `{node.func.id}`", hint)
    return Call(node.func.id, arguments, reading.span(node))
