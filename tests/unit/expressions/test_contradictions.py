"""Conditions that can never hold, found by trying: the search agrees with testing a value of every kind."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.expressions import Kind, Name, Scope, compile_expression
from pricing_engine.expressions.contradictions import find_contradiction

SCOPE = Scope(
    names={
        "amount": Name("amount", Kind.MONEY),
        "term_months": Name("term_months", Kind.MONTHS),
        "prepaid": Name("prepaid", Kind.YES_NO),
        "segment": Name("segment", Kind.ENUM, ("smb", "mid_market", "enterprise")),
        "starts_on": Name("starts_on", Kind.DATE),
    }
)

FEBRUARY_AND_MARCH = ('starts_on < "2026-03-01"', 'starts_on > "2026-02-28"')


def found(text: str) -> list[str]:
    """The source text of the contradicting parts."""
    tree = compile_expression(text, SCOPE, expect=Kind.YES_NO).tree
    return [text[part.at.column - 1 :][: part.at.length] for part in find_contradiction(tree)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("term_months >= 24 and prepaid and term_months < 12", ["term_months >= 24", "term_months < 12"]),
        ("term_months > 12 and 12 >= term_months", ["term_months > 12", "12 >= term_months"]),
        ('segment == "smb" and segment in ["enterprise"]', ['segment == "smb"', 'segment in ["enterprise"]']),
        ('segment == "smb" and not (segment == "smb" or prepaid)', []),
        ('segment == "smb" and not segment in ["smb"]', ['segment == "smb"', 'not segment in ["smb"]']),
        ('starts_on < "2026-03-01" and starts_on > "2026-02-27"', []),
        (
            'starts_on < "2026-03-01" and starts_on > "2026-02-28"',
            ['starts_on < "2026-03-01"', 'starts_on > "2026-02-28"'],
        ),
        ("prepaid or (5 <= term_months < 9 and term_months == 9)", ["5 <= term_months < 9", "term_months == 9"]),
        ("term_months + 1 > 9 and term_months + 1 < 9", ["term_months + 1 > 9", "term_months + 1 < 9"]),
        ("term_months >= 24 or term_months < 12", []),
        ("term_months >= 24 and amount < 12", []),
    ],
)
def test_what_can_never_hold_together_is_named(text: str, parts: list[str]) -> None:
    assert found(text) == parts


COMPARISONS = st.builds("amount {} {}".format, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(0, 4))
RANGES = st.builds("{} <= amount < {}".format, st.integers(0, 2), st.integers(3, 5))


@given(st.lists(COMPARISONS | RANGES, min_size=2, max_size=4))
def test_a_conjunction_is_a_contradiction_exactly_when_no_value_meets_it(parts: list[str]) -> None:
    expression = compile_expression(" and ".join(parts), SCOPE, expect=Kind.YES_NO)
    # Constants are whole, so halves from -1 to 6 reach every stretch between them.
    values = [Decimal(half) / 2 for half in range(-2, 13)]
    possible = any(expression.evaluate({"amount": value}) for value in values)
    assert bool(find_contradiction(expression.tree)) is not possible
