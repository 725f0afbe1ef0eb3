"""The routes of retention: the figures of a window, and whether the ledger they are read from is whole."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting_role, check_may_read_figures
from pricing_engine.api.doorway import answer, doorway_of
from pricing_engine.api.openapi import described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.retention_json import retention_json, verified_ledger_json
from pricing_engine.api.wire_queries import NoQuery, read_query
from pricing_engine.api.wire_retention import LedgerVerifiedOut, RetentionOut, RetentionQuery
from pricing_engine.desk import Desk
from pricing_engine.usecases.read_retention import Asked, read_retention
from pricing_engine.usecases.verify_ledger import verify_ledger

router: Final = APIRouter(route_class=PlainRoute, tags=["retention"])


@router.get(
    "/v1/retention",
    operation_id="read_retention",
    summary="Read net and gross revenue retention of a window, with the movements behind it",
    **described(RetentionOut, query=RetentionQuery, problems=(403, 409)),
)
async def read(request: Request) -> Response:
    """The whole book, its segments if it is told apart, and each month."""
    check_may_read_figures(acting_role(request.scope))
    query = read_query(request.scope, RetentionQuery)
    desk = doorway_of(request).desk
    asked = Asked(query.on or desk.today(), query.months, query.by, query.gap_days)
    return answer(await desk.run(_read, desk, asked))


def _read(desk: Desk, asked: Asked) -> dict[str, Any]:
    return retention_json(read_retention(desk, asked))


@router.get(
    "/v1/retention/verify",
    operation_id="verify_ledger",
    summary="Say whether movements sum to what every contract is worth, or where they do not",
    **described(LedgerVerifiedOut, problems=(403,)),
)
async def verify(request: Request) -> Response:
    """How many contract versions agree, and the first that does not."""
    check_may_read_figures(acting_role(request.scope))
    read_query(request.scope, NoQuery)
    desk = doorway_of(request).desk
    return answer(verified_ledger_json(await desk.run(verify_ledger, desk)))
