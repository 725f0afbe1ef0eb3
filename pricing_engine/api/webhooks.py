"""The routes of webhooks: make one, read, change, give it a new secret, remove it, and see what it was told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NoReturn

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting, check_may_manage_webhooks
from pricing_engine.api.doorway import answer, doorway_of, path_id, read_body_model, read_optional_body
from pricing_engine.api.json_values import dumped
from pricing_engine.api.once_only import act_once
from pricing_engine.api.openapi import IDEMPOTENCY, described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.webhook_json import delivery_json, secret_json, webhook_json
from pricing_engine.api.wire_queries import NoQuery, PageQuery, read_query
from pricing_engine.api.wire_text import RECORD_ID
from pricing_engine.api.wire_webhook_answers import (
    DeliveriesOut,
    DeliveryOut,
    WebhookOut,
    WebhookSecretOut,
    WebhooksOut,
)
from pricing_engine.api.wire_webhooks import NothingIn, RotationIn, WebhookChangeIn, WebhookIn, changed_columns
from pricing_engine.integrations.webhooks.destinations import AddressRefused
from pricing_engine.usecases.once import Rendered
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.records import Endpoint
from pricing_engine.usecases.webhook_deliveries import Told, list_deliveries, retry_delivery
from pricing_engine.usecases.webhooks import (
    change_webhook,
    list_webhooks,
    make_webhook,
    read_webhook,
    remove_webhook,
    rotate_secret,
)

router: Final = APIRouter(route_class=PlainRoute, tags=["webhooks"])

_PATH: Final = {"webhook_id": RECORD_ID}
_EXAMPLE: Final = {
    "url": "https://crm.example.com/hooks/quotes",
    "events": ["pricing-engine.quote."],
    "description": "opportunities follow their quotes",
}
_READ_LINK: Final = {
    "read": {"operationId": "read_webhook", "parameters": {"webhook_id": "$response.body#/id"}},
}


@router.post(
    "/v1/webhooks",
    operation_id="make_webhook",
    summary="Have events posted to a URL; the secret that signs them is shown this once",
    **described(
        WebhookSecretOut,
        status=201,
        body=WebhookIn,
        example=_EXAMPLE,
        problems=(403, 409),
        links=_READ_LINK,
        headers=(IDEMPOTENCY,),
    ),
)
async def make(request: Request) -> Response:
    """201 with the webhook, its secret and its Location."""
    actor = _manager(request)
    read_query(request.scope, NoQuery)
    wanted = await read_body_model(request, WebhookIn)
    return await act_once(
        request,
        await _made_or_refused(request, wanted.url),
        lambda endpoint: _with_secret(endpoint, status=201),
        url=wanted.url,
        events=wanted.events,
        description=wanted.description,
        actor=actor,
    )


@router.get(
    "/v1/webhooks",
    operation_id="list_webhooks",
    summary="List webhooks, newest first",
    **described(WebhooksOut, query=PageQuery, problems=(403,)),
)
async def list_page(request: Request) -> Response:
    """A page of webhooks."""
    _manager(request)
    query = read_query(request.scope, PageQuery)
    desk = doorway_of(request).desk
    page = await desk.run(list_webhooks, desk, cursor=query.cursor, limit=query.limit)
    return answer({"items": list(map(webhook_json, page.items)), "next_cursor": page.next_cursor})


@router.get(
    "/v1/webhooks/{webhook_id}",
    operation_id="read_webhook",
    summary="Read a webhook",
    **described(WebhookOut, path=_PATH, problems=(403, 404)),
)
async def read(request: Request) -> Response:
    """The webhook, without its secret."""
    _manager(request)
    read_query(request.scope, NoQuery)
    desk = doorway_of(request).desk
    return answer(webhook_json(await desk.run(read_webhook, desk, webhook_id=path_id(request, "webhook_id"))))


@router.patch(
    "/v1/webhooks/{webhook_id}",
    operation_id="change_webhook",
    summary="Change where and what is posted, disable it, or enable it again",
    **described(WebhookOut, body=WebhookChangeIn, example={"enabled": False}, path=_PATH, problems=(403, 404)),
)
async def change(request: Request) -> Response:
    """The webhook as it is now."""
    actor = _manager(request)
    read_query(request.scope, NoQuery)
    webhook_id = path_id(request, "webhook_id")
    changed = changed_columns(await read_body_model(request, WebhookChangeIn))
    doorway = doorway_of(request)
    if "url" in changed:
        await doorway.destinations.check(changed["url"])
    done = await doorway.desk.run(change_webhook, doorway.desk, webhook_id=webhook_id, changed=changed, actor=actor)
    return answer(webhook_json(done))


@router.delete(
    "/v1/webhooks/{webhook_id}",
    operation_id="remove_webhook",
    summary="Remove a webhook, its secret and its deliveries",
    **described(None, status=204, path=_PATH, problems=(403, 404)),
)
async def remove(request: Request) -> Response:
    """204."""
    actor = _manager(request)
    read_query(request.scope, NoQuery)
    desk = doorway_of(request).desk
    await desk.run(remove_webhook, desk, webhook_id=path_id(request, "webhook_id"), actor=actor)
    return Response(status_code=204)


@router.post(
    "/v1/webhooks/{webhook_id}/rotate",
    operation_id="rotate_webhook_secret",
    summary="Give a webhook a new secret, shown this once; the old one signs too for 24 hours",
    **described(
        WebhookSecretOut,
        body=RotationIn,
        example={"keep_old": True},
        path=_PATH,
        problems=(403, 404),
        headers=(IDEMPOTENCY,),
        is_body_needed=False,
    ),
)
async def rotate(request: Request) -> Response:
    """The webhook with its new secret."""
    actor = _manager(request)
    read_query(request.scope, NoQuery)
    webhook_id = path_id(request, "webhook_id")
    wanted = await read_optional_body(request, RotationIn)
    return await act_once(
        request, rotate_secret, _with_secret, webhook_id=webhook_id, keep_old=wanted.keep_old, actor=actor
    )


@router.get(
    "/v1/webhooks/{webhook_id}/deliveries",
    operation_id="list_webhook_deliveries",
    summary="List what a webhook was told, newest first, with every try",
    **described(DeliveriesOut, path=_PATH, query=PageQuery, problems=(403, 404)),
)
async def deliveries(request: Request) -> Response:
    """A page of deliveries."""
    _manager(request)
    query = read_query(request.scope, PageQuery)
    desk, webhook_id = doorway_of(request).desk, path_id(request, "webhook_id")
    page = await desk.run(list_deliveries, desk, webhook_id=webhook_id, cursor=query.cursor, limit=query.limit)
    return answer({"items": list(map(delivery_json, page.items)), "next_cursor": page.next_cursor})


@router.post(
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry",
    operation_id="retry_webhook_delivery",
    summary="Deliver an event now, also one that was given up or has been accepted",
    **described(
        DeliveryOut,
        body=NothingIn,
        example={},
        path=_PATH | {"delivery_id": RECORD_ID},
        problems=(403, 404, 409),
        headers=(IDEMPOTENCY,),
        is_body_needed=False,
    ),
)
async def retry(request: Request) -> Response:
    """The delivery, which is due now."""
    _manager(request)
    read_query(request.scope, NoQuery)
    asked = {name: path_id(request, name) for name in ("webhook_id", "delivery_id")}
    await read_optional_body(request, NothingIn)
    return await act_once(request, retry_delivery, _with_tries, **asked)


def _manager(request: Request) -> Actor:
    """Who acts, in a role that may."""
    actor = acting(request.scope)
    check_may_manage_webhooks(actor.role)
    return actor


async def _made_or_refused(request: Request, url: str) -> Callable[..., Endpoint]:
    """What makes the webhook, or refuses its URL; a request that is repeated is answered as before in either case."""
    try:
        await doorway_of(request).destinations.check(url)
    except AddressRefused as error:
        refused = error
    else:
        return make_webhook

    def refuse(*_desk: Any, **_asked: Any) -> NoReturn:
        raise refused

    return refuse


def _with_secret(endpoint: Endpoint, *, status: int = 200) -> Rendered:
    headers = {"location": f"/v1/webhooks/{endpoint.id}"} if status == 201 else {}
    return Rendered(status, headers, dumped(secret_json(endpoint)), has_secret=True)


def _with_tries(told: Told) -> Rendered:
    return Rendered(200, {}, dumped(delivery_json(told)))
