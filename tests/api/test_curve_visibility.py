"""The curve of what to expect of each discount is for those who may see what a deal costs."""

import pytest

from pricing_engine.api.acting_role import ROLES
from pricing_engine.api.scored_json import scoring_json
from pricing_engine.api.visibility import COST_ROLES
from pricing_engine.scoring.guidance import CurvePoint, Evidence, Guidance, Source
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
