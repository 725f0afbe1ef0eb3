"""The route of reconciliation: what imported histories say otherwise than the ledger."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting_role, check_may_read_figures
from pricing_engine.api.doorway import answer, doorway_of
from pricing_engine.api.openapi import described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.reconciliation_json import reconciliation_json
from pricing_engine.api.wire_queries import read_query
from pricing_engine.api.wire_reconciliation import ReconciliationOut, ReconciliationQuery
from pricing_engine.usecases.reconcile_histories import reconcile_histories

router: Final = APIRouter(route_class=PlainRoute, tags=["retention"])


@router.get(
    "/v1/retention/reconciliation",
    operation_id="read_reconciliation",
    summary="Read where imported revenue histories say otherwise than the ledger, with what is at stake",
    **described(ReconciliationOut, query=ReconciliationQuery, problems=(403, 409)),
)
async def reconciliation(request: Request) -> Response:
    """The totals of each month, kinds of contradictions, and the first of them."""
    check_may_read_figures(acting_role(request.scope))
    query = read_query(request.scope, ReconciliationQuery)
    desk = doorway_of(request).desk
    found = await desk.run_apart(reconcile_histories, desk, on=query.on or desk.today())
    return answer(reconciliation_json(found, after=query.after, limit=query.limit))
