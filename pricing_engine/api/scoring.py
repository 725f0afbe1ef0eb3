"""The routes of scoring: which models were trained, which is live, and having another one be."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting, acting_role, check_may_read_figures
from pricing_engine.api.doorway import answer, doorway_of, path_id, read_body_model
from pricing_engine.api.json_values import dumped
from pricing_engine.api.once_only import act_once
from pricing_engine.api.openapi import IDEMPOTENCY, described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.promoting_role import check_may_promote
from pricing_engine.api.scoring_json import model_json, models_json, promotion_json
from pricing_engine.api.wire_queries import NoQuery, PageQuery, read_query
from pricing_engine.api.wire_scoring import ModelRecordOut, ModelsOut, PromotionIn, PromotionOut, RollbackIn
from pricing_engine.scoring.model import Part
from pricing_engine.usecases.list_models import list_models, read_model
from pricing_engine.usecases.once import Rendered
from pricing_engine.usecases.promote_model import To, promote_model, roll_back
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.records import Promotion

router: Final = APIRouter(route_class=PlainRoute, tags=["scoring"])

_HASH_PATH: Final = {"hash": r"^[0-9a-f]{8,64}$"}
_PROMOTE: Final = {"parts": ["peers"], "reason": "peers of two years, checked by the deal desk"}
_ROLL_BACK: Final = {"reason": "targets of EMEA are too low"}


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
    # Artefacts are read whole to see that they are as they were written, which takes milliseconds each.
    return answer(models_json(await desk.run_apart(list_models, desk, cursor=query.cursor, limit=query.limit)))


@router.get(
    "/v1/scoring/models/{hash}",
    operation_id="read_model",
    summary="Read a trained model: on what it was trained, and which of its parts may be used",
    **described(ModelRecordOut, path=_HASH_PATH, problems=(403, 404)),
)
async def read(request: Request) -> Response:
    """The model, without its coefficients."""
    desk = doorway_of(request).desk
    check_may_read_figures(acting_role(request.scope))
    read_query(request.scope, NoQuery)
    return answer(model_json(await desk.run(read_model, desk, hash=path_id(request, "hash"))))


@router.post(
    "/v1/scoring/models/{hash}/promote",
    operation_id="promote_model",
    summary="Have quotes scored with a model, or some of its parts, from now on",
    **described(
        PromotionOut,
        body=PromotionIn,
        example=_PROMOTE,
        path=_HASH_PATH,
        problems=(403, 404, 409),
        headers=(IDEMPOTENCY,),
    ),
)
async def promote(request: Request) -> Response:
    """The activation."""
    actor = _promoter(request)
    hash_ = path_id(request, "hash")
    wanted = await read_body_model(request, PromotionIn)
    parts = tuple(map(Part, wanted.parts))
    return await act_once(request, promote_model, _promoted, hash=hash_, parts=parts, reason=wanted.reason, actor=actor)


@router.post(
    "/v1/scoring/rollback",
    operation_id="roll_back_model",
    summary="Have quotes scored as before the last change, or by rules alone",
    **described(PromotionOut, body=RollbackIn, example=_ROLL_BACK, problems=(403, 409), headers=(IDEMPOTENCY,)),
)
async def rollback(request: Request) -> Response:
    """The activation, of no model where rules speak alone."""
    actor = _promoter(request)
    wanted = await read_body_model(request, RollbackIn)
    return await act_once(request, roll_back, _promoted, to=To(wanted.to), reason=wanted.reason, actor=actor)


def _promoter(request: Request) -> Actor:
    actor = acting(request.scope)
    check_may_promote(actor.role)
    read_query(request.scope, NoQuery)
    return actor


def _promoted(done: Promotion) -> Rendered:
    return Rendered(200, {}, dumped(promotion_json(done)))
