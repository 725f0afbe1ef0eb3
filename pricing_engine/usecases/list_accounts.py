"""List accounts, newest first, page by page."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.storage import accounts
from pricing_engine.usecases.records import Page, StoredAccount


def list_accounts(
    desk: Desk, *, external_id: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[StoredAccount]:
    """Up to `limit` accounts; with `external_id` the one that has it, if any.

    Raises: CursorUnreadable.
    """
    with desk.reading() as session:
        return accounts.page(session, external_id=external_id, cursor=cursor, limit=limit)
