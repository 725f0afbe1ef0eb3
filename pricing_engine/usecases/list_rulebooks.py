"""List published rulebook versions, newest first, page by page."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.storage import rulebooks
from pricing_engine.usecases.records import Page, RulebookSummary


def list_rulebooks(desk: Desk, *, cursor: str | None = None, limit: int = 50) -> Page[RulebookSummary]:
    """Up to `limit` versions.

    Raises: CursorUnreadable.
    """
    with desk.reading() as session:
        return rulebooks.page(session, cursor=cursor, limit=limit)
