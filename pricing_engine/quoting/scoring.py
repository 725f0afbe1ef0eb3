"""What scoring says of a priced quote: guidance of its lines, the chance to win it, and its score (S1–S5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Final, NamedTuple

from pricing_engine.expressions import Kind
from pricing_engine.money import ONE, ZERO
from pricing_engine.pricing.waterfall import PricedLine, Segment
from pricing_engine.quoting.approvals import SHARES, amounts_of, shares_of
from pricing_engine.quoting.contract_change import ContractChange, QuoteType
from pricing_engine.quoting.facts import with_origins
from pricing_engine.quoting.judged import Judged, deal_facts, list_arr_of
from pricing_engine.quoting.quote import Totals
from pricing_engine.quoting.sale import Sale
from pricing_engine.scoring.deal import Facts
from pricing_engine.scoring.guidance import Drawn, LineGuidance
from pricing_engine.scoring.guided import Guided, explore_deal, guide_deal
from pricing_engine.scoring.guiding import LineToGuide, make_line_to_guide, speaks_of_peers
from pricing_engine.scoring.model import Model
from pricing_engine.scoring.scorecard import score_by
from pricing_engine.scoring.scored import Scored
from pricing_engine.scoring.win_model import win_probability

_FOUR_DECIMALS: Final = Decimal("0.0001")
_TYPES: Final[Mapping[Kind, type]] = {
    **dict.fromkeys(Kind, Decimal),
    Kind.ENUM: str,
    Kind.TEXT: str,
    Kind.YES_NO: bool,
    Kind.DATE: date,
}
"""Of the values of names."""


class ScoredBy(NamedTuple):
    """What a quote is scored by beside its rulebook: the live parts of a model, and for whom lots are drawn (S8)."""

    model: Model | None = None
    tenant: str = ""


RULES_ALONE: Final = ScoredBy()


def score_quote(
    judged: Judged, totals: Totals, *, by: ScoredBy | None, change: ContractChange | None = None
) -> Scored | None:
    """What scoring says; None where neither the rules nor a model say anything, or nothing is to be scored `by`.

    Rounds: as `score_by` and `guide_deal` do. Nothing here decides who must approve (S1).
    """
    rulebook = judged.sale.rulebook
    if by is None or (rulebook.scorecard is None and rulebook.guidance is None and by.model is None):
        return None
    model = by.model
    if rulebook.list_arr_names:
        judged = _with_list_arr(judged, model)
    facts = None if model is None else deal_facts(judged)
    chance = None if model is None or model.win is None or facts is None else win_probability(model.win, facts)
    lines = tuple(_lines_to_guide(judged))
    judged = _fitting(judged)
    guided, drawn = _guided(judged, lines, by, facts, chance, change)
    score = None
    if rulebook.scorecard is not None:
        values = dict(amounts_of(totals, reporting_rate=judged.sale.reporting_rate))
        if not SHARES.isdisjoint(rulebook.scored_names.values()):
            values.update(shares_of(judged.lines))
        values.update(_values(judged, lines, guided, change, chance))
        known = dict(judged.facts)
        known.update([(name, values[origin]) for name, origin in rulebook.scored_names.items() if origin in values])
        score = score_by(rulebook.scorecard, known)
    hash_, parts = (None, ()) if model is None else (model.hash, model.parts)
    return Scored(hash_, parts, score, guided.quote, guided.lines, chance, drawn)


def _with_list_arr(judged: Judged, model: Model | None) -> Judged:
    """With ARR at list among the facts, where a factor asks for it, or a row of guidance that is heard.

    Of a change it is known already, of all that the account will have.
    """
    rulebook = judged.sale.rulebook
    heard = {} if speaks_of_peers(model) else rulebook.guided_names
    for name in rulebook.list_arr_names:
        if name not in judged.facts and (name in rulebook.scored_names or name in heard):
            known = with_origins(judged.facts, rulebook, {"quote.list_arr": list_arr_of(judged)})
            return judged._replace(facts=known)
    return judged


def _fitting(judged: Judged) -> Judged:
    """Without what an account has of another type than its name: that is not known, and refuses no quote."""
    facts = judged.facts
    kinds = judged.sale.rulebook.account_kinds
    unfit = [name for name, kind in kinds if name in facts and type(facts[name]) is not _TYPES[kind]]
    if not unfit:
        return judged
    return judged._replace(facts={name: value for name, value in facts.items() if name not in unfit})


def _guided(
    judged: Judged,
    lines: Sequence[LineToGuide],
    by: ScoredBy,
    facts: Facts | None,
    chance: Decimal | None,
    change: ContractChange | None,
) -> tuple[Guided, Drawn | None]:
    rules = judged.sale.rulebook.guidance
    request, rate = judged.sale.request, judged.sale.reporting_rate
    guided = guide_deal(
        lines,
        rules=rules,
        known=judged.facts,
        model=by.model,
        facts=facts,
        win_probability=chance,
        # What an amendment is about is not lost with it: the contract goes on.
        arr_before=change.arr_before if change is not None and change.type is QuoteType.RENEWAL else ZERO,
        reporting_rate=rate,
    )
    if rules is None or rules.exploration is None:
        return guided, None
    # However often a deal is quoted, its reference and account stay: nobody draws again.
    deal = request.external_ref or request.effective_date.isoformat()
    return explore_deal(lines, guided, rules.exploration, key=(by.tenant, request.account.id, deal))


def _lines_to_guide(judged: Judged) -> Iterator[LineToGuide]:
    """The lines that cost something; what is tried is not."""
    items = {item.id: item for item in judged.items}
    discretion = judged.sale.rulebook.discretion
    usual = discretion.most_off
    keeps = None if discretion.floor is None or discretion.floor.margin is None else ONE - discretion.floor.margin
    for line in judged.lines:
        item = items[line.id]
        if item.trial_until is None and line.is_priced:
            most, cost = usual, None
            if item.cost_per_unit is not None:
                unit_year = item.cost_per_unit * item.charge.periods_per_year
                cost = _cost_over_term(line, unit_year)
                if keeps is not None:
                    most = _most_off(line.segments[0], unit_year, keeps, usual)
                    # A ramp may come to cheaper units, of which less can be let off.
                    for later in line.segments[1:]:
                        other = _most_off(later, unit_year, keeps, usual)
                        most = other if most is None or (other is not None and other < most) else most
            yield make_line_to_guide((line.id, item.product, item.charge, line.list_term, most, cost))


def _cost_over_term(line: PricedLine, unit_year: Decimal) -> Decimal:
    """What the line costs us for as long as each of its segments is billed, at what a unit costs a year."""
    units = ZERO
    for segment in line.segments:
        years, parts = segment.share.as_integer_ratio()
        units += segment.quantity if years == parts else segment.quantity * years / parts
    return unit_year * units


def _most_off(segment: Segment, unit_year: Decimal, keeps: Decimal, usual: Decimal | None) -> Decimal | None:
    """The largest share off list that policy lets off a line in a segment, where so much of it must not be cost.

    Rounds: down to 4 decimals, so that what is told can be given.
    """
    if not segment.list:
        return usual
    cost = unit_year * segment.quantity
    # Multiplied first, since dividing costs more, and the margin seldom binds.
    if usual is not None and cost <= segment.list * (ONE - usual) * keeps:
        return usual
    return max(ZERO, ONE - cost / keeps / segment.list).quantize(_FOUR_DECIMALS, ROUND_FLOOR)


def _values(
    judged: Judged,
    lines: Sequence[LineToGuide],
    guided: Guided,
    change: ContractChange | None,
    chance: Decimal | None,
) -> Iterator[tuple[str, Decimal]]:
    """What scorecards may ask for beyond approvals, by origin; what is not known is left out."""
    sale, net = judged.sale, {line.id: line.net_term for line in judged.lines}
    yield "quote.waived", Decimal(len(sale.request.waivers))
    yield "quote.prepaid_months", Decimal(prepaid_months(sale))
    if (margin := _margin(lines, net)) is not None:
        yield "quote.margin", margin
    if (realisation := _realisation(lines, guided.lines, net)) is not None:
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


def _margin(lines: Sequence[LineToGuide], net: Mapping[str, Decimal]) -> Decimal | None:
    """The share of net that is left of the lines whose cost is known; None where of none, or nothing is paid."""
    paid = left = ZERO
    for line in lines:
        if (cost := line.cost_term) is not None:
            paid += net[line.id]
            left += net[line.id] - cost
    return left / paid if paid > 0 else None


def _realisation(
    lines: Sequence[LineToGuide], guided: Sequence[LineGuidance], net: Mapping[str, Decimal]
) -> Decimal | None:
    """What lines come to over the term, as a share of what they would at their targets; None without targets."""
    paid = listed = off = ZERO
    for line, (_, guidance) in zip([each for each in lines if each.list_term], guided, strict=True):
        target = guidance.target
        if target is not None:
            paid += net[line.id]
            listed += line.list_term
            off += line.list_term * target
    wanted = listed - off
    return paid / wanted if wanted else None
