"""The routes of usage: record readings, and read them again."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting, acting_role
from pricing_engine.api.doorway import answer, doorway_of, path_id, read_body_model
from pricing_engine.api.json_values import digits, dumped
from pricing_engine.api.measuring_role import check_may_measure
from pricing_engine.api.once_only import act_once
from pricing_engine.api.openapi import IDEMPOTENCY, described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.wire_queries import NoQuery, read_query
from pricing_engine.api.wire_text import RECORD_ID
from pricing_engine.api.wire_usage import UsageIn, UsageOut, UsageQuery, UsageRecordedOut, measured_of
from pricing_engine.usecases.once import Rendered
from pricing_engine.usecases.read_usage import read_usage
from pricing_engine.usecases.record_usage import UsageRecorded, record_usage
from pricing_engine.usecases.records import StoredReading

router: Final = APIRouter(route_class=PlainRoute, tags=["usage"])

_EXAMPLE: Final = {
    "readings": [
        {"id": "storage-2026-06-30", "metric": "storage_gb", "at": "2026-06-30", "quantity": "412.5"},
        {"id": "api-2026-06-30T18", "metric": "api_calls", "at": "2026-06-30T18:00:00Z", "quantity": "180000"},
    ]
}


@router.post(
    "/v1/accounts/{account_id}/usage",
    operation_id="record_usage",
    summary="Record what an account uses; each reading is counted once",
    **described(
        UsageRecordedOut,
        status=201,
        body=UsageIn,
        example=_EXAMPLE,
        path={"account_id": RECORD_ID},
        problems=(403, 404, 409),
        headers=(IDEMPOTENCY,),
    ),
)
async def record(request: Request) -> Response:
    """201 with how many readings are new, and where they are read."""
    desk = doorway_of(request).desk
    role = acting_role(request.scope)
    check_may_measure(role)
    read_query(request.scope, NoQuery)
    account_id = path_id(request, "account_id")
    wanted = await read_body_model(request, UsageIn)
    readings = measured_of(wanted, today=desk.today())
    by = acting(request.scope).user
    return await act_once(request, record_usage, _recorded, account_id=account_id, readings=readings, by=by)


def _recorded(done: UsageRecorded) -> Rendered:
    written = {"account_id": done.account_id, "accepted": done.accepted, "repeated": done.repeated}
    return Rendered(201, {"location": f"/v1/accounts/{done.account_id}/usage"}, dumped(written))


@router.get(
    "/v1/accounts/{account_id}/usage",
    operation_id="read_usage",
    summary="Read what an account was measured to use, reading by reading",
    **described(UsageOut, path={"account_id": RECORD_ID}, query=UsageQuery, problems=(404,)),
)
async def read(request: Request) -> Response:
    """A page of readings, those measured last first."""
    desk = doorway_of(request).desk
    acting_role(request.scope)
    query = read_query(request.scope, UsageQuery)
    account_id = path_id(request, "account_id")
    page = await desk.run(
        read_usage,
        desk,
        account_id=account_id,
        metric=query.metric,
        first=query.first,
        last=query.last,
        cursor=query.cursor,
        limit=query.limit,
    )
    items = [_reading_json(stored) for stored in page.items]
    return answer({"account_id": account_id, "items": items, "next_cursor": page.next_cursor})


def _reading_json(stored: StoredReading) -> dict[str, Any]:
    reading = stored.reading
    return {
        "id": reading.id,
        "metric": reading.metric,
        "day": reading.day,
        "measured_at": reading.measured_at,
        "quantity": digits(reading.quantity),
        "counts": stored.counts,
        "recorded_at": reading.recorded_at,
        "received_at": stored.received_at,
        "received_by": stored.received_by,
    }
