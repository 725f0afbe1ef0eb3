"""Trained models as JSON."""

from __future__ import annotations

from typing import Any

from pricing_engine.scoring.artefact import Trained
from pricing_engine.usecases.list_models import ModelsListed, TrainedModel
from pricing_engine.usecases.records import Promotion


def models_json(listed: ModelsListed) -> dict[str, Any]:
    """A page of models."""
    return {
        "live": None if listed.live is None else promotion_json(listed.live),
        "items": list(map(_summary, listed.page.items)),
        "next_cursor": listed.page.next_cursor,
    }


def promotion_json(promotion: Promotion) -> dict[str, Any]:
    """An activation."""
    return promotion._asdict()


def model_json(model: TrainedModel) -> dict[str, Any]:
    """A model with what it goes by."""
    artefact = model.artefact
    return {
        **_summary(model),
        "facts": artefact and artefact.facts,
        "leaks": artefact and [each._asdict() for each in artefact.leaks],
        "said": artefact and artefact.said,
    }


def _summary(model: TrainedModel) -> dict[str, Any]:
    stored, artefact = model.stored, model.artefact
    return {
        "hash": stored.hash,
        "created_at": stored.created_at,
        "created_by": stored.created_by,
        "live": model.live,
        "trained": artefact and _trained(artefact.trained),
        "verdicts": artefact and [each._asdict() for each in artefact.verdicts],
    }


def _trained(trained: Trained) -> dict[str, Any]:
    return {
        "on": trained.on,
        "deals": trained.deals,
        "decided": trained.decided,
        "won": trained.won,
        "since": trained.since,
        "until": trained.until,
        "data": trained.data,
        "versions": dict(trained.versions),
    }
