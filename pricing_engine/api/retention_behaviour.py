"""The route of behaviour: what changes of price did to customers."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting_role, check_may_read_figures
from pricing_engine.api.behaviour_json import behaviour_json
from pricing_engine.api.doorway import answer, doorway_of
from pricing_engine.api.openapi import described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.wire_behaviour import BehaviourOut, BehaviourQuery
from pricing_engine.api.wire_queries import read_query
from pricing_engine.desk import Desk
from pricing_engine.retention.price_events import Direction, PriceEvent
from pricing_engine.usecases.read_behaviour import AskedBehaviour, read_behaviour

router: Final = APIRouter(route_class=PlainRoute, tags=["retention"])


@router.get(
    "/v1/retention/behaviour",
    operation_id="read_behaviour",
    summary="Read what price rises, promotion ends and other changes of price did to customers",
    **described(BehaviourOut, query=BehaviourQuery, problems=(403, 409, 501)),
)
async def behaviour(request: Request) -> Response:
    """The accounts an event hit against like ones, before and after, and what can be told of it."""
    check_may_read_figures(acting_role(request.scope))
    query = read_query(request.scope, BehaviourQuery)
    return answer(await doorway_of(request).desk.run_apart(_read, doorway_of(request).desk, query))


def _read(desk: Desk, query: BehaviourQuery) -> dict[str, Any]:
    event, direction = PriceEvent(query.event), Direction(query.direction)
    asked = AskedBehaviour(event, direction, query.on or desk.today(), query.months, query.around)
    return behaviour_json(read_behaviour(desk, asked))
