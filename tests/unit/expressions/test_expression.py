"""An Expression is a plain value: comparable, picklable, and open to those who enumerate its tree."""

import ast
import pickle
from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from pricing_engine.expressions import ExpressionRefused, Kind, compile_expression
from pricing_engine.expressions.grammar import refuse_large
from pricing_engine.expressions.tree import AllOf, Comparison, Constant, Membership, NameRef, names_in, walk
from tests.unit.expressions.example_scope import FACTS, SCOPE

TEXT = 'segment in ["smb", "mid_market"] and users >= 10'


def test_expressions_of_the_same_text_are_equal_and_hash_alike() -> None:
    first, second = (compile_expression(TEXT, SCOPE, expect=Kind.YES_NO) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)
    assert first != compile_expression(TEXT.replace("10", "11"), SCOPE, expect=Kind.YES_NO)


def test_a_pickled_expression_comes_back_equal_and_evaluates() -> None:
    expression = compile_expression(TEXT + ' and lookup("region_factor", region) > 0.8', SCOPE, expect=Kind.YES_NO)
    again = pickle.loads(pickle.dumps(expression))
    assert again == expression
    assert again.evaluate(FACTS) is True


def test_an_expression_cannot_be_changed() -> None:
    expression = compile_expression(TEXT, SCOPE, expect=Kind.YES_NO)
    with pytest.raises(FrozenInstanceError):
        expression.text = "prepaid"  # type: ignore[misc]


def test_names_are_all_that_is_read_or_asked_about() -> None:
    text = "either(unit_cost, list_price) > 5 and (known(age_months) or discount > 0.1)"
    expression = compile_expression(text, SCOPE, expect=Kind.YES_NO)
    assert expression.names == {"unit_cost", "list_price", "age_months", "discount"}
    assert expression.names == names_in(expression.tree)


def test_the_tree_compares_names_with_constants_for_those_who_enumerate_cells() -> None:
    assert compile_expression(TEXT, SCOPE, expect=Kind.YES_NO).tree == AllOf(
        (
            Membership(NameRef("segment"), (Constant("smb"), Constant("mid_market")), negated=False),
            Comparison(">=", NameRef("users"), Constant(Decimal(10))),
        )
    )


def test_walking_a_tree_meets_every_part() -> None:
    text = (
        "(users + 1 if known(unit_cost) else -users) > either(age_months, 3) / 2 and not prepaid"
        ' or 1 < min(users, 9) < 8 or usage_share("storage_gb") > lookup("region_factor", region)'
    )
    tree = compile_expression(text, SCOPE, expect=Kind.YES_NO).tree
    assert Constant("smb") in walk(compile_expression(TEXT, SCOPE, expect=Kind.YES_NO).tree)
    assert sorted({type(node).__name__ for node in walk(tree)}) == [
        "AllOf",
        "AnyOf",
        "Arithmetic",
        "Call",
        "Choice",
        "Comparison",
        "Constant",
        "Either",
        "Known",
        "Lookup",
        "NameRef",
        "Negate",
        "Not",
        "RangeTest",
        "UsageShare",
    ]


def test_a_tree_of_more_than_240_parts_is_refused_whatever_text_it_came_from() -> None:
    flat = ast.List([ast.Constant(1) for _ in range(240)], ast.Load())
    with pytest.raises(ExpressionRefused, match="E025"):
        refuse_large(flat, length=10)
