"""The guidance of a whole deal: lines by peers or rules, then moved together where price response is known (S6–S8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final, NamedTuple

from pricing_engine.catalog.products import ONE_TIME
from pricing_engine.money import ONE, ZERO
from pricing_engine.scoring.deal import LIST_PER_YEAR, Facts
from pricing_engine.scoring.exploration import draw_move, explored
from pricing_engine.scoring.guidance import Drawn, Evidence, Guidance, LineGuidance, Source
from pricing_engine.scoring.guidance_rules import Exploration, GuidanceRules, Maximise
from pricing_engine.scoring.guiding import LineToGuide, guide_lines, guide_quote, weighed
from pricing_engine.scoring.model import Model
from pricing_engine.scoring.price_response import PriceResponse, Stakes, Start, best_discount, sure_gain

_FOUR_DECIMALS: Final = Decimal("0.0001")
_OF: Final = {Maximise.MARGIN: "margin", Maximise.NRR: "ARR"}
_UNKNOWN: Final = {
    Maximise.MARGIN: "the cost of a line is not known",
    Maximise.NRR: "what the deal comes to at list a year is not known",
}


class Guided(NamedTuple):
    """What to ask for on each line and on the quote; None: nothing in it costs anything."""

    lines: tuple[LineGuidance, ...]
    quote: Guidance | None


def guide_deal(
    lines: Sequence[LineToGuide],
    *,
    rules: GuidanceRules | None,
    known: Mapping[str, Any],
    model: Model | None = None,
    facts: Facts | None = None,
    win_probability: Decimal | None = None,
    arr_before: Decimal = ZERO,
    reporting_rate: Decimal = ONE,
) -> Guided:
    """The guidance of a deal, by who knows best: price response where it is live, else peers, else rules.

    `facts` are those known of the deal; `arr_before` is the ARR of what it renews, which is lost with it.
    Units: that and the curve are in the quote's currency, of which `reporting_rate` makes that of the facts.
    Price response is of whole deals, so it moves the targets of all lines by the same points.
    Source: S2–S4, S6, S7.
    """
    guided = guide_lines(lines, rules=rules, known=known, model=model, facts=facts)
    quote = guide_quote(lines, guided)
    response = None if model is None else model.response
    if response is None or quote is None or quote.target is None:
        return Guided(guided, quote)
    maximise = Maximise.MARGIN if rules is None else rules.maximise
    stakes = _stakes(lines, maximise, facts or {}, arr_before, reporting_rate)
    if stakes is None:
        return Guided(guided, _stays(quote, f"price response is not used, as {_UNKNOWN[maximise]}"))
    start = _start(lines, guided, quote.target, response, win_probability)
    best = best_discount(response, stakes, start, most=_most(lines))
    if best is None:
        return Guided(guided, _stays(quote, "price response is not known for discounts such as these"))
    moved = _moved_lines(lines, guided, best.discount - quote.target)
    whole = guide_quote(lines, moved)
    if whole is None or whole.target is None or not sure_gain(response, stakes, start, whole.target) > 0:
        why = f"no other discount is sure to bring more {_OF[maximise]}"
        return Guided(guided, _with_curve(_stays(quote, why), best.curve))
    evidence = _evidence(response, maximise, quote.target, whole.target)
    said = tuple([LineGuidance(line, each._replace(evidence=evidence)) for line, each in moved])
    return Guided(said, whole._replace(evidence=evidence, curve=best.curve))


def explore_deal(
    lines: Sequence[LineToGuide], guided: Guided, exploration: Exploration | None, *, key: Sequence[str]
) -> tuple[Guided, Drawn | None]:
    """The guidance with its targets moved by lot, and what was drawn; as it is and None where nothing is tried.

    `key` is that of `draw_move`.
    Source: S8.
    """
    drawn = None if exploration is None else draw_move(exploration, guided.lines, key=key)
    if drawn is None or guided.quote is None:
        return guided, None
    moved = explored(guided.lines, drawn)
    whole = guide_quote(lines, moved)
    return Guided(moved, whole and guided.quote._replace(target=whole.target)), drawn


def _stays(quote: Guidance, why: str) -> Guidance:
    """The quote's guidance as it is, with why price response says nothing else."""
    return quote._replace(evidence=quote.evidence._replace(why=f"{quote.evidence.why}; {why}"))


