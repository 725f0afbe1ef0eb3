"""Laws of the expression language: equal to simpleeval, total over its scope, and never surprised by a text."""

from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from pricing_engine.expressions import Expression, ExpressionRefused, Kind, compile_expression
from tests.laws.expression_texts import FACTS, WELL_TYPED
from tests.oracle import simpleeval_reference
from tests.unit.expressions.example_scope import NAMES, SCOPE

# What a well-typed random expression may still be refused for: an outcome its ranges decide, its size, a doubled minus.
STILL_REFUSED = {"E012", "E022", "E023", "E025", "E050", "E083"}
PRECISION = 50
WORDS = (
    *(name.id for name in NAMES),
    *("and", "or", "not", "in", "if", "else", "min", "max", "abs", "floor", "clamp", "round_to", "ratio_of"),
    *("known", "either", "usage_share", "lookup", "months_between", "lambda", "None", "True", "is"),
    *("(", ")", "[", "]", ",", "+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "=", "%", "**", ".", ";", ":"),
    *("0", "1", "5", "0.15", "15", "1e3", "007", '"EMEA"', "'smb'", '"2026-03-01"', '"storage_gb"', '"region_factor"'),
    *("\n", "\\", "#", '"', "é", "\u202e"),
)
RESULTS: dict[Kind, type] = {
    Kind.YES_NO: bool,
    Kind.ENUM: str,
    Kind.TEXT: str,
    Kind.DATE: date,
    Kind.COUNT: Decimal,
    Kind.RATIO: Decimal,
    Kind.MONEY: Decimal,
    Kind.MONTHS: Decimal,
    Kind.NUMBER: Decimal,
}


def _compiled(text: str, kind: Kind) -> Expression | ExpressionRefused:
    try:
        return compile_expression(text, SCOPE, expect=kind)
    except ExpressionRefused as refused:
        return refused


@settings(max_examples=300)
@given(kind=st.sampled_from(sorted(WELL_TYPED, key=str)), data=st.data(), facts=FACTS)
def test_our_closures_equal_simpleeval_over_random_expressions(
    kind: Kind, data: st.DataObject, facts: dict[str, Any]
) -> None:
    text = data.draw(WELL_TYPED[kind])
    compiled = _compiled(text, kind)
    if isinstance(compiled, ExpressionRefused):
        assert {fault.code for fault in compiled.faults} <= STILL_REFUSED, compiled
        event("refused")
        assume(False)
    else:
        with localcontext(prec=PRECISION):
            ours, theirs = compiled.evaluate(facts), simpleeval_reference.evaluate(text, facts, SCOPE.tables)
        assert ours == theirs
        assert type(ours) is type(theirs) is RESULTS[kind]


@settings(max_examples=200)
@given(text=st.text(), kind=st.sampled_from(Kind))
def test_any_text_is_compiled_or_refused_and_nothing_else(text: str, kind: Kind) -> None:
    found = _compiled(text, kind)
    assert found.faults if isinstance(found, ExpressionRefused) else found.kind is kind


@settings(max_examples=500)
@given(words=st.lists(st.sampled_from(WORDS), max_size=14), gap=st.sampled_from(["", " "]), kind=st.sampled_from(Kind))
def test_any_mixture_of_our_words_is_compiled_or_refused_and_nothing_else(
    words: list[str], gap: str, kind: Kind
) -> None:
    refused = _compiled(gap.join(words), kind)
    if isinstance(refused, ExpressionRefused):
        length = len(gap.join(words))
        assert refused.faults
        assert all(1 <= fault.column <= max(1, length) and fault.length >= 1 for fault in refused.faults)


@settings(max_examples=300)
@given(
    kind=st.sampled_from(sorted(WELL_TYPED, key=str)),
    data=st.data(),
    facts=FACTS,
    changes=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(WORDS)), min_size=1, max_size=2),
)
def test_what_is_accepted_after_random_edits_evaluates_on_all_facts_of_the_vocabulary(
    kind: Kind, data: st.DataObject, facts: dict[str, Any], changes: list[tuple[float, str]]
) -> None:
    words = data.draw(WELL_TYPED[kind]).split(" ")
    for place, word in changes:
        words[int(place * (len(words) - 1))] = word
    compiled = _compiled(" ".join(words), kind)
    if isinstance(compiled, Expression):
        event("accepted")
        with localcontext(prec=PRECISION):
            assert type(compiled.evaluate(facts)) is RESULTS[kind]
