"""How a model was judged, as JSON."""

from __future__ import annotations

from typing import Any

from pricing_engine.scoring.artefact import Artefact
from pricing_engine.scoring.evaluation import SinceTraining
from pricing_engine.scoring.typed_json import to_plain


def evaluation_json(artefact: Artefact, since: SinceTraining | None = None) -> dict[str, Any]:
    """The artefact without what quotes are scored by: coefficients and peers."""
    plain: dict[str, Any] = to_plain(artefact)
    del plain["model"]
    plain["trained"]["versions"] = dict(artefact.trained.versions)
    return {"hash": artefact.model.hash, **plain, "since": to_plain(since)}
