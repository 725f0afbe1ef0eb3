"""What scoring says of a priced quote: guidance of its lines, the chance to win it, and its score (S1–S5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from pricing_engine.money import ONE, ZERO
from pricing_engine.policies.discretion import Discretion
from pricing_engine.pricing.line_item import LineItem
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.approvals import priced_values
from pricing_engine.quoting.contract_change import ContractChange
from pricing_engine.quoting.facts import with_origins
from pricing_engine.quoting.judged import Judged, deal_facts
from pricing_engine.quoting.quote import Totals
from pricing_engine.quoting.sale import Sale
from pricing_engine.scoring.guidance import LineGuidance
from pricing_engine.scoring.guiding import LineToGuide, guide_lines, guide_quote
from pricing_engine.scoring.model import Model
from pricing_engine.scoring.scorecard import score_by
from pricing_engine.scoring.scored import Scored
from pricing_engine.scoring.win_model import win_probability


class ScoredBy(NamedTuple):
    """What a quote is scored by beside its rulebook: the live parts of a model."""

    model: Model | None = None


RULES_ALONE: Final = ScoredBy()


def score_quote(
    judged: Judged, totals: Totals, *, by: ScoredBy | None, change: ContractChange | None = None
) -> Scored | None:
    """What scoring says; None where neither the rules nor a model say anything, or nothing is to be scored `by`.

    Rounds: as `score_by` and `guide_quote` do. Nothing here decides who must approve (S1).
    """
    rulebook = judged.sale.rulebook
    if by is None or (rulebook.scorecard is None and rulebook.guidance is None and by.model is None):
        return None
    lines = list(_lines_to_guide(judged))
    guided = guide_lines(lines, rules=rulebook.guidance, known=judged.facts)
    values = dict(priced_values(judged.lines, totals, reporting_rate=judged.sale.reporting_rate))
    model, chance = by.model, None
    if model is not None and model.win is not None:
        chance = win_probability(model.win, deal_facts(judged))
    score = None
    if rulebook.scorecard is not None:
        values.update(_values(judged, guided, change, chance))
        score = score_by(rulebook.scorecard, with_origins(judged.facts, rulebook, values))
    return Scored(
        None if model is None else model.hash,
        () if model is None else model.parts,
        score,
        guide_quote(lines, guided),
        guided,
        chance,
    )


def _lines_to_guide(judged: Judged) -> Iterator[LineToGuide]:
    """The lines that cost something; what is tried is not."""
    items = {item.id: item for item in judged.items}
    discretion = judged.sale.rulebook.discretion
    for line in judged.lines:
        item = items[line.id]
        if item.trial_until is None and line.is_priced:
            yield LineToGuide(line.id, item.product, item.charge, line.list_term, _most_off(line, item, discretion))


def _most_off(line: PricedLine, item: LineItem, discretion: Discretion) -> Decimal | None:
    """The largest share off list that policy lets off the line, on its first day; None without a limit.

    Rounds: down to 4 decimals, so that what is told can be given.
    """
    limits = [] if discretion.max_total_discount is None else [discretion.max_total_discount]
    floor, first = discretion.floor, line.segments[0]
    if floor is not None and floor.net_ratio is not None:
        limits.append(ONE - floor.net_ratio)
    if floor is not None and floor.margin is not None and item.cost_per_unit is not None and first.list:
        cost = item.cost_per_unit * first.quantity * item.charge.periods_per_year
        limits.append(max(ZERO, ONE - cost / (ONE - floor.margin) / first.list))
    return _cut(min(limits)) if limits else None


def _cut(share: Decimal) -> Decimal:
    return (share * 10_000).to_integral_value("ROUND_FLOOR") / 10_000


def _values(
    judged: Judged, guided: Sequence[LineGuidance], change: ContractChange | None, chance: Decimal | None
) -> Iterator[tuple[str, Decimal]]:
    """What scorecards may ask for beyond approvals, by origin; what is not known is left out."""
    sale = judged.sale
    yield "quote.waived", Decimal(len(sale.request.waivers))
    yield "quote.prepaid_months", Decimal(prepaid_months(sale))
    if (margin := _margin(judged)) is not None:
        yield "quote.margin", margin
    if (realisation := _realisation(judged.lines, guided)) is not None:
        yield "quote.realisation", realisation
    if change is not None and change.arr_before > 0:
        yield "quote.retained", change.arr_after / change.arr_before
    if chance is not None:
        yield "quote.win_probability", chance


def prepaid_months(sale: Sale) -> int:
    """How many months an invoice pays ahead: 0 in arrears, and the whole term up front."""
    if not sale.plan.in_advance:
        return 0
    return sale.plan.months or sale.request.term_months


def _margin(judged: Judged) -> Decimal | None:
    """The share of net that is left over the lines of which the cost is known; None where of none, or nothing is paid.

    Over the term: a cost counts for as long as its segment is billed.
    """
    items = {item.id: item for item in judged.items}
    net = cost = ZERO
    for line in judged.lines:
        item = items[line.id]
        if item.cost_per_unit is None:
            continue
        per_unit = item.cost_per_unit * item.charge.periods_per_year
        for segment in line.segments:
            share = Decimal(segment.share.numerator) / segment.share.denominator
            net += segment.net * share
            cost += per_unit * segment.quantity * share
    return (net - cost) / net if net > 0 else None


def _realisation(lines: Sequence[PricedLine], guided: Sequence[LineGuidance]) -> Decimal | None:
    """What the lines come to over the term, as a share of what they would at their targets; None without targets."""
    by_id = {line.id: line for line in lines}
    net = wanted = ZERO
    for each in guided:
        if each.guidance.target is not None:
            line = by_id[each.line]
            net += line.net_term
            wanted += line.list_term * (ONE - each.guidance.target)
    return net / wanted if wanted else None
