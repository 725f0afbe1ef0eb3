"""The routes for whoever runs the service: is it alive, can it work, what has it counted, what does a problem mean."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.doorway import NotFound, answer, doorway_of
from pricing_engine.api.metrics import CONTENT_TYPE
from pricing_engine.api.openapi import described_operation
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.problem_pages import page_text
from pricing_engine.api.problem_table import PROBLEMS
from pricing_engine.api.wire_record_answers import StatusOut

router: Final = APIRouter(route_class=PlainRoute, tags=["operations"])


@router.get(
    "/healthz",
    operation_id="health",
    summary="Whether the process is alive",
    **described_operation(StatusOut, statuses=(200,)),
)
async def health(_request: Request) -> Response:
    """200 as long as the loop turns; nothing else is looked at."""
    return answer({"status": "ok", "checks": {}})


@router.get(
    "/readyz",
    operation_id="readiness",
    summary="Whether the service can quote",
    **described_operation(StatusOut, statuses=(200, 503)),
)
async def readiness(request: Request) -> Response:
    """200 when the schema is current and a rulebook is in force, else 503 naming what is missing."""
    doorway = doorway_of(request)
    checks = await doorway.desk.run(doorway.check_ready)
    ready = all(checks.values())
    return answer({"status": "ok" if ready else "not ready", "checks": checks}, status=200 if ready else 503)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """What Prometheus reads."""
    return Response(doorway_of(request).metrics.text(), media_type=CONTENT_TYPE)


@router.get("/problems/{code}", include_in_schema=False)
async def problem_page(request: Request) -> Response:
    """The page that a problem's `type` points to, as Markdown."""
    entry = PROBLEMS.get(str(request.path_params["code"]))
    if entry is None:
        raise NotFound("there is no problem of this code")
    return Response(page_text(entry), media_type="text/markdown; charset=utf-8")
