"""The routes that train a model, and show how one was judged."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.accepted_media import preferred
from pricing_engine.api.acting_role import acting, acting_role, check_may_read_figures
from pricing_engine.api.doorway import answer, doorway_of, path_id, read_optional_body
from pricing_engine.api.evaluation_json import evaluation_json
from pricing_engine.api.json_values import dumped
from pricing_engine.api.once_only import act_once_prepared
from pricing_engine.api.openapi import IDEMPOTENCY, described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.promoting_role import check_may_promote
from pricing_engine.api.wire_evaluation import EvaluationOut, EvaluationQuery, TrainingIn
from pricing_engine.api.wire_queries import NoQuery, read_query
from pricing_engine.rendering.evaluation import render_evaluation
from pricing_engine.scoring.artefact import Artefact
from pricing_engine.usecases.evaluate_model import evaluate_model
from pricing_engine.usecases.once import Rendered
from pricing_engine.usecases.train_model import TrainingAsked, collect_and_learn, keep_model

router: Final = APIRouter(route_class=PlainRoute, tags=["scoring"])

_MEDIA: Final[Mapping[str, str]] = {"application/json": "json", "text/html": "html"}
_EXAMPLE: Final = {"without": ["owner"], "keep": [{"fact": "start_wanted", "why": "asked in the first call"}]}
_HEADERS: Final[Mapping[str, str]] = {
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
}


@router.post(
    "/v1/scoring/models",
    operation_id="train_model",
    summary="Train a model of all deals, and judge it out of time; using it is another step",
    **described(
        EvaluationOut,
        status=201,
        body=TrainingIn,
        example=_EXAMPLE,
        is_body_needed=False,
        problems=(403, 501),
        headers=(IDEMPOTENCY,),
    ),
)
async def train(request: Request) -> Response:
    """The model as it was judged; while it trains, quotes go on, and figures of the whole book wait."""
    actor = acting(request.scope)
    check_may_promote(actor.role)
    read_query(request.scope, NoQuery)
    wanted = await read_optional_body(request, TrainingIn)
    keep = {each.fact: each.why for each in wanted.keep}
    asked = TrainingAsked(wanted.cut, frozenset(wanted.without), keep, wanted.instrument)
    return await act_once_prepared(
        request, partial(collect_and_learn, asked=asked, by=actor.user), partial(keep_model, actor=actor), _trained
    )


def _trained(artefact: Artefact) -> Rendered:
    location = f"/v1/scoring/models/{artefact.model.hash}"
    return Rendered(201, {"Location": location}, dumped(evaluation_json(artefact)))


@router.get(
    "/v1/scoring/models/{hash}/evaluation",
    operation_id="read_evaluation",
    summary="Read how a model was judged, and how it has done since, as JSON or as a page",
    **described(EvaluationOut, path={"hash": r"^[0-9a-f]{8,64}$"}, query=EvaluationQuery, problems=(403, 404, 409)),
)
async def evaluation(request: Request) -> Response:
    """The evaluation; as HTML where that is asked for or accepted rather."""
    check_may_read_figures(acting_role(request.scope))
    query = read_query(request.scope, EvaluationQuery)
    desk = doorway_of(request).desk
    found = await desk.run_apart(evaluate_model, desk, hash=path_id(request, "hash"))
    plain: dict[str, Any] = evaluation_json(found.artefact, found.since)
    if (query.format or _MEDIA[preferred(request.scope, tuple(_MEDIA))]) == "json":
        return answer(plain)
    page = await asyncio.to_thread(render_evaluation, plain)
    return Response(page, media_type="text/html; charset=utf-8", headers=dict(_HEADERS))
