"""The shapes of what is said and answered about trained models."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, NextCursor
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_text import Reason

PartName = Literal["peers", "win", "response"]


class PromotionIn(WireModel):
    """Which parts of a model quotes are to be scored with."""

    parts: Annotated[list[PartName], Field(max_length=3, description="All that may be used when there are none.")] = (
        Field(default_factory=list)
    )
    reason: Annotated[Reason, Field(description="Why; it is kept.")]


class RollbackIn(WireModel):
    """What quotes are to be scored with again."""

    to: Annotated[
        Literal["before", "rules"], Field(description="What was live before the last change, or rules alone.")
    ] = "before"
    reason: Annotated[Reason, Field(description="Why; it is kept.")]


class PromotionOut(Answer):
    """From an instant on quotes are scored with these parts of a model."""

    id: str
    model: Annotated[str | None, Field(description="Its hash; null: with none, by rules alone.")]
    parts: tuple[PartName, ...]
    reason: str
    at: datetime
    by: str


class TrainedOut(Answer):
    """On what a model was trained."""

    on: date
    deals: int
    decided: int
    won: int
    since: date | None
    until: date | None
    data: Annotated[str, Field(description="The hash of the deals.")]
    versions: dict[str, str]


class VerdictOut(Answer):
    """Whether a part may be used, and why."""

    part: PartName
    is_usable: bool
    why: str


class ModelOut(Answer):
    """A model as it was trained; what is null cannot be read by this version."""

    hash: str
    created_at: datetime
    created_by: str
    live: Annotated[tuple[PartName, ...], Field(description="The parts of it that quotes are scored with now.")]
    trained: TrainedOut | None
    verdicts: tuple[VerdictOut, ...] | None


class ModelsOut(Answer):
    """A page of models, those trained last first, and what is live."""

    live: Annotated[PromotionOut | None, Field(description="The activation in force; null: there was none yet.")]
    items: tuple[ModelOut, ...]
    next_cursor: NextCursor


class LeakOut(Answer):
    """A fact that tells more than was known when a deal was quoted."""

    fact: str
    suspicion: Literal["refused", "suspicious"]
    check: str
    why: str
    fix: str
    kept: Annotated[str | None, Field(description="The reason for which it is kept all the same.")]


class ModelRecordOut(ModelOut):
    """A model with the facts it goes by, those that were refused, and what a reader has to know besides."""

    facts: tuple[str, ...] | None
    leaks: tuple[LeakOut, ...] | None
    said: tuple[str, ...] | None
