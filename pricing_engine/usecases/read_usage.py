"""Read what an account was measured to use, reading by reading, those measured last first."""

from __future__ import annotations

from datetime import date

from pricing_engine.desk import Desk
from pricing_engine.storage import accounts, usage
from pricing_engine.storage.usage import UsageFilter
from pricing_engine.usecases.records import Page, StoredReading


def read_usage(
    desk: Desk,
    *,
    account_id: str,
    metric: str | None = None,
    first: date | None = None,
    last: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[StoredReading]:
    """Up to `limit` readings of a metric (None: of all) from a day to a day, both included.

    Raises: AccountNotFound; CursorUnreadable.
    """
    with desk.reading() as session:
        accounts.load(session, account_id)
        return usage.page(session, account_id, UsageFilter(metric, first, last), cursor=cursor, limit=limit)
