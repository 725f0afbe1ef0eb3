"""Which facts quotes have when they are made, by which models can go."""

from __future__ import annotations

from typing import Final

from pricing_engine.expressions import Kind
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.scoring.deal import FACTS_OF_EVERY_QUOTE

_SOURCES: Final = frozenset({"account", "metric", "request"})
_ORIGINS: Final = frozenset({"quote.product_count", "quote.tier"})


def fact_names(rulebook: Rulebook) -> frozenset[str]:
    """The names of all facts that `deal_facts` may give of a quote under this rulebook, and of its lines.

    Days are none, nor is what the vocabulary knows only once a price is made, or of what a change gives up.
    """
    entries = [each for each in rulebook.vocabulary.values() if each.name.kind is not Kind.DATE]
    known = [each for each in entries if each.source in _SOURCES or each.origin in _ORIGINS]
    attributes = [each.key for each in entries if each.source == "account"]
    return FACTS_OF_EVERY_QUOTE.union([each.name.id for each in known], attributes)
