"""Laws of the score: what is proved of a factor holds for every deal, and a scorecard gives 0 to 100 of anything."""

from __future__ import annotations

from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pricing_engine.expressions import ExpressionRefused, Kind, Name, compile_expression, range_of
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.scoring.scorecard import score_by
from pricing_engine.storage.currencies import currency_digits
from pricing_engine.storage.rule_files import read_rule_files
from tests.laws.expression_texts import FACTS, WELL_TYPED
from tests.unit.expressions.example_scope import SCOPE

RULES = load_rulebook(read_rule_files(Path(__file__).parents[2] / "rules"), currency_digits=currency_digits())
NUMBERS = st.decimals(-10_000_000, 10_000_000, places=4)


def value_of(name: Name, *, is_declared: bool) -> st.SearchStrategy[Any]:
    """A value of a name, within its declared range or any at all."""
    if name.kind is Kind.YES_NO:
        return st.booleans()
    if name.values:
        return st.sampled_from(name.values)
    if not is_declared:
        return NUMBERS
    low = Decimal(-1000) if name.minimum is None else name.minimum
    return st.decimals(low, Decimal(1_000_000) if name.maximum is None else name.maximum, places=4)


def facts(*, is_declared: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Facts of a deal, some of which are not known."""
    names = [each.name for each in RULES.vocabulary.values()]
    values = {name.id: value_of(name, is_declared=is_declared) for name in names}
    return st.fixed_dictionaries({}, optional=values)


@settings(max_examples=300)
@given(kind=st.sampled_from([Kind.RATIO, Kind.COUNT, Kind.MONTHS, Kind.MONEY]), data=st.data(), deal=FACTS)
def test_no_value_of_an_expression_lies_outside_its_range(
    kind: Kind, data: st.DataObject, deal: dict[str, Any]
) -> None:
    text = data.draw(WELL_TYPED[kind])
    try:
        span = range_of(text, SCOPE, expect=kind)
    except ExpressionRefused:
        assume(False)
    with localcontext(prec=80):
        value = compile_expression(text, SCOPE, expect=kind).evaluate(deal)
        trace = abs(value).scaleb(-38)  # the ends are rounded to 40 digits
        assert span.low - trace <= value <= span.high + trace


@given(deal=facts(is_declared=False))
def test_a_scorecard_gives_0_to_100_whatever_it_is_told(deal: dict[str, Any]) -> None:
    assert RULES.scorecard is not None
    score = score_by(RULES.scorecard, deal)
    assert all(0 <= part.points <= part.weight for part in score.factors)
    assert 0 <= score.points == sum(part.points for part in score.factors) <= 100
    reached = [band for band in RULES.scorecard.bands if band.start <= score.points]
    assert score.band == max(reached, key=lambda band: band.start).name


@given(deal=facts(is_declared=True))
def test_a_factor_that_loads_needs_no_clamp_of_ours(deal: dict[str, Any]) -> None:
    assert RULES.scorecard is not None
    for factor in RULES.scorecard.factors:
        if factor.value.names <= deal.keys() | {id_ for id_, each in RULES.vocabulary.items() if each.name.optional}:
            assert 0 <= factor.value.evaluate(deal) <= 1


@given(share=st.decimals(0, 2, places=4), more=st.decimals(0, 1, places=4))
def test_a_better_price_never_scores_less(share: Decimal, more: Decimal) -> None:
    assert RULES.scorecard is not None
    worse, better = (score_by(RULES.scorecard, {"realisation": each}) for each in (share, share + more))
    assert worse.points <= better.points
