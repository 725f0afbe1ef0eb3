"""What was booked for an account, without the states it left: its history, and what is still to take force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, bindparam, select

from pricing_engine.quoting.contract_change import BOOKING_KINDS, BookingKind
from pricing_engine.storage import tables
from pricing_engine.storage.pages import Listing, Page, fetch_page
from pricing_engine.storage.rulebooks import by_the_end_of
from pricing_engine.storage.session import Session

_VERSION = tables.contract_version.c
# Without the state, and without what stands behind it, which SQLite reads through the state to reach.
_COLUMNS: Final = [
    column
    for column in tables.contract_version.columns
    if column is not _VERSION.state and column is not _VERSION.content_hash
]
HISTORY = select(*_COLUMNS).where(
    _VERSION.tenant_id == bindparam("tenant"), _VERSION.account_id == bindparam("account")
)
UPCOMING = HISTORY.where(_VERSION.effective_date > bindparam("on"), _VERSION.booked_at < bindparam("day_end")).order_by(
    _VERSION.effective_date, _VERSION.contract_id, _VERSION.version
)


@dataclass(frozen=True, slots=True)
class Booking:
    """A line of a contract's history. `arr` is that on its effective day; `quote_id` is None where no quote made it."""

    contract_id: str
    version: int
    account_id: str
    kind: BookingKind
    effective: date
    booked_at: datetime
    booked_by: str
    quote_id: str | None
    currency: str
    arr: Decimal
    term_start: date
    term_end: date
    ends: date


def history(session: Session, account_id: str, *, cursor: str | None, limit: int) -> Page[Booking]:
    """Up to `limit` of everything booked for the account, newest first; of what was booked at once later versions.

    Raises: CursorUnreadable.
    """
    return fetch_page(
        session,
        HISTORY.params(tenant=session.tenant, account=account_id),
        of=Listing("history", {"account_id": account_id}),
        made=_VERSION.booked_at,
        keys=(_VERSION.contract_id, _VERSION.version),
        cursor=cursor,
        limit=limit,
        read=_booking,
    )


def upcoming(session: Session, account_id: str, *, on: date, known_on: date | None = None) -> tuple[Booking, ...]:
    """What takes force after the day `on`, in the order in which it does, of what was booked by the end of `known_on`.

    Of one contract and day all bookings are here; the last is the one that holds.
    Source: P31.
    """
    which = {"account": account_id, "on": on, **by_the_end_of(known_on or date.max, session)}
    return tuple(_booking(row) for row in session.connection.execute(UPCOMING, which))


def _booking(row: Row[Any]) -> Booking:
    return Booking(
        contract_id=row.contract_id,
        version=row.version,
        account_id=row.account_id,
        kind=BOOKING_KINDS[row.kind],
        effective=row.effective_date,
        booked_at=row.booked_at,
        booked_by=row.booked_by,
        quote_id=row.quote_id,
        currency=row.currency,
        arr=row.arr,
        term_start=row.term_start,
        term_end=row.term_end,
        ends=row.ends,
    )
