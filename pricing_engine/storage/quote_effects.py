"""What quotes do to retention, kept beside them: of the content that was priced, and as of when it was worked out."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from pricing_engine.retention.quote_effect import QuoteEffect
from pricing_engine.storage import tables
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.quote_effect_json import decode_effect, encode_effect
from pricing_engine.storage.session import Session

_EFFECT = tables.quote_effect.c
_OF_QUOTE: Final = _EFFECT.tenant_id == bindparam("tenant"), _EFFECT.quote_id == bindparam("quote")
_FIND: Final = select(_EFFECT.effect, _EFFECT.at).where(*_OF_QUOTE, _EFFECT.content_hash == bindparam("content"))


def _keep(dialect: Any) -> HotStatement:
    kept = dialect.insert(tables.quote_effect)
    # Other processes keep it at the same time: whoever comes last stays.
    said = {name: kept.excluded[name] for name in ("content_hash", "at", "effect")}
    return HotStatement(kept.on_conflict_do_update(index_elements=["tenant_id", "quote_id"], set_=said))


_KEEP: Final = {"sqlite": _keep(sqlite), "postgresql": _keep(postgresql)}


def save(session: Session, found: QuoteEffect, *, content_hash: str) -> None:
    """Keeps the effect of a quote with this content, in place of what was kept of it before."""
    row = {
        "tenant_id": session.tenant,
        "quote_id": found.quote_id,
        "content_hash": content_hash,
        "at": found.at,
        "effect": encode_effect(found),
    }
    _KEEP[session.connection.dialect.name].run(session, row)


def find(session: Session, quote_id: str, *, content_hash: str) -> QuoteEffect | None:
    """The effect that is kept of a quote with this content, if there is one."""
    which = {"tenant": session.tenant, "quote": quote_id, "content": content_hash}
    row = session.connection.execute(_FIND, which).one_or_none()
    return None if row is None else decode_effect(row.effect, quote_id=quote_id, at=row.at)
