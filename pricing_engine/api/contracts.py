"""The routes of contracts: what an account has on a day, everything booked for it, and how milestones came out."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting, acting_role, check_may_record
from pricing_engine.api.contract_json import account_contracts_json, history_json
from pricing_engine.api.doorway import answer, doorway_of, path_id, read_body_model
from pricing_engine.api.json_values import dumped
from pricing_engine.api.once_only import act_once
from pricing_engine.api.openapi import IDEMPOTENCY, described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.wire_contract_answers import AccountContractsOut, HistoryOut
from pricing_engine.api.wire_milestones import OutcomeIn, check_has_come
from pricing_engine.api.wire_queries import ContractQuery, NoQuery, PageQuery, read_query
from pricing_engine.api.wire_text import RECORD_ID
from pricing_engine.contracts.contract import Outcome
from pricing_engine.usecases.once import Rendered
from pricing_engine.usecases.read_contract import AccountContracts, read_contract
from pricing_engine.usecases.read_contract_history import read_contract_history
from pricing_engine.usecases.record_milestone import record_milestone

router: Final = APIRouter(route_class=PlainRoute, tags=["contracts"])

_EXAMPLE: Final = {"milestone": "go-live", "outcome": "missed", "on": "2026-06-30"}


@router.get(
    "/v1/accounts/{account_id}/contract",
    operation_id="read_contract",
    summary="Read what an account has on a day, as it is or was known",
    **described(AccountContractsOut, path={"account_id": RECORD_ID}, query=ContractQuery, problems=(404,)),
)
async def read(request: Request) -> Response:
    """The account's contracts."""
    desk = doorway_of(request).desk
    acting_role(request.scope)
    query = read_query(request.scope, ContractQuery)
    account_id = path_id(request, "account_id")
    found = await desk.run(read_contract, desk, account_id=account_id, on=query.on, known_on=query.known_on)
    return answer(account_contracts_json(found))


@router.get(
    "/v1/accounts/{account_id}/history",
    operation_id="read_history",
    summary="Read everything that was booked for an account, newest first",
    **described(HistoryOut, path={"account_id": RECORD_ID}, query=PageQuery, problems=(404,)),
)
async def history(request: Request) -> Response:
    """A page of the account's bookings."""
    desk = doorway_of(request).desk
    acting_role(request.scope)
    query = read_query(request.scope, PageQuery)
    account_id = path_id(request, "account_id")
    page = await desk.run(read_contract_history, desk, account_id=account_id, cursor=query.cursor, limit=query.limit)
    return answer(history_json(account_id, page))


@router.post(
    "/v1/accounts/{account_id}/milestones",
    operation_id="record_milestone",
    summary="Record how a milestone came out; one that was missed is credited",
    **described(
        AccountContractsOut,
        status=201,
        body=OutcomeIn,
        example=_EXAMPLE,
        path={"account_id": RECORD_ID},
        problems=(403, 404, 409),
        headers=(IDEMPOTENCY,),
    ),
)
async def record(request: Request) -> Response:
    """201 with the account's contracts on the day the recorded version takes force, and where they are read."""
    desk = doorway_of(request).desk
    actor = acting(request.scope)
    check_may_record(actor.role)
    read_query(request.scope, NoQuery)
    account_id = path_id(request, "account_id")
    wanted = await read_body_model(request, OutcomeIn)
    check_has_come(wanted, today=desk.today())
    return await act_once(
        request,
        record_milestone,
        _rendered,
        account_id=account_id,
        milestone=wanted.milestone,
        outcome=Outcome(wanted.outcome),
        by=actor.user,
        on=wanted.on,
        contract_id=wanted.contract_id,
    )


def _rendered(found: AccountContracts) -> Rendered:
    location = f"/v1/accounts/{found.account_id}/contract?on={found.on}"
    return Rendered(201, {"location": location}, dumped(account_contracts_json(found)))
