"""List quotes, newest first, page by page."""

from __future__ import annotations

from datetime import datetime

from pricing_engine.desk import Desk
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.storage import quote_lists
from pricing_engine.storage.quote_lists import QuoteFilter
from pricing_engine.usecases.records import Page, QuoteSummary


def list_quotes(
    desk: Desk,
    *,
    account_id: str | None = None,
    state: QuoteState | None = None,
    created_after: datetime | None = None,
    external_ref: str | None = None,
    type: QuoteType | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[QuoteSummary]:
    """Up to `limit` quotes that fit every filter given; `created_after` excludes the instant itself.

    Raises: CursorUnreadable.
    """
    only = QuoteFilter(account_id, state, created_after, external_ref, type)
    with desk.reading() as session:
        return quote_lists.page(session, only, cursor=cursor, limit=limit)
