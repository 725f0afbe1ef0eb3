"""List trained models, newest first, page by page, with the activation that says which of them is live."""

from __future__ import annotations

from typing import NamedTuple

from pricing_engine.desk import Desk
from pricing_engine.storage import scoring_models
from pricing_engine.usecases.records import Page, Promotion, StoredModel


class ModelsListed(NamedTuple):
    """A page of models; `live` is the activation in force (None: there was none yet; one of no model: none is live)."""

    live: Promotion | None
    page: Page[StoredModel]


def list_models(desk: Desk, *, cursor: str | None = None, limit: int = 50) -> ModelsListed:
    """Up to `limit` models.

    Raises: CursorUnreadable.
    """
    with desk.reading() as session:
        newest = scoring_models.activations(session, limit=1)
        return ModelsListed(newest[0] if newest else None, scoring_models.page(session, cursor=cursor, limit=limit))
