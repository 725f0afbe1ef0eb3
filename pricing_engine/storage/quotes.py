"""Quotes in the database: one insert to keep one, and what is read of them; request_json and priced_json map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, select

from pricing_engine.errors import DomainError
from pricing_engine.quoting.quote import Quote, QuoteState
from pricing_engine.storage import tables
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.pages import Listing, Page, fetch_page
from pricing_engine.storage.priced_json import decode_priced, encode_priced
from pricing_engine.storage.request_json import decode_request, encode_request
from pricing_engine.storage.session import Session

_QUOTE = tables.quote.c
# Made once, since making a statement costs more than running it.
_INSERT = HotStatement(insert(tables.quote))
_BY_ID = select(
    _QUOTE.id,
    _QUOTE.state,
    _QUOTE.version,
    _QUOTE.request,
    _QUOTE.priced,
    _QUOTE.content_hash,
    _QUOTE.created_at,
    _QUOTE.created_by,
).where(_QUOTE.tenant_id == bindparam("tenant"), _QUOTE.id == bindparam("id"))


class QuoteNotFound(DomainError):
    """There is no quote with this id."""

    code = "quote-not-found"


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """A quote with what storing it added. `content_hash` is of its request and what it was priced to."""

    quote: Quote
    version: int
    content_hash: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class QuoteSummary:
    """What a list shows of a quote; `arr` and `tcv` are None while a line has no price."""

    id: str
    account_id: str
    state: QuoteState
    version: int
    as_of: date
    effective_date: date
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


def save(session: Session, quote: Quote, *, at: datetime, by: str) -> StoredQuote:
    """The quote as stored, in its first version."""
    request, priced = encode_request(quote.request), encode_priced(quote)
    stored = StoredQuote(
        quote, version=1, content_hash=sha256(request + b"\n" + priced).hexdigest(), created_at=at, created_by=by
    )
    _INSERT.run(session, _row(session.tenant, stored, request.decode(), priced.decode()))
    return stored


def _row(tenant: str, stored: StoredQuote, request: str, priced: str) -> dict[str, Any]:
    quote, totals = stored.quote, stored.quote.totals
    return {
        "tenant_id": tenant,
        "id": quote.id,
        "account_id": quote.request.account.id,
        "state": quote.state.value,
        "version": stored.version,
        "as_of": quote.request.as_of,
        "effective_date": quote.request.effective_date,
        "currency": quote.currency.code,
        "rulebook_hash": quote.rulebook,
        "external_ref": quote.request.external_ref,
        "role": quote.request.role,
        "complete": quote.is_complete,
        "arr": totals and totals.arr,
        "tcv": totals and totals.tcv,
        "request": request,
        "priced": priced,
        "content_hash": stored.content_hash,
        "created_by": stored.created_by,
        "created_at": stored.created_at,
    }


def load(session: Session, id: str) -> StoredQuote:
    """The quote with this id, equal to the one that was saved.

    Raises: QuoteNotFound, also for a quote of another tenant.
    """
    row = session.connection.execute(_BY_ID, {"tenant": session.tenant, "id": id}).one_or_none()
    if row is None:
        raise QuoteNotFound(f"there is no quote {id}", fix="list quotes to see those there are", quote_id=id)
    quote = decode_priced(row.priced, id=row.id, state=QuoteState(row.state), request=decode_request(row.request))
    return StoredQuote(quote, row.version, row.content_hash, row.created_at, row.created_by)


_SUMMARY = (
    _QUOTE.id,
    _QUOTE.account_id,
    _QUOTE.state,
    _QUOTE.version,
    _QUOTE.as_of,
    _QUOTE.effective_date,
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
    return query


def _summary(row: Row[Any]) -> QuoteSummary:
    return QuoteSummary(
        id=row.id,
        account_id=row.account_id,
        state=QuoteState(row.state),
        version=row.version,
        as_of=row.as_of,
        effective_date=row.effective_date,
        currency=row.currency,
        rulebook=row.rulebook_hash,
        external_ref=row.external_ref,
        complete=row.complete,
        arr=row.arr,
        tcv=row.tcv,
        created_at=row.created_at,
        created_by=row.created_by,
    )
