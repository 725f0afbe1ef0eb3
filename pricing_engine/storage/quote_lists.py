"""Several quotes: lists, newest first, and what a list shows of each; whole ones, one after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, and_, select

from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.storage import tables
from pricing_engine.storage.pages import Listing, Page, fetch_page
from pricing_engine.storage.quotes import COLUMNS, QuoteRow, StoredQuote
from pricing_engine.storage.session import Session

_QUOTE = tables.quote.c
_STEP = tables.quote_step.c


@dataclass(frozen=True, slots=True)
class QuoteSummary:
    """What a list shows of a quote; `arr` and `tcv` are None while a line has no price.

    `valid_until` is the last day on which it can be accepted (None: not presented yet, and no day was asked for).
    """

    id: str
    account_id: str
    type: QuoteType
    state: QuoteState
    version: int
    as_of: date
    effective_date: date
    valid_until: date | None
    currency: str
    rulebook: str
    external_ref: str | None
    complete: bool
    arr: Decimal | None
    tcv: Decimal | None
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class QuoteFilter:
    """Which quotes a list shows; None does not restrict. `created_after` excludes the instant itself."""

    account_id: str | None = None
    state: QuoteState | None = None
    created_after: datetime | None = None
    external_ref: str | None = None
    type: QuoteType | None = None


_SUMMARY = (
    _QUOTE.id,
    _QUOTE.account_id,
    _QUOTE.type,
    _QUOTE.state,
    _QUOTE.version,
    _QUOTE.as_of,
    _QUOTE.effective_date,
    _QUOTE.valid_until,
    _QUOTE.currency,
    _QUOTE.rulebook_hash,
    _QUOTE.external_ref,
    _QUOTE.complete,
    _QUOTE.arr,
    _QUOTE.tcv,
    _QUOTE.created_at,
    _QUOTE.created_by,
)


def page(session: Session, only: QuoteFilter, *, cursor: str | None, limit: int) -> Page[QuoteSummary]:
    """Up to `limit` quotes, newest first.

    Raises: CursorUnreadable.
    """
    return fetch_page(
        session,
        _filtered(session.tenant, only),
        of=_listing(only),
        made=_QUOTE.created_at,
        keys=(_QUOTE.id,),
        cursor=cursor,
        limit=limit,
        read=_summary,
    )


def _listing(only: QuoteFilter) -> Listing:
    after = only.created_after
    filters = {
        "account_id": only.account_id,
        "state": None if only.state is None else only.state.value,
        "created_after": None if after is None else after.astimezone(UTC).isoformat(),
        "external_ref": only.external_ref,
        "type": None if only.type is None else only.type.value,
    }
    return Listing("quotes", filters)


def _filtered(tenant: str, only: QuoteFilter) -> Select[Any]:
    query = select(*_SUMMARY).where(_QUOTE.tenant_id == tenant)
    if only.account_id is not None:
        query = query.where(_QUOTE.account_id == only.account_id)
    if only.state is not None:
        query = query.where(_QUOTE.state == only.state.value)
    if only.created_after is not None:
        query = query.where(_QUOTE.created_at > only.created_after)
    if only.external_ref is not None:
        query = query.where(_QUOTE.external_ref == only.external_ref)
    if only.type is not None:
        query = query.where(_QUOTE.type == only.type.value)
    return query


def _summary(row: Row[Any]) -> QuoteSummary:
    return QuoteSummary(
        id=row.id,
        account_id=row.account_id,
        type=QuoteType(row.type),
        state=QuoteState(row.state),
        version=row.version,
        as_of=row.as_of,
        effective_date=row.effective_date,
        valid_until=row.valid_until,
        currency=row.currency,
        rulebook=row.rulebook_hash,
        external_ref=row.external_ref,
        complete=row.complete,
        arr=row.arr,
        tcv=row.tcv,
        created_at=row.created_at,
        created_by=row.created_by,
    )


def overdue(session: Session, *, today: date, limit: int) -> list[str]:
    """The ids of up to `limit` quotes that were presented and whose last day is over."""
    query = (
        select(_QUOTE.id)
        .where(
            _QUOTE.tenant_id == session.tenant,
            _QUOTE.state == QuoteState.PRESENTED.value,
            _QUOTE.valid_until < today,
        )
        .order_by(_QUOTE.valid_until, _QUOTE.id)
        .limit(limit)
    )
    return list(session.connection.scalars(query))


def presented(session: Session, *, since: datetime, before: datetime) -> Iterator[tuple[StoredQuote, datetime]]:
    """The quotes presented from an instant on and before another, as they are now, each with when; oldest first."""
    query = (
        select(*COLUMNS, _STEP.at)
        .join(tables.quote_step, and_(_STEP.tenant_id == _QUOTE.tenant_id, _STEP.quote_id == _QUOTE.id))
        .where(_QUOTE.tenant_id == session.tenant, _STEP.action == "present", _STEP.at >= since, _STEP.at < before)
        .order_by(_STEP.at, _QUOTE.id)
    )
    with session.connection.execute(query, execution_options={"yield_per": 500}) as rows:
        for *row, at in rows:
            yield QuoteRow(*row).read(), at


def in_states(session: Session, states: Collection[QuoteState]) -> Iterator[StoredQuote]:
    """The quotes that stand in one of some states now, by their ids."""
    query = (
        select(*COLUMNS)
        .where(_QUOTE.tenant_id == session.tenant, _QUOTE.state.in_([each.value for each in states]))
        .order_by(_QUOTE.id)
    )
    with session.connection.execute(query, execution_options={"yield_per": 500}) as rows:
        for row in rows:
            yield QuoteRow(*row).read()
