"""Which facts quotes have, by which models can go."""

from __future__ import annotations

from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.scoring.deal import FAMILY, LIST_PER_YEAR, MARKET, PRODUCT, TERM_MONTHS


def facts_of_quotes(rulebook: Rulebook) -> frozenset[str]:
    """The names of all facts that a quote under this rulebook may have."""
    return frozenset({FAMILY, PRODUCT, LIST_PER_YEAR, TERM_MONTHS, MARKET, *rulebook.vocabulary})
