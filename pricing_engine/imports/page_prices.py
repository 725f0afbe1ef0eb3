"""What a page's price means: a number, a formula over the page's variables, or words that make it on request."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from pricing_engine.imports.page import ListAmount, PagePrice, Words
from pricing_engine.imports.page_fields import Fields, read_number
from pricing_engine.imports.page_nodes import Scalar
from pricing_engine.imports.page_text import one_line
from pricing_engine.money import exact_arithmetic
from pricing_engine.rulebook.yaml_scalars import MAX_DECIMALS, MAX_WHOLE_DIGITS

MAX_FORMULA = 200

_VARIABLE = re.compile(r"#([A-Za-z_][A-Za-z0-9_]*)")
_FORMULA = re.compile(r"[\s.+*/()#\w-]+", re.ASCII)
_ARITHMETIC = re.compile(r"[\d\s.()]*\d\s*[+*][\d\s.+*/()-]*", re.ASCII)
_INFINITE = re.compile(r"[-+]?\.?(inf|nan)", re.IGNORECASE)


class _NoFormula(Exception):
    """A formula that cannot be worked out; the message says why."""


def read_price(fields: Fields, field: str, variables: Mapping[str, Decimal]) -> PagePrice | None:
    """The price in a field, or None when it is missing or wrong; then the report says so.

    Words are a price on request; so is every text that is no number, such as "from $10", and the report says that too.
    """
    node = fields.scalar(field)
    if node is None:
        return None
    amount = read_number(node.text)
    try:
        if amount is None and _is_formula(node.text):
            amount = _work_out(node, fields, variables)
    except _NoFormula as error:
        what = f"the {field} {one_line(node.text)!r} cannot be worked out: {error}"
        fields.report.error(node.position, fields.part, fields.name, what, fix="write the amount, such as 9.99")
        return None
    if amount is not None:
        return _checked(amount, node, fields)
    return _words(node, fields)


def _is_formula(text: str) -> bool:
    """A text with a #variable in it, or a sum or product; "10-20" and "10/20" are words, most likely a range."""
    has_variable = _VARIABLE.search(text) is not None and _FORMULA.fullmatch(text) is not None
    return has_variable or _ARITHMETIC.fullmatch(text) is not None


def _checked(amount: Decimal, node: Scalar, fields: Fields) -> ListAmount | None:
    if amount < 0 or amount.adjusted() >= MAX_WHOLE_DIGITS:
        problem = "is below 0" if amount < 0 else f"has more than {MAX_WHOLE_DIGITS} digits"
        fields.report.error(node.position, fields.part, fields.name, f"the price {one_line(node.text)} {problem}")
        return None
    return ListAmount(_fitting(amount, node, fields))


def _fitting(amount: Decimal, node: Scalar, fields: Fields) -> Decimal:
    """The amount with at most as many decimals as a unit price may have; what programs write behind them is noise."""
    with exact_arithmetic():
        rounded = amount.quantize(Decimal(1).scaleb(-MAX_DECIMALS), ROUND_HALF_UP)
    if rounded == amount:
        return amount
    what = f"the price {one_line(node.text)!r} is rounded half up to {MAX_DECIMALS} decimals"
    fields.report.warning(node.position, fields.part, fields.name, what)
    return rounded


def _words(node: Scalar, fields: Fields) -> Words | None:
    text = one_line(node.text)
    if not text or (node.is_plain and _INFINITE.fullmatch(text)):
        what = f"the price {text!r} is neither a number nor words"
        fields.report.error(node.position, fields.part, fields.name, what, fix='write an amount, or "Contact Sales"')
        return None
    if any(character.isdigit() for character in text):
        what = f"the price {text!r} is a text, so it is on request, though it holds a figure"
        fields.report.warning(
            node.position, fields.part, fields.name, what, fix="write the amount alone if there is one"
        )
    return Words(text)


def _work_out(node: Scalar, fields: Fields, variables: Mapping[str, Decimal]) -> Decimal:
    text = node.text.strip()
    if len(text) > MAX_FORMULA:
        raise _NoFormula(f"it is longer than {MAX_FORMULA} characters")
    for name in _VARIABLE.findall(text):
        if name not in variables:
            raise _NoFormula(f"there is no variable {name}")
    plain = _VARIABLE.sub(lambda found: f"({variables[found[1]]:f})", text)
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise _NoFormula("it is no sum, product or quotient") from None
    return _exact(_value(tree.body, plain), node, fields)


def _exact(value: Fraction, node: Scalar, fields: Fields) -> Decimal:
    with exact_arithmetic():
        amount = Decimal(value.numerator) / Decimal(value.denominator)
        rounded = amount.quantize(Decimal(1).scaleb(-MAX_DECIMALS), ROUND_HALF_UP)
    if Fraction(rounded) == value:
        fields.report.note(node.position, fields.part, fields.name, f"the price {one_line(node.text)!r} is worked out")
    else:
        what = f"the price {one_line(node.text)!r} has no end; it is rounded half up to {MAX_DECIMALS} decimals"
        fields.report.warning(node.position, fields.part, fields.name, what)
    return Decimal(f"{rounded.normalize():f}")


def _value(node: ast.expr, text: str) -> Fraction:
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            return Fraction(text[node.col_offset : node.end_col_offset])
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, text)
        case ast.BinOp(left=left, op=operator, right=right):
            return _combine(_value(left, text), operator, _value(right, text))
        case _:
            raise _NoFormula("only + - * / and brackets are read")


def _combine(left: Fraction, operator: ast.operator, right: Fraction) -> Fraction:
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div() if right:
            return left / right
        case ast.Div():
            raise _NoFormula("it divides by 0")
        case _:
            raise _NoFormula("only + - * / and brackets are read")
