"""What scoring says of a quote as JSON, with what the role may see; wire_scored.py has the shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from pricing_engine.api.json_values import digits
from pricing_engine.api.visibility import COST_ROLES, may_see
from pricing_engine.money import ONE, round_money
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.improvements import Improvement
from pricing_engine.quoting.quote import Quote
from pricing_engine.scoring.guidance import Evidence, Guidance, LineGuidance
from pricing_engine.scoring.scorecard import FactorScore, Score
from pricing_engine.scoring.scored import Scored

Json = dict[str, Any]

_PERCENT: Final = Decimal("0.01")


def score_json(scored: Scored | None, role: str) -> Json | None:
    """The score in short, as every answer has it."""
    score = None if scored is None else scored.score
    if score is None:
        return None
    return {"scorecard": score.scorecard, "points": shown_points(score, score.points, role), "band": score.band}


def scoring_json(quote: Quote, improvements: Sequence[Improvement], role: str) -> Json | None:
    """All that scoring says of a quote, and what would raise its score."""
    scored = quote.scored
    if scored is None:
        return None
    lines = {line.id: line for line in quote.lines}
    return {
        "model": scored.model,
        "parts": scored.parts,
        "score": None if scored.score is None else _score(scored.score, role),
        "improvements": [_improvement(each, scored, role) for each in improvements],
        "win_probability": None if scored.win_probability is None else digits(scored.win_probability),
        "guidance": None if scored.guidance is None else _guidance(scored, scored.guidance, role),
        "lines": [_line(each, lines[each.line], quote, role) for each in scored.lines],
        # Who knows the move can undo it.
        "drawn": None if scored.drawn is None or role not in COST_ROLES else _digits_of(scored.drawn._asdict()),
    }


def shown_points(score: Score, points: Decimal, role: str) -> str:
    """Points as a role may see them: whole ones, where a factor goes by what the role may not see.

    Else the total, less the other parts, would tell that part to a tenth of a point. Rounds: down, as a band begins
    with its points: 69.6 are not the 70 that the next one begins with.
    """
    if role in COST_ROLES or not any(factor.is_discreet for factor in score.factors):
        return digits(points)
    return str(points.quantize(ONE, ROUND_FLOOR))


def shown_gain(score: Score, found: Improvement, role: str) -> str:
    """By how many points a change raises the score, as a role may see it: from what it sees to what it would see."""
    return digits(Decimal(shown_points(score, found.score, role)) - Decimal(shown_points(score, score.points, role)))


def may_see_part(factor: FactorScore, role: str) -> bool:
    """Whether the role may see a factor's part."""
    return role in COST_ROLES or not factor.is_discreet


def is_cut(guidance: Guidance) -> bool:
    """Whether the target is all that policy lets off."""
    return guidance.target is not None and guidance.target == guidance.floor


def shown_guidance(guidance: Guidance, role: str, *, hides: bool) -> Guidance:
    """Guidance as a role may see it. With `hides` a target or stretch may tell a floor.

    Rounds: to roles that may not see floors such shares down to whole percent; where costs make the floor the very
    share tells the cost to the cent.
    """
    if may_see(role, "floor"):
        return guidance
    target, stretch = guidance.target, guidance.stretch
    if hides:
        target = None if target is None else target.quantize(_PERCENT, ROUND_FLOOR)
        stretch = None if stretch is None else stretch.quantize(_PERCENT, ROUND_FLOOR)
    return guidance._replace(floor=None, target=target, stretch=stretch)


def _score(score: Score, role: str) -> Json:
    return {
        "scorecard": score.scorecard,
        "points": shown_points(score, score.points, role),
        "band": score.band,
        "factors": [
            {
                "id": factor.id,
                "weight": digits(factor.weight),
                "points": digits(factor.points) if may_see_part(factor, role) else None,
                "missing": factor.missing,
            }
            for factor in score.factors
        ],
    }


def _improvement(found: Improvement, scored: Scored, role: str) -> Json:
    score = scored.score
    assert score is not None  # what has no score has nothing that raises it
    return {
        "lever": found.lever,
        "what": found.what,
        "points": shown_gain(score, found, role),
        "score": shown_points(score, found.score, role),
        "band": found.band,
        "per_year": digits(found.per_year),
        "once": digits(found.once),
    }


def _guidance(scored: Scored, guidance: Guidance, role: str) -> Json:
    hides = any([is_cut(each.guidance) for each in scored.lines])
    return {
        **_digits_of(dict(_shares(shown_guidance(guidance, role, hides=hides)))),
        "evidence": _evidence(guidance.evidence),
        # What to expect of two discounts tells what the deal costs.
        "curve": [_digits_of(point._asdict()) for point in guidance.curve] if may_see(role, "margin") else [],
    }


def _digits_of(numbers: Mapping[str, Decimal | None]) -> Json:
    return {name: None if number is None else digits(number) for name, number in numbers.items()}


def _line(found: LineGuidance, line: PricedLine, quote: Quote, role: str) -> Json:
    shown = shown_guidance(found.guidance, role, hides=is_cut(found.guidance))
    return {
        "line": found.line,
        **{name: None if share is None else _at(share, line, quote) for name, share in _shares(shown)},
        "evidence": _evidence(found.guidance.evidence),
    }


def _shares(guidance: Guidance) -> list[tuple[str, Decimal | None]]:
    return [("floor", guidance.floor), ("target", guidance.target), ("stretch", guidance.stretch)]


def _at(share: Decimal, line: PricedLine, quote: Quote) -> Json:
    """What the line comes to at a share off list: as its other amounts, per year, or once."""
    first = line.segments[0]
    net = first.list * (ONE - share)
    unit_prices = line.unit_prices(first.list, net)
    return {
        "discount": digits(share),
        "net": digits(round_money(net, quote.currency)),
        "net_unit_price": digits(unit_prices[1]) if unit_prices else None,
    }


def _evidence(evidence: Evidence) -> Json:
    return {
        "source": evidence.source,
        "why": evidence.why,
        "rule": evidence.rule,
        "deals": evidence.deals,
        "accounts": evidence.accounts,
        "peers": [{"fact": fact, "value": value} for fact, value in evidence.peers],
        "since": evidence.since,
        "until": evidence.until,
        **_digits_of({"low": evidence.low, "high": evidence.high, "mean": evidence.mean}),
    }
