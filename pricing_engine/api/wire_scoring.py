"""The shapes of what is said and answered about trained models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, NextCursor
from pricing_engine.scoring.model import Part


class PromotionOut(Answer):
    """From an instant on quotes are scored with these parts of a model."""

    id: str
    model: Annotated[str | None, Field(description="Its hash; null: with none, by rules alone.")]
    parts: tuple[Part, ...]
    reason: str
    at: datetime
    by: str


class ModelOut(Answer):
    """A model as it was trained."""

    hash: str
    created_at: datetime
    created_by: str
    live: Annotated[tuple[Part, ...], Field(description="The parts of it that quotes are scored with now.")]


class ModelsOut(Answer):
    """A page of models, those trained last first, and what is live."""

    live: Annotated[PromotionOut | None, Field(description="The activation in force; null: there was none yet.")]
    items: tuple[ModelOut, ...]
    next_cursor: NextCursor
