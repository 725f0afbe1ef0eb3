"""Trained models as JSON."""

from __future__ import annotations

from typing import Any

from pricing_engine.usecases.list_models import ModelsListed
from pricing_engine.usecases.records import Promotion, StoredModel


def models_json(listed: ModelsListed) -> dict[str, Any]:
    """A page of models."""
    return {
        "live": None if listed.live is None else promotion_json(listed.live),
        "items": [_model(each, listed.live) for each in listed.page.items],
        "next_cursor": listed.page.next_cursor,
    }


def promotion_json(promotion: Promotion) -> dict[str, Any]:
    """An activation."""
    return promotion._asdict()


def _model(stored: StoredModel, live: Promotion | None) -> dict[str, Any]:
    return {
        "hash": stored.hash,
        "created_at": stored.created_at,
        "created_by": stored.created_by,
        "live": live.parts if live is not None and live.model == stored.hash else (),
    }
