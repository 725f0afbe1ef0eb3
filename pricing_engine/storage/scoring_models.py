"""Trained models, which never change, and the activations that say which of them is live (S10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from pricing_engine.errors import DomainError
from pricing_engine.scoring.model import Part
from pricing_engine.storage import tables
from pricing_engine.storage.pages import Listing, Page, fetch_page
from pricing_engine.storage.session import Session

_MODEL = tables.scoring_model.c
_ACTIVATION = tables.scoring_activation.c
LIVE: Final = (
    select(_ACTIVATION.model_hash + " " + _ACTIVATION.parts)
    .where(_ACTIVATION.tenant_id == bindparam("tenant"))
    .order_by(_ACTIVATION.at.desc(), _ACTIVATION.id.desc())
    .limit(1)
)
"""Selects, in one text, the model and parts that the activation in force names; NULL where rules alone speak."""

LEAST: Final = 8
"""How many characters of a hash name a model at least."""


LiveParts = tuple[str, tuple[Part, ...]]
"""The hash of a model, and its parts that are live."""


class ModelNotFound(DomainError):
    """There is no trained model with this hash."""

    code = "scoring-model-not-found"


class StoredModel(NamedTuple):
    """A model as it was trained: `content` is its artefact, of which `hash` is the hash."""

    hash: str
    content: str
    created_at: datetime
    created_by: str


class Promotion(NamedTuple):
    """From an instant on quotes are scored with these parts of a model; `model` None: with none."""

    id: str
    model: str | None
    parts: tuple[Part, ...]
    reason: str
    at: datetime
    by: str


def save(session: Session, model: StoredModel) -> bool:
    """Whether it was new; a model that is there already stays as it is."""
    dialect = sqlite if session.connection.dialect.name == "sqlite" else postgresql
    row = {"tenant_id": session.tenant, **model._asdict()}
    statement = dialect.insert(tables.scoring_model).values(row).on_conflict_do_nothing().returning(_MODEL.hash)
    return session.connection.execute(statement).one_or_none() is not None


def load(session: Session, hash: str) -> StoredModel:
    """The model with this hash.

    Raises: ModelNotFound.
    """
    query = select(*_COLUMNS).where(_MODEL.tenant_id == session.tenant, _MODEL.hash == hash)
    row = session.connection.execute(query).one_or_none()
    if row is None:
        raise ModelNotFound(f"there is no scoring model {hash}", fix="list models to see those there are", hash=hash)
    return _model(row)


def find(session: Session, beginning: str) -> StoredModel:
    """The one model whose hash begins so.

    Raises: ModelNotFound, also where several begin so, or too little is said to tell them apart for good.
    """
    begins = func.substr(_MODEL.hash, 1, len(beginning))  # LIKE takes capitals for small letters on SQLite alone
    query = select(*_COLUMNS).where(_MODEL.tenant_id == session.tenant, begins == beginning)
    rows = session.connection.execute(query.limit(2)).all() if len(beginning) >= LEAST else []
    if len(rows) != 1:
        what = f"several scoring models begin with {beginning}" if rows else f"there is no scoring model {beginning}"
        fix = f"list models to see those there are, and write at least {LEAST} characters of a hash"
        raise ModelNotFound(what, fix=fix, hash=beginning)
    return _model(rows[0])


def page(session: Session, *, cursor: str | None, limit: int) -> Page[StoredModel]:
    """Up to `limit` models, those trained last first.

    Raises: CursorUnreadable.
    """
    return fetch_page(
        session,
        select(*_COLUMNS).where(_MODEL.tenant_id == session.tenant),
        of=Listing("scoring-models"),
        made=_MODEL.created_at,
        keys=(_MODEL.hash,),
        cursor=cursor,
        limit=limit,
        read=_model,
    )


def activate(session: Session, promotion: Promotion) -> None:
    """Adds an activation; the model it names must be there."""
    row = {
        "tenant_id": session.tenant,
        "id": promotion.id,
        "model_hash": promotion.model,
        "parts": ",".join(promotion.parts),
        "reason": promotion.reason,
        "at": promotion.at,
        "by": promotion.by,
    }
    session.connection.execute(insert(tables.scoring_activation), row)


def read_live(found: str | None) -> LiveParts | None:
    """What `LIVE` found."""
    if found is None:
        return None
    hash_, _, parts = found.partition(" ")
    return hash_, _parts(parts)


def activations(session: Session, *, limit: int) -> Sequence[Promotion]:
    """The activations made last, newest first: the first of them is in force."""
    query = (
        select(tables.scoring_activation)
        .where(_ACTIVATION.tenant_id == session.tenant)
        .order_by(_ACTIVATION.at.desc(), _ACTIVATION.id.desc())
        .limit(limit)
    )
    return [_promotion(row) for row in session.connection.execute(query)]


_COLUMNS = (_MODEL.hash, _MODEL.content, _MODEL.created_at, _MODEL.created_by)


def _model(row: Any) -> StoredModel:
    return StoredModel(*row)


def _promotion(row: Any) -> Promotion:
    return Promotion(row.id, row.model_hash, _parts(row.parts), row.reason, row.at, row.by)


def _parts(text: str) -> tuple[Part, ...]:
    return tuple([Part(each) for each in text.split(",") if each])
