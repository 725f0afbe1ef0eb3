"""The routes of quotes: price without keeping, price and keep, read, list, replay."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting, acting_role, check_may_backdate, check_may_read_figures
from pricing_engine.api.doorway import answer, answer_bytes, answer_rendered, doorway_of, path_id, read_body_model
from pricing_engine.api.json_values import dumped
from pricing_engine.api.once_only import act_once, etag, idempotency_key
from pricing_engine.api.openapi import IDEMPOTENCY, described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.quote_examples import QUOTE_EXAMPLES
from pricing_engine.api.quote_json import (
    preview_json,
    quote_bytes,
    replay_json,
    stored_quote_bytes,
    stored_quote_json,
    summary_json,
)
from pricing_engine.api.retention_json import quote_effect_json
from pricing_engine.api.scored_json import scoring_json
from pricing_engine.api.wire_queries import ExpandQuery, KeptQuoteQuery, NoQuery, PreviewQuery, QuotesQuery, read_query
from pricing_engine.api.wire_quote_answers import QuoteOut, QuotesOut, ReplayOut
from pricing_engine.api.wire_quote_request import QuoteIn, ask_of, check_outlives
from pricing_engine.api.wire_retention import KeptQuoteOut
from pricing_engine.api.wire_text import RECORD_ID
from pricing_engine.desk import Desk
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.usecases.improve_quote import improve_quote
from pricing_engine.usecases.keep_effects import kept_effect
from pricing_engine.usecases.list_quotes import list_quotes
from pricing_engine.usecases.once import Once, Rendered
from pricing_engine.usecases.preview_quote import preview_quote, preview_quote_in_loop
from pricing_engine.usecases.quote_ask import INLINE_CHANGES, QuoteAsk
from pricing_engine.usecases.quote_life import Actor, life_of_new
from pricing_engine.usecases.read_quote import read_quote
from pricing_engine.usecases.read_quote_effect import chance_of
from pricing_engine.usecases.records import StoredQuote
from pricing_engine.usecases.replay_quote import replay_quote
from pricing_engine.usecases.request_quote import request_quote, request_quote_in_loop

router: Final = APIRouter(route_class=PlainRoute, tags=["quotes"])

_LINKS: Final = {
    "read": {"operationId": "read_quote", "parameters": {"quote_id": "$response.body#/id"}},
    "replay": {"operationId": "replay_quote", "parameters": {"quote_id": "$response.body#/id"}},
}
_CANNOT_BE_PRICED: Final = (403, 404, 409)


@router.post(
    "/v1/quotes/preview",
    operation_id="preview_quote",
    summary="Price a quote without keeping it",
    **described(QuoteOut, body=QuoteIn, examples=QUOTE_EXAMPLES, query=PreviewQuery, problems=_CANNOT_BE_PRICED),
)
async def preview(request: Request) -> Response:
    """The quote as keeping it would give it, with the id `preview`."""
    desk = doorway_of(request).desk
    actor = acting(request.scope)
    expand = read_query(request.scope, PreviewQuery).expand
    ask = _checked(await read_body_model(request, QuoteIn), actor.role, desk.today())
    if len(ask.changes) > INLINE_CHANGES or "score" in expand:  # what raises a score takes dozens of prices
        return answer_bytes(await asyncio.to_thread(_previewed, desk, ask, actor.role, expand))
    quote = await preview_quote_in_loop(desk, ask=ask)
    return answer_bytes(quote_bytes(quote, role=actor.role, waterfall="waterfall" in expand))


@router.post(
    "/v1/quotes",
    operation_id="request_quote",
    summary="Price a quote and keep it as a draft",
    **described(
        QuoteOut,
        status=201,
        body=QuoteIn,
        examples=QUOTE_EXAMPLES,
        query=ExpandQuery,
        problems=_CANNOT_BE_PRICED,
        links=_LINKS,
        headers=(IDEMPOTENCY,),
    ),
)
async def create(request: Request) -> Response:
    """201 with the quote and its Location."""
    actor = acting(request.scope)
    query = read_query(request.scope, ExpandQuery)
    wanted = await read_body_model(request, QuoteIn)

    def render(stored: StoredQuote) -> Rendered:
        content = stored_quote_bytes(life_of_new(stored), role=actor.role, waterfall=query.shows_waterfall)
        headers = {"location": f"/v1/quotes/{stored.quote.id}", "etag": etag(stored.revision)}
        return Rendered(201, headers, content)

    if idempotency_key(request.scope) is None:
        desk = doorway_of(request).desk
        ask = _checked(wanted, actor.role, desk.today())
        return answer_rendered(render(await request_quote_in_loop(desk, ask=ask, by=actor.user)))
    return await act_once(request, _requested, render, wanted=wanted, actor=actor)


def _requested(desk: Desk, *, wanted: QuoteIn, actor: Actor, once: Once[StoredQuote] | None = None) -> StoredQuote:
    """What is wanted is read only when it has not been answered before: by now its last day may be over."""
    ask = _checked(wanted, actor.role, desk.today())
    return request_quote(desk, ask=ask, by=actor.user, once=once)


@router.get(
    "/v1/quotes",
    operation_id="list_quotes",
    summary="List quotes, newest first",
    **described(QuotesOut, query=QuotesQuery),
)
async def list_page(request: Request) -> Response:
    """A page of quotes."""
    desk = doorway_of(request).desk
    acting_role(request.scope)
    query = read_query(request.scope, QuotesQuery)
    page = await desk.run(
        list_quotes,
        desk,
        account_id=query.account_id,
        state=None if query.state is None else QuoteState(query.state),
        created_after=query.created_after,
        external_ref=query.external_ref,
        type=None if query.type is None else QuoteType(query.type),
        cursor=query.cursor,
        limit=query.limit,
    )
    return answer({"items": [summary_json(found) for found in page.items], "next_cursor": page.next_cursor})


@router.get(
    "/v1/quotes/{quote_id}",
    operation_id="read_quote",
    summary="Read a quote",
    **described(KeptQuoteOut, path={"quote_id": RECORD_ID}, query=KeptQuoteQuery, problems=(403, 404, 409)),
)
async def read(request: Request) -> Response:
    """The quote as it was kept; what it does to retention is as of when it was priced or replayed last."""
    desk = doorway_of(request).desk
    role = acting_role(request.scope)
    expand = read_query(request.scope, KeptQuoteQuery).expand
    quote_id = path_id(request, "quote_id")
    if "retention" in expand:
        check_may_read_figures(role)
    life = await desk.run(read_quote, desk, quote_id=quote_id)
    shown = stored_quote_json(life, role=role, waterfall="waterfall" in expand, on=desk.today())
    if "score" in expand:
        improvements = await desk.run_apart(improve_quote, desk, quote=life.quote)
        shown["scoring"] = scoring_json(life.quote, improvements, role)
    if "retention" in expand:
        effect = await desk.run_apart(kept_effect, desk, quote_id=quote_id)
        shown["retention"] = quote_effect_json(replace(effect, probability=chance_of(life.quote)))
    return answer_rendered(Rendered(200, {"etag": etag(life.stored.revision)}, dumped(shown)))


@router.get(
    "/v1/quotes/{quote_id}/replay",
    operation_id="replay_quote",
    summary="Price a quote again under the rulebook it is pinned to",
    **described(ReplayOut, path={"quote_id": RECORD_ID}, problems=(404,)),
)
async def replay(request: Request) -> Response:
    """Whether the quote comes out equal, and where not."""
    desk = doorway_of(request).desk
    role = acting_role(request.scope)
    read_query(request.scope, NoQuery)
    done = await desk.run(replay_quote, desk, quote_id=path_id(request, "quote_id"))
    return answer(replay_json(done, role=role))


def _previewed(desk: Desk, ask: QuoteAsk, role: str, expand: Collection[str]) -> bytes:
    quote = preview_quote(desk, ask=ask)
    waterfall = "waterfall" in expand
    if "score" not in expand:
        return quote_bytes(quote, role=role, waterfall=waterfall)
    shown = preview_json(quote, role=role, waterfall=waterfall)
    return dumped(shown | {"scoring": scoring_json(quote, improve_quote(desk, quote=quote), role)})


def _checked(wanted: QuoteIn, role: str, today: date) -> QuoteAsk:
    check_may_backdate(role, as_of=wanted.as_of, today=today)
    check_outlives(wanted, today=today)
    return ask_of(wanted, role=role)
