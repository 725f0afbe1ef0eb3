"""The route of the forecast of retention."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting_role, check_may_read_figures
from pricing_engine.api.doorway import answer, doorway_of
from pricing_engine.api.forecast_json import forecast_json
from pricing_engine.api.openapi import described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.wire_forecast import ForecastOut, ForecastQuery
from pricing_engine.api.wire_queries import read_query
from pricing_engine.desk import Desk
from pricing_engine.usecases.read_forecast import ForecastAsked, read_forecast

router: Final = APIRouter(route_class=PlainRoute, tags=["retention"])


@router.get(
    "/v1/retention/forecast",
    operation_id="read_forecast",
    summary="Read what retention will be: a distribution with its back-test, the renewal calendar and open quotes",
    **described(ForecastOut, query=ForecastQuery, problems=(403, 409)),
)
async def forecast(request: Request) -> Response:
    """From what the ledger shows by a day; null with reasons where that is too little."""
    check_may_read_figures(acting_role(request.scope))
    query = read_query(request.scope, ForecastQuery)
    return answer(await doorway_of(request).desk.run_apart(_read, doorway_of(request).desk, query))


def _read(desk: Desk, query: ForecastQuery) -> dict[str, Any]:
    return forecast_json(read_forecast(desk, ForecastAsked(query.on or desk.today(), query.months, query.by)))
