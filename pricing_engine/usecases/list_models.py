"""List trained models, newest first, page by page, and read one, with what was decided about them."""

from __future__ import annotations

from typing import NamedTuple

from pricing_engine.desk import Desk
from pricing_engine.scoring.artefact import Artefact, ArtefactUnreadable, read_artefact
from pricing_engine.scoring.model import Part
from pricing_engine.storage import scoring_models
from pricing_engine.storage.session import Session
from pricing_engine.usecases.records import Page, Promotion, StoredModel


class TrainedModel(NamedTuple):
    """A stored model with what it says (None: this version cannot read it), and its parts that are live."""

    stored: StoredModel
    artefact: Artefact | None
    live: tuple[Part, ...]


class ModelsListed(NamedTuple):
    """A page of models; `live` is the activation in force (None: there was none yet; one of no model: none is live)."""

    live: Promotion | None
    page: Page[TrainedModel]


def list_models(desk: Desk, *, cursor: str | None = None, limit: int = 50) -> ModelsListed:
    """Up to `limit` models.

    Raises: CursorUnreadable.
    """
    with desk.reading() as session:
        live = _live(session)
        page = scoring_models.page(session, cursor=cursor, limit=limit)
    return ModelsListed(live, Page(tuple([_trained(each, live) for each in page.items]), page.next_cursor))


def read_model(desk: Desk, *, hash: str) -> TrainedModel:
    """The model whose hash begins so.

    Raises: ModelNotFound.
    """
    with desk.reading() as session:
        return _trained(scoring_models.find(session, hash), _live(session))


def _live(session: Session) -> Promotion | None:
    newest = scoring_models.activations(session, limit=1)
    return newest[0] if newest else None


def _trained(stored: StoredModel, live: Promotion | None) -> TrainedModel:
    parts = live.parts if live is not None and live.model == stored.hash else ()
    try:
        return TrainedModel(stored, read_artefact(stored.content), parts)
    except ArtefactUnreadable:
        return TrainedModel(stored, None, parts)