def _with_curve(quote: Guidance | None, curve: Any) -> Guidance | None:
    return None if quote is None else quote._replace(curve=curve)


def _stakes(
    lines: Sequence[LineToGuide], maximise: Maximise, facts: Facts, arr_before: Decimal, reporting_rate: Decimal
) -> Stakes | None:
    """What is to be maximised; None where it is not known of every line."""
    if maximise is Maximise.NRR:
        a_year = facts.get(LIST_PER_YEAR)
        # Where nothing recurs it is what is paid once, which is no ARR.
        if all([line.charge.timing is ONE_TIME for line in lines]):
            return None
        return Stakes(a_year / reporting_rate, arr_before, -arr_before) if isinstance(a_year, Decimal) else None
    listed = cost = ZERO
    for line in lines:
        if line.list_term:
            if line.cost_term is None:
                return None
            listed, cost = listed + line.list_term, cost + line.cost_term
    return Stakes(listed, cost, ZERO)


def _start(
    lines: Sequence[LineToGuide],
    guided: Sequence[LineGuidance],
    target: Decimal,
    response: PriceResponse,
    win_probability: Decimal | None,
) -> Start:
    """The chance is the deal's own at what its peers were given, else that of all deals at what those were given."""
    if win_probability is None:
        return Start(target, Decimal(f"{response.base_rate:.4f}"), response.mean)
    weights = {line.id: line.list_term for line in lines}
    usual = [(weights[line], each.evidence.mean or each.target) for line, each in guided]
    return Start(target, win_probability, weighed(usual) or target)


def _most(lines: Sequence[LineToGuide]) -> Decimal | None:
    """The most that policy lets off the whole deal; None: all of it.

    Rounds: down to 4 decimals, as targets have.
    """
    listed = given = ZERO
    for line in lines:
        listed += line.list_term
        given += line.list_term * (ONE if line.most is None else line.most)
    return None if given == listed else (given / listed).quantize(_FOUR_DECIMALS, ROUND_FLOOR)


def _evidence(response: PriceResponse, maximise: Maximise, target: Decimal, discount: Decimal) -> Evidence:
    shown = "drawn by lot" if response.instrument is None else f"moved by {response.instrument}"
    # No amounts: whoever may not see what a deal costs reads this too.
    why = (
        f"prices that were {shown}, from {response.low:.1%} to {response.high:.1%} off, show what a discount does: "
        f"{discount:.1%} off the deal is expected to bring more {_OF[maximise]} than {target:.1%}, also at the lower "
        f"end of what is known of it"
    )
    counts = response.deals, response.accounts
    return Evidence(Source.PRICE_RESPONSE, why, *counts, mean=response.mean)


def _moved_lines(
    lines: Sequence[LineToGuide], guided: Sequence[LineGuidance], points: Decimal
) -> tuple[LineGuidance, ...]:
    """Every target and stretch moved by so many points, within nothing and what policy lets off the line."""
    most = {line.id: line.most for line in lines}
    return tuple([LineGuidance(line, _moved(each, points, most[line])) for line, each in guided])


def _moved(guidance: Guidance, points: Decimal, most: Decimal | None) -> Guidance:
    target, stretch, floor = guidance.target, guidance.stretch, guidance.floor
    assert target is not None, "the quote has a target, so each of its lines has"
    assert stretch is not None, "whoever gives a target gives a stretch"
    target = max(target + points if most is None else min(target + points, most), ZERO)
    stretch = max(min(stretch + points, target), ZERO)
    return Guidance(None if floor is None else max(floor, target), target, stretch, guidance.evidence)
