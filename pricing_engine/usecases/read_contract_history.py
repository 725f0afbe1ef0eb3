"""Read everything that was ever booked for an account, newest first, page by page."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.storage import accounts, bookings
from pricing_engine.usecases.records import Booking, Page


def read_contract_history(desk: Desk, *, account_id: str, cursor: str | None = None, limit: int = 50) -> Page[Booking]:
    """Up to `limit` of the account's bookings.

    Raises: AccountNotFound; CursorUnreadable.
    """
    with desk.reading() as session:
        accounts.load(session, account_id)
        return bookings.history(session, account_id, cursor=cursor, limit=limit)
