"""`webhooks list`, `show` and `deliveries`: where events are posted to, and how that went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.paging import Cursor, Limit, origins_of, say_next, typed_again
from pricing_engine.cli.screen import JsonFlag, say, show, write_answer

if TYPE_CHECKING:
    from pricing_engine.api.wire_queries import PageQuery
    from pricing_engine.usecases.records import Page
    from pricing_engine.usecases.webhook_deliveries import Told

WebhookId = Annotated[str, typer.Argument(metavar="WEBHOOK", help="A webhook's id.")]

_NEWEST: Final = 5
"""How many deliveries are shown with a webhook."""


def list_webhooks(limit: Limit = None, cursor: Cursor = None, as_json: JsonFlag = False) -> None:
    """List webhooks, newest first, a page at a time."""
    with outcome_shown(as_json=as_json, origins=origins_of({})):
        from pricing_engine.api.webhook_json import webhook_json
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.show_webhooks import webhooks_part
        from pricing_engine.usecases import webhooks

        query = _page_query(limit, cursor)
        with open_ready_desk() as desk:
            page = webhooks.list_webhooks(desk, cursor=query.cursor, limit=query.limit)
        if as_json:
            write_answer({"items": list(map(webhook_json, page.items)), "next_cursor": page.next_cursor})
        else:
            show(webhooks_part(page.items))
            say_next(page.next_cursor, "webhooks", "list", *typed_again({}, {"limit": limit}))


def show_webhook(webhook: WebhookId, as_json: JsonFlag = False) -> None:
    """Show a webhook, without its secret, and what it was told last."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.webhook_json import webhook_json
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.show_webhooks import webhook_parts
        from pricing_engine.usecases.webhook_deliveries import list_deliveries
        from pricing_engine.usecases.webhooks import read_webhook

        with open_ready_desk() as desk:
            endpoint = read_webhook(desk, webhook_id=webhook)
            page = list_deliveries(desk, webhook_id=webhook, cursor=None, limit=_NEWEST)
        if as_json:
            write_answer(webhook_json(endpoint) | {"deliveries": _page_json(page)})
            return
        show(*webhook_parts(endpoint, page.items))
        if page.next_cursor is not None:
            say(f"these are the newest {_NEWEST}; for all: pricing-engine webhooks deliveries {webhook}")


def deliveries(webhook: WebhookId, limit: Limit = None, cursor: Cursor = None, as_json: JsonFlag = False) -> None:
    """List what a webhook was told, newest first, with every try."""
    with outcome_shown(as_json=as_json, origins=origins_of({})):
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.show_webhooks import deliveries_part
        from pricing_engine.usecases.webhook_deliveries import list_deliveries

        query = _page_query(limit, cursor)
        with open_ready_desk() as desk:
            page = list_deliveries(desk, webhook_id=webhook, cursor=query.cursor, limit=query.limit)
        if as_json:
            write_answer(_page_json(page))
        else:
            show(deliveries_part(page.items, shows_every_try=True))
            say_next(page.next_cursor, "webhooks", "deliveries", webhook, *typed_again({}, {"limit": limit}))


def _page_json(page: Page[Told]) -> dict[str, Any]:
    from pricing_engine.api.webhook_json import delivery_json

    return {"items": list(map(delivery_json, page.items)), "next_cursor": page.next_cursor}


def _page_query(limit: str | None, cursor: str | None) -> PageQuery:
    from pricing_engine.api.wire_faults import validate
    from pricing_engine.api.wire_queries import PageQuery

    typed = {"limit": limit, "cursor": cursor}
    return validate(PageQuery, {name: value for name, value in typed.items() if value is not None})
