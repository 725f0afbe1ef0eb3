"""Scores and guidance as a person reads them, by role."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from pricing_engine.cli.quote_view import QuoteView
from pricing_engine.cli.show_scored import scored_parts
from pricing_engine.document.amounts import Amounts
from pricing_engine.money import Currency
from pricing_engine.scoring.guidance import CurvePoint, Evidence, Guidance, LineGuidance, Source
from pricing_engine.scoring.scored import Scored
from tests.builders import a_quote
from tests.printed import EN
from tests.rulebooks import D

CURVE = (CurvePoint(D("0.10"), D("0.5"), D("700")), CurvePoint(D("0.20"), D("0.65"), D("780")))
EVIDENCE = Evidence(Source.PRICE_RESPONSE, "prices drawn by lot show it", 300, 200)


@pytest.mark.parametrize("role", ["rep", "manager"])
def test_the_curve_is_shown_to_who_may_see_what_a_deal_costs_with_the_target_marked(role: str) -> None:
    guidance = Guidance(D("0.30"), D("0.20"), D("0.15"), EVIDENCE, CURVE)
    quote = a_quote()._replace(scored=Scored("a" * 64, (), None, guidance, (LineGuidance("crm.seats", guidance),)))
    view = QuoteView(quote, None, role, Amounts(Currency("USD", 2), EN), 120)
    file = StringIO()
    Console(file=file, width=120, markup=False, highlight=False).print(*scored_parts(view, ()), sep="\n")
    text = file.getvalue()
    assert "300 deals of 200 accounts" in text
    assert ("$780.00" in text) == (role == "manager")
    assert ("30.0%" in text) == (role == "manager")
    if role == "manager":
        marked = [line.split() for line in text.splitlines() if "aim for" in line]
        assert marked == [["20.0%", "65.0%", "$780.00", "aim", "for"]]
