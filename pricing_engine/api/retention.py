"""The routes of retention: figures of a window, what a quote does to them, and whether their ledger is whole."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting_role, check_may_read_figures
from pricing_engine.api.doorway import answer, doorway_of, path_id
from pricing_engine.api.openapi import described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.retention_json import quote_effect_json, retention_json, verified_ledger_json
from pricing_engine.api.wire_queries import NoQuery, read_query
from pricing_engine.api.wire_retention import (
    EffectQuery,
    LedgerVerifiedOut,
    QuoteEffectOut,
    RetentionOut,
    RetentionQuery,
)
from pricing_engine.api.wire_text import RECORD_ID
from pricing_engine.desk import Desk
from pricing_engine.usecases.read_quote_effect import read_quote_effect
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


@router.get(
    "/v1/quotes/{quote_id}/retention",
    operation_id="read_quote_effect",
    summary="Read what a quote does to retention: of its account, the account's segments and the book",
    **described(QuoteEffectOut, path={"quote_id": RECORD_ID}, query=EffectQuery, problems=(403, 404, 409)),
)
async def effect(request: Request) -> Response:
    """Accepted against declined, and of a renewal against a flat one."""
    check_may_read_figures(acting_role(request.scope))
    query = read_query(request.scope, EffectQuery)
    quote_id = path_id(request, "quote_id")
    desk = doorway_of(request).desk
    return answer(await desk.run(_effect, desk, quote_id, query))


def _effect(desk: Desk, quote_id: str, query: EffectQuery) -> dict[str, Any]:
    return quote_effect_json(read_quote_effect(desk, quote_id=quote_id, horizon=query.horizon))
