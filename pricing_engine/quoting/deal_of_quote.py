"""The facts of a quote as those of a deal, worked out from its request alone: the same on any later day (S11)."""

from __future__ import annotations

from pricing_engine.money import exact_arithmetic
from pricing_engine.quoting.assemble import price_sale
from pricing_engine.quoting.changes.assemble_change import judged_change
from pricing_engine.quoting.changes.work_out import work_out
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.judged import Judged, deal_facts
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.scoring.deal import Facts


def facts_of_quote(request: QuoteRequest, *, rulebook: Rulebook, held: Held | None) -> Facts:
    """What was known when the quote was made: its request, under the rulebook and the contract it is pinned to.

    Raises: as `assemble_quote`.
    """
    with exact_arithmetic():
        if held is not None:
            return deal_facts(judged_change(work_out(request, rulebook, held)))
        priced = price_sale(request, rulebook)
        return deal_facts(Judged(priced.sale, priced.items, priced.pricing.lines, priced.facts))
