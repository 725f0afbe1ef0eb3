"""The curve of what to expect of each discount is for those who may see what a deal costs."""

import pytest

from pricing_engine.api.acting_role import ROLES
from pricing_engine.api.scored_json import scoring_json
from pricing_engine.api.visibility import COST_ROLES
from pricing_engine.quoting.improvements import Improvement, Lever
from pricing_engine.scoring.guidance import CurvePoint, Evidence, Guidance, LineGuidance, Source
from pricing_engine.scoring.scorecard import FactorScore, Score
from pricing_engine.scoring.scored import Scored
from tests.builders import a_quote
from tests.rulebooks import D


@pytest.mark.parametrize("role", ROLES)
def test_only_who_may_see_costs_sees_what_to_expect(role: str) -> None:
    # Won for certain at list of 1,000, 700 are expected: it costs 300.
    guidance = Guidance(
        *(D("0.2"), D("0.1"), D("0.05"), Evidence(Source.PRICE_RESPONSE, "")), (CurvePoint(D("0"), D("1"), D("700")),)
    )
    shown = scoring_json(a_quote()._replace(scored=Scored(None, (), None, guidance, ())), [], role)
    assert shown is not None
    assert ("700" in str(shown)) == (role in COST_ROLES)
    assert shown["guidance"]["target"] == "0.1"


@pytest.mark.parametrize("role", ROLES)
def test_a_target_that_costs_cut_to_the_floor_does_not_tell_it(role: str) -> None:
    """A cost of 31.00 keeps 30% of 44.285714…, 1.58% off 45.00; 98.42% of that is 44.289, of which 70% are 31.00."""
    quote = a_quote()
    cut = Guidance(D("0.0158"), D("0.0158"), D("0.0158"), Evidence(Source.RULES, ""))
    scored = Scored(None, (), None, cut, (LineGuidance(quote.lines[0].id, cut),))
    shown = scoring_json(quote._replace(scored=scored), [], role)
    assert shown is not None
    (line,) = shown["lines"]
    told = shown["guidance"]["target"], line["target"]["discount"], line["stretch"]["discount"]
    assert told == (("0.0158",) * 3 if role in COST_ROLES else ("0.01",) * 3)


@pytest.mark.parametrize("role", ROLES)
def test_whole_points_are_of_the_band_that_is_named_and_gains_are_between_them(role: str) -> None:
    """Strong begins with 70, and 69.6 is not 70; from 69.6 to 71.2 is from 69 to 71."""
    factor = FactorScore("margin", D("100"), D("69.6"), is_discreet=True)
    score = Score("small", D("69.6"), "fair", (factor,))
    better = Improvement(Lever.TERM, "24 instead of 12 months", D("1.6"), D("71.2"), "strong", D(0), D(0))
    shown = scoring_json(a_quote()._replace(scored=Scored(None, (), score, None, ())), [better], role)
    assert shown is not None
    (gain,) = shown["improvements"]
    told = shown["score"]["points"], gain["points"], gain["score"]
    assert told == (("69.6", "1.6", "71.2") if role in COST_ROLES else ("69", "2", "71"))
