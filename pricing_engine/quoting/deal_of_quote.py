"""What a quote knew and offered, worked out from its request alone: the same on any later day (S11)."""

from __future__ import annotations

from typing import NamedTuple

from pricing_engine.money import exact_arithmetic
from pricing_engine.quoting.assemble import price_sale
from pricing_engine.quoting.changes.assemble_change import judged_change
from pricing_engine.quoting.changes.work_out import work_out
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.judged import Judged, deal_facts
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.scoring.deal import DealLine, Facts


class Offered(NamedTuple):
    """What was known when a quote was made, and the lines that were up for discussion."""

    facts: Facts
    lines: tuple[DealLine, ...]


def offered_by(request: QuoteRequest, *, rulebook: Rulebook, held: Held | None) -> Offered:
    """What a quote offered and to whom: its request, under the rulebook and the contract it is pinned to.

    Units: reporting currency at the rate of its effective date; recurring lines a year, one-time ones once. What costs
    nothing at list, is only tried or has no price is no line.
    Raises: as `assemble_quote`.
    """
    with exact_arithmetic():
        judged = _judged(request, rulebook, held)
        return Offered(deal_facts(judged), _lines(judged))


def _judged(request: QuoteRequest, rulebook: Rulebook, held: Held | None) -> Judged:
    if held is not None:
        return judged_change(work_out(request, rulebook, held))
    priced = price_sale(request, rulebook)
    return Judged(priced.sale, priced.items, priced.pricing.lines, priced.facts)


def _lines(judged: Judged) -> tuple[DealLine, ...]:
    items, rate = {item.id: item for item in judged.items}, judged.sale.reporting_rate
    lines = list[DealLine]()
    for line in judged.lines:
        item = items[line.id]
        once = line.months is None
        listed, net = (line.list_term, line.net_term) if once else (line.list_per_year, line.net_per_year)
        if listed and line.is_priced and item.trial_until is None:
            lines.append(DealLine(line.product, item.product.family, listed * rate, net * rate))
    return tuple(lines)
