"""The routes of scoring: which models were trained, and which is live."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting_role, check_may_read_figures
from pricing_engine.api.doorway import answer, doorway_of
from pricing_engine.api.openapi import described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.scoring_json import models_json
from pricing_engine.api.wire_queries import PageQuery, read_query
from pricing_engine.api.wire_scoring import ModelsOut
from pricing_engine.usecases.list_models import list_models

router: Final = APIRouter(route_class=PlainRoute, tags=["scoring"])


@router.get(
    "/v1/scoring/models",
    operation_id="list_models",
    summary="List trained models, newest first, and say which is live",
    **described(ModelsOut, query=PageQuery, problems=(403,)),
)
async def list_page(request: Request) -> Response:
    """A page of models."""
    desk = doorway_of(request).desk
    check_may_read_figures(acting_role(request.scope))
    query = read_query(request.scope, PageQuery)
    return answer(models_json(await desk.run(list_models, desk, cursor=query.cursor, limit=query.limit)))
