"""The shape of what scoring says of a quote, for the OpenAPI document alone: `scored_json.py` writes it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits
from pricing_engine.quoting.improvements import Lever
from pricing_engine.scoring.guidance import Source
from pricing_engine.scoring.model import Part


class ScoreInShort(Answer):
    """How good the deal is, of 100 points; whole ones to roles that may not see a part of it."""

    scorecard: str
    points: Digits
    band: str


class FactorOut(Answer):
    """A factor's part of the score; parts sum to it."""

    id: str
    weight: Digits
    points: Annotated[Digits | None, Field(description="Null where it goes by what the role may not see.")]
    missing: Annotated[str | None, Field(description="The name it asks for that is not known; then it has 0 points.")]


class ScoreOut(ScoreInShort):
    """The score with its parts."""

    factors: tuple[FactorOut, ...]


class ImprovementOut(Answer):
    """A change that raises the score, as it comes out when it is priced."""

    lever: Lever
    what: str
    points: Annotated[Digits, Field(description="By how many points.")]
    score: Annotated[Digits, Field(description="To what score.")]
    band: str
    per_year: Annotated[Digits, Field(description="What more the customer pays a year; below 0: less.")]
    once: Digits


class PeerFactOut(Answer):
    """Something that comparable deals have in common."""

    fact: str
    value: str


class EvidenceOut(Answer):
    """Where guidance comes from, and how sure it is."""

    source: Source
    why: Annotated[str, Field(description="In words: the rule's reason, or why nothing finer speaks.")]
    rule: Annotated[str | None, Field(description="The row of the rules' guidance that speaks.")]
    deals: Annotated[int, Field(description="How many comparable deals.")]
    accounts: int
    peers: tuple[PeerFactOut, ...]
    since: date | None
    until: date | None
    low: Annotated[Digits | None, Field(description="Half of the comparable discounts lie between low and high.")]
    high: Digits | None
    mean: Digits | None


class CurvePointOut(Answer):
    """What a discount on the whole deal comes to."""

    discount: Digits
    chance: Annotated[Digits, Field(description="To win at it.")]
    expected: Annotated[Digits, Field(description="What to expect of it, won or lost: margin, or ARR.")]


class GuidanceOut(Answer):
    """Shares off list, for the quote; null: nothing is said."""

    floor: Annotated[Digits | None, Field(description="The most to give; null to roles that may not see it.")]
    target: Annotated[Digits | None, Field(description="What to aim for.")]
    stretch: Annotated[Digits | None, Field(description="What to try first.")]
    evidence: EvidenceOut
    curve: Annotated[
        tuple[CurvePointOut, ...],
        Field(description="What a target from price response was chosen on; else, and to roles without costs, none."),
    ]


class GuidedPrice(Answer):
    """A share off list, and what the line comes to with it."""

    discount: Digits
    net: Annotated[Digits, Field(description="Per year, or once for one-time lines.")]
    net_unit_price: Annotated[Digits | None, Field(description="Per charge period and unit, to 6 decimals.")]


class LineGuidanceOut(Answer):
    """The guidance of a line."""

    line: str
    floor: Annotated[GuidedPrice | None, Field(description="Null to roles that may not see it.")]
    target: GuidedPrice | None
    stretch: GuidedPrice | None
    evidence: EvidenceOut


class DrawnOut(Answer):
    """That the target was moved by lot, by how much, and how likely that was."""

    moved: Digits
    propensity: Digits
    expected: Annotated[Digits, Field(description="What the lot moves on average.")]


class ScoringOut(Answer):
    """All that scoring says of a quote."""

    model: Annotated[str | None, Field(description="The hash of the model it is pinned to; null: rules alone speak.")]
    parts: tuple[Part, ...]
    score: ScoreOut | None
    improvements: Annotated[
        tuple[ImprovementOut, ...], Field(description="The three cheapest; none once it is closed.")
    ]
    win_probability: Annotated[Digits | None, Field(description="Null without a model that beats the base rate.")]
    guidance: GuidanceOut | None
    lines: tuple[LineGuidanceOut, ...]
    drawn: Annotated[DrawnOut | None, Field(description="Null to roles that do not see costs, too.")]
