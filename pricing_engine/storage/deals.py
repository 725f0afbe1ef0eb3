"""Past deals in the database: what models are trained on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pricing_engine.scoring.deal import Deal
from pricing_engine.storage import tables
from pricing_engine.storage.deal_json import decode_deal, encode_deal
from pricing_engine.storage.session import Session

_DEAL = tables.scoring_deal.c
_AT_ONCE: Final = 500


class DealSource(StrEnum):
    """Where a deal is known from: a table that was imported, or a quote of ours (S11)."""

    IMPORT = "import"
    QUOTE = "quote"


class KeptDeal(NamedTuple):
    """A deal with where it is known from; `file` and `line` are those of the table it was imported from."""

    deal: Deal
    source: DealSource
    file: str | None = None
    line: int | None = None


def save(session: Session, kept: Sequence[KeptDeal], *, at: datetime, by: str) -> int:
    """Keeps deals that are not there yet, and says how many; one that somebody else has kept meanwhile stays."""
    dialect = sqlite if session.connection.dialect.name == "sqlite" else postgresql
    if not kept:
        return 0
    statement = dialect.insert(tables.scoring_deal).on_conflict_do_nothing().returning(_DEAL.id)
    return len(session.connection.execute(statement, [_row(session, each, at, by) for each in kept]).all())


def rewrite(session: Session, kept: Sequence[KeptDeal], *, at: datetime, by: str) -> None:
    """Keeps deals in place of what was kept under their source and id."""
    guarded = update(tables.scoring_deal).where(
        *(_DEAL.tenant_id == bindparam("tenant"), _DEAL.source == bindparam("which"), _DEAL.id == bindparam("deal"))
    )
    rows = []
    for each in kept:
        row = _row(session, each, at, by)
        rows.append({"tenant": row.pop("tenant_id"), "which": row.pop("source"), "deal": row.pop("id"), **row})
    if rows:
        session.connection.execute(guarded, rows)


def known(session: Session, source: DealSource, ids: Collection[str]) -> dict[str, Deal]:
    """Those deals of a source that are kept already, by id."""
    found: dict[str, Deal] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        query = select(*_READ).where(
            _DEAL.tenant_id == session.tenant, _DEAL.source == source.value, _DEAL.id.in_(some)
        )
        found.update((deal.id, deal) for deal in map(_deal, session.connection.execute(query)))
    return found


def all_deals(session: Session) -> Iterator[Deal]:
    """Every deal, oldest first; an id of a quote and one of a table never mean the same deal.

    They come as they are read, so PostgreSQL wants a session of `reading_still`.
    """
    query = select(*_READ).where(_DEAL.tenant_id == session.tenant).order_by(_DEAL.created, _DEAL.source, _DEAL.id)
    with session.connection.execute(query, execution_options={"yield_per": 5_000}) as rows:
        yield from map(_deal, rows)


def count(session: Session) -> int:
    """How many deals there are."""
    query = select(func.count()).select_from(tables.scoring_deal).where(_DEAL.tenant_id == session.tenant)
    return session.connection.execute(query).scalar_one()


_READ = (_DEAL.content, _DEAL.id, _DEAL.account, _DEAL.created, _DEAL.closed, _DEAL.outcome)


def _deal(row: Any) -> Deal:
    content, id_, account, created, closed, outcome = row
    return decode_deal(content, id=id_, account=account, created=created, closed=closed, outcome=outcome)


def _row(session: Session, kept: KeptDeal, at: datetime, by: str) -> dict[str, Any]:
    deal = kept.deal
    return {
        "tenant_id": session.tenant,
        "source": kept.source.value,
        "id": deal.id,
        "account": deal.account,
        "created": deal.created,
        "closed": deal.closed,
        "outcome": deal.outcome.value,
        "content": encode_deal(deal),
        "file": kept.file,
        "line": kept.line,
        "kept_at": at,
        "kept_by": by,
    }
