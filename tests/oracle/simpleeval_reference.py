"""The slow, obvious evaluator of expressions: simpleeval over Python's own tree, with every number a Decimal."""

import ast
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from simpleeval import EvalWithCompoundTypes

from pricing_engine.expressions import LookupTable

MONTHS_IN_A_YEAR = 12


def evaluate(text: str, facts: Mapping[str, Any], tables: Mapping[str, LookupTable]) -> Any:
    """What simpleeval makes of `text`: optional names are None where missing, dates in quotes are dates."""
    tree = _WithExactConstants(text).visit(ast.parse(text.strip(), mode="eval"))
    functions = {
        "min": min,
        "max": max,
        "abs": abs,
        "floor": lambda x: x // 1 - (1 if x < 0 and x % 1 else 0),
        "ceil": lambda x: x // 1 + (1 if x > 0 and x % 1 else 0),
        "clamp": lambda x, low, high: sorted([low, x, high])[1],
        "round_to": _round_to,
        "ratio_of": lambda part, whole, otherwise: otherwise if whole == 0 else part / whole,
        "known": lambda value: value is not None,
        "either": lambda value, default: default if value is None else value,
        "usage_share": lambda metric: facts["usage_share"][metric],
        "lookup": lambda table, key: tables[table].rows.get(key, tables[table].default),
        "months_between": _months_between,
    }
    return EvalWithCompoundTypes(functions=functions, names=dict(facts)).eval(text, previously_parsed=tree.body)


class _WithExactConstants(ast.NodeTransformer):
    def __init__(self, text: str) -> None:
        self.text = text.strip()

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        source = ast.get_source_segment(self.text, node) or ""
        if not isinstance(node.value, str):
            return ast.copy_location(ast.Constant(Decimal(source)), node)
        try:
            return ast.copy_location(ast.Constant(date.fromisoformat(node.value)), node)
        except ValueError:
            return node


def _round_to(value: Decimal, step: Decimal) -> Decimal:
    steps, rest = divmod(abs(value), step)
    rounded = (steps + (1 if rest * 2 >= step else 0)) * step
    return rounded if value >= 0 else -rounded


def _months_between(first: date, last: date) -> Decimal:
    if last < first:
        return -_months_between(last, first)
    months = 0
    while _plus_months(first, months + 1) <= last:
        months += 1
    return Decimal(months)


def _plus_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, MONTHS_IN_A_YEAR)
    for last_day in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, min(day.day, last_day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
