"""The price is recognised in whatever unit it is said, and what only moves with it is left alone."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing_engine.scoring.deal import Deal
from pricing_engine.scoring.learning.columns import columns_of
from pricing_engine.scoring.learning.price_facts import price_facts
from tests.rulebooks import D
from tests.scoring_deals import deals_with, with_fact

DEALS = deals_with(600, seed=3)

IN_OTHER_WORDS: dict[str, Callable[[Deal], Decimal]] = {
    "rounded to whole points": lambda deal: D(round(100 * (deal.discount or 0))),
    "what is left, rounded": lambda deal: D(f"{1 - (deal.discount or 0):.2f}"),
    "with a tax": lambda deal: round((deal.net or D(0)) * D("1.2"), 2),
    "a month": lambda deal: round((deal.net or D(0)) / 12, 2),
    "over the term": lambda deal: round((deal.net or D(0)) * D(str(deal.facts["term_months"])) / 12, 2),
    "what is given away, in another currency": lambda deal: round(
        ((deal.list or D(0)) - (deal.net or D(0))) * D("0.91"), 2
    ),
}


@pytest.mark.parametrize("name", IN_OTHER_WORDS)
def test_the_price_in_other_words_is_no_fact_either(name: str) -> None:
    deals = with_fact(DEALS, "said", [IN_OTHER_WORDS[name](deal) for deal in DEALS])
    assert price_facts(columns_of(deals)) == {"said"}


def test_what_is_at_list_or_moves_with_the_price_is_no_price() -> None:
    deals = with_fact(DEALS, "listed", [(deal.list or D(0)) * D("1.2") for deal in DEALS])
    deals = with_fact(deals, "seats", [D(int((deal.net or D(0)) / 50)) for deal in deals[::-1]])
    alike = [deal._replace(lines=(deal.lines[0]._replace(net=(deal.list or D(0)) * D("0.9")),)) for deal in deals]
    assert price_facts(columns_of(deals)) == price_facts(columns_of(alike)) == frozenset()
