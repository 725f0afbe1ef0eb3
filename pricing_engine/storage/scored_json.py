"""What scoring says of a quote, as JSON and back; it is on the way of every stored quote, so it makes plain lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pricing_engine.scoring.guidance import CurvePoint, Drawn, Evidence, Guidance, LineGuidance, Source
from pricing_engine.scoring.model import Part
from pricing_engine.scoring.scorecard import FactorScore, Score
from pricing_engine.scoring.scored import Scored

Plain = list[Any]


def plain_scored(scored: Scored) -> Plain:
    """What `read_scored` reads."""
    return [
        scored.model,
        scored.parts,
        None if scored.score is None else _plain_score(scored.score),
        None if scored.guidance is None else _plain_guidance(scored.guidance),
        [(line, _plain_guidance(guidance)) for line, guidance in scored.lines],
        _text(scored.win_probability),
        None if scored.drawn is None else list(map(str, scored.drawn)),
    ]


def read_scored(plain: Plain) -> Scored:
    """The very same as was given to `plain_scored`."""
    model, parts, score, guidance, lines, chance, drawn = plain
    return Scored(
        model,
        tuple([Part(each) for each in parts]),
        None if score is None else _score(score),
        None if guidance is None else _guidance(guidance),
        tuple([LineGuidance(line, _guidance(each)) for line, each in lines]),
        _number(chance),
        None if drawn is None else Drawn(*map(Decimal, drawn)),
    )


def _plain_score(score: Score) -> Plain:
    factors = [
        (id_, str(weight), str(points), missing, is_discreet)
        for id_, weight, points, missing, is_discreet in score.factors
    ]
    return [score.scorecard, str(score.points), score.band, factors]


def _score(plain: Plain) -> Score:
    scorecard, points, band, factors = plain
    return Score(
        *(scorecard, Decimal(points), band),
        tuple([FactorScore(id_, Decimal(weight), Decimal(part), *rest) for id_, weight, part, *rest in factors]),
    )


def _plain_guidance(guidance: Guidance) -> Plain:
    source, why, deals, accounts, peers, since, until, low, high, mean, rule = guidance.evidence
    evidence = [source, why, deals, accounts, peers, since, until, _text(low), _text(high), _text(mean), rule]
    curve = [list(map(str, point)) for point in guidance.curve]
    return [_text(guidance.floor), _text(guidance.target), _text(guidance.stretch), evidence, curve]


def _guidance(plain: Plain) -> Guidance:
    floor, target, stretch, (source, why, deals, accounts, peers, since, until, low, high, mean, rule), curve = plain
    evidence = Evidence(
        Source(source),
        why,
        deals,
        accounts,
        tuple([(fact, value) for fact, value in peers]),
        _day(since),
        _day(until),
        _number(low),
        _number(high),
        _number(mean),
        rule,
    )
    points = tuple([CurvePoint(*map(Decimal, point)) for point in curve])
    return Guidance(_number(floor), _number(target), _number(stretch), evidence, points)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
