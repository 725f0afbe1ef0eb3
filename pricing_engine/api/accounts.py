"""The routes of accounts: make one, read one, list them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting_role
from pricing_engine.api.doorway import answer, doorway_of, path_id, read_body_model
from pricing_engine.api.json_values import digits, dumped
from pricing_engine.api.once_only import act_once
from pricing_engine.api.openapi import IDEMPOTENCY, described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.wire_accounts import AccountIn, attributes_of
from pricing_engine.api.wire_answers import AccountOut, AccountsOut
from pricing_engine.api.wire_queries import AccountsQuery, NoQuery, read_query
from pricing_engine.api.wire_text import RECORD_ID
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.list_accounts import list_accounts
from pricing_engine.usecases.once import Rendered
from pricing_engine.usecases.read_account import read_account
from pricing_engine.usecases.records import StoredAccount

router: Final = APIRouter(route_class=PlainRoute, tags=["accounts"])

_EXAMPLE: Final = {
    "name": "Acme Ltd",
    "currency": "USD",
    "market": "US",
    "external_id": "crm-0017",
    "attributes": {"segment": "mid_market", "employees": {"decimal": "250"}},
}
_READ_LINK: Final = {
    "read": {"operationId": "read_account", "parameters": {"account_id": "$response.body#/id"}},
}


@router.post(
    "/v1/accounts",
    operation_id="create_account",
    summary="Make an account that can be quoted",
    **described(
        AccountOut,
        status=201,
        body=AccountIn,
        example=_EXAMPLE,
        problems=(409,),
        links=_READ_LINK,
        headers=(IDEMPOTENCY,),
    ),
)
async def create(request: Request) -> Response:
    """201 with the account and its Location."""
    acting_role(request.scope)
    read_query(request.scope, NoQuery)
    wanted = await read_body_model(request, AccountIn)
    return await act_once(
        request,
        create_account,
        _rendered,
        name=wanted.name,
        currency=wanted.currency,
        market=wanted.market,
        attributes=attributes_of(wanted),
        external_id=wanted.external_id,
    )


def _rendered(stored: StoredAccount) -> Rendered:
    return Rendered(201, {"location": f"/v1/accounts/{stored.account.id}"}, dumped(account_json(stored)))


@router.get(
    "/v1/accounts",
    operation_id="list_accounts",
    summary="List accounts, newest first",
    **described(AccountsOut, query=AccountsQuery),
)
async def list_page(request: Request) -> Response:
    """A page of accounts."""
    desk = doorway_of(request).desk
    acting_role(request.scope)
    query = read_query(request.scope, AccountsQuery)
    page = await desk.run(list_accounts, desk, external_id=query.external_id, cursor=query.cursor, limit=query.limit)
    return answer({"items": [account_json(stored) for stored in page.items], "next_cursor": page.next_cursor})


@router.get(
    "/v1/accounts/{account_id}",
    operation_id="read_account",
    summary="Read an account",
    **described(AccountOut, path={"account_id": RECORD_ID}, problems=(404,)),
)
async def read(request: Request) -> Response:
    """The account."""
    desk = doorway_of(request).desk
    acting_role(request.scope)
    read_query(request.scope, NoQuery)
    stored = await desk.run(read_account, desk, account_id=path_id(request, "account_id"))
    return answer(account_json(stored))


def account_json(stored: StoredAccount) -> dict[str, Any]:
    """The account as JSON-ready data."""
    account = stored.account
    return {
        "id": account.id,
        "name": account.name,
        "currency": account.currency,
        "market": account.market,
        "external_id": stored.external_id,
        "attributes": {name: _attribute(value) for name, value in account.attributes.items()},
        "created_at": stored.created_at,
    }


def _attribute(value: str | bool | Decimal | date) -> object:
    match value:
        case Decimal():
            return {"decimal": digits(value)}
        case date():
            return {"date": value}
        case _:
            return value
