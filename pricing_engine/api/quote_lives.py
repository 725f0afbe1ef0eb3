"""The routes of a quote's life: change, submit, approve, reject, present, accept, decline, withdraw, revise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.accepted_json import accepted_json
from pricing_engine.api.acting_role import acting, check_may_approve
from pricing_engine.api.doorway import answer_rendered, doorway_of, path_id, read_body_model, read_optional_body
from pricing_engine.api.json_values import dumped
from pricing_engine.api.once_only import act_once, etag, seen_revision
from pricing_engine.api.openapi import IDEMPOTENCY, IF_MATCH, described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.quote_json import stored_quote_bytes
from pricing_engine.api.wire_life import ApprovalIn, QuoteChangeIn, StepIn, changed_parts
from pricing_engine.api.wire_life_answers import AcceptedOut
from pricing_engine.api.wire_queries import NoQuery, read_query
from pricing_engine.api.wire_quote_answers import QuoteOut
from pricing_engine.api.wire_text import RECORD_ID
from pricing_engine.desk import Desk
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.usecases.accept_quote import Accepted, accept_quote
from pricing_engine.usecases.ask_again import change_quote, revise_quote
from pricing_engine.usecases.once import Once, Rendered
from pricing_engine.usecases.quote_life import Life
from pricing_engine.usecases.take_step import take_step

router: Final = APIRouter(route_class=PlainRoute, tags=["quotes"])

_REFUSED: Final = (403, 404, 409, 412, 428)
_COMMENT: Final = {"comment": "as agreed on the phone"}


def _described(
    answer: type[BaseModel], *, body: type[BaseModel] = StepIn, example: Mapping[str, Any] = _COMMENT, **more: Any
) -> dict[str, Any]:
    return described(
        answer,
        body=body,
        example=example,
        path={"quote_id": RECORD_ID},
        problems=_REFUSED,
        headers=(IF_MATCH, IDEMPOTENCY),
        is_body_needed=body is not StepIn and body is not QuoteChangeIn,
        **more,
    )


@router.patch(
    "/v1/quotes/{quote_id}",
    operation_id="change_quote",
    summary="Change a draft; it is priced anew under the rules of today",
    **described(
        QuoteOut,
        body=QuoteChangeIn,
        example={"note": "two years instead of one", "term_months": 24},
        path={"quote_id": RECORD_ID},
        problems=_REFUSED,
        headers=(IF_MATCH,),
    ),
)
async def change(request: Request) -> Response:
    """The draft as it is now."""
    asked = _asked(request)
    wanted = await read_body_model(request, QuoteChangeIn)
    desk = doorway_of(request).desk
    changed = changed_parts(wanted, today=desk.today())
    life = await desk.run(change_quote, desk, changed=changed, **asked)
    return answer_rendered(_rendered(life, asked["actor"].role))


@router.post(
    "/v1/quotes/{quote_id}/submit",
    operation_id="submit_quote",
    summary="Ask the levels that must agree; without any it is approved at once",
    **_described(QuoteOut),
)
async def submit(request: Request) -> Response:
    """The quote, pending or approved."""
    return await _step(request, Action.SUBMIT)


@router.post(
    "/v1/quotes/{quote_id}/approve",
    operation_id="approve_quote",
    summary="Agree to a quote as one of the levels that are asked",
    **_described(QuoteOut, body=ApprovalIn, example={"level": "manager", "comment": "competitive deal"}),
)
async def approve(request: Request) -> Response:
    """The quote, approved once every level has agreed."""
    asked = _asked(request)
    check_may_approve(asked["actor"].role)
    wanted = await read_body_model(request, ApprovalIn)
    return await _taken(request, asked, action=Action.APPROVE, level=wanted.level, comment=wanted.comment)


@router.post(
    "/v1/quotes/{quote_id}/reject",
    operation_id="reject_quote",
    summary="Send a quote back to draft, with a reason",
    **_described(QuoteOut),
)
async def reject(request: Request) -> Response:
    """The quote, a draft again."""
    check_may_approve(acting(request.scope).role)
    return await _step(request, Action.REJECT)


@router.post(
    "/v1/quotes/{quote_id}/present",
    operation_id="present_quote",
    summary="Present a quote to the customer; from then on it cannot be changed",
    **_described(QuoteOut),
)
async def present(request: Request) -> Response:
    """The quote, with the last day to accept it."""
    return await _step(request, Action.PRESENT)


@router.post(
    "/v1/quotes/{quote_id}/accept",
    operation_id="accept_quote",
    summary="Accept a quote: its contract is booked, and takes force on its effective day",
    **_described(AcceptedOut),
)
async def accept(request: Request) -> Response:
    """The quote, the contract as booked, and what it moves of recurring revenue."""
    asked = _asked(request)
    wanted = await read_optional_body(request, StepIn)
    role = asked["actor"].role
    return await act_once(
        request, accept_quote, lambda done: _rendered_acceptance(done, role), comment=wanted.comment, **asked
    )


@router.post(
    "/v1/quotes/{quote_id}/decline",
    operation_id="decline_quote",
    summary="Record that the customer has declined, with the reason",
    **_described(QuoteOut),
)
async def decline(request: Request) -> Response:
    """The quote, which is over."""
    return await _step(request, Action.DECLINE)


@router.post(
    "/v1/quotes/{quote_id}/withdraw",
    operation_id="withdraw_quote",
    summary="Withdraw a quote that is open",
    **_described(QuoteOut),
)
async def withdraw(request: Request) -> Response:
    """The quote, which is over."""
    return await _step(request, Action.WITHDRAW)


@router.post(
    "/v1/quotes/{quote_id}/revise",
    operation_id="revise_quote",
    summary="Make the next version of a quote that is open; the old one is superseded",
    **_described(QuoteOut, body=QuoteChangeIn, example={"valid_until": "2026-12-31"}, status=201),
)
async def revise(request: Request) -> Response:
    """201 with the new draft and its Location."""
    asked = _asked(request)
    wanted = await read_optional_body(request, QuoteChangeIn)
    role = asked["actor"].role
    return await act_once(request, _revised, lambda life: _rendered(life, role, status=201), wanted=wanted, **asked)


def _revised(desk: Desk, *, wanted: QuoteChangeIn, once: Once[Life] | None = None, **asked: Any) -> Life:
    """What is asked is read only when it has not been answered before: by now its last day may be over."""
    return revise_quote(desk, changed=changed_parts(wanted, today=desk.today()), once=once, **asked)


def _asked(request: Request) -> dict[str, Any]:
    """What every step is asked with."""
    read_query(request.scope, NoQuery)
    return {
        "quote_id": path_id(request, "quote_id"),
        "actor": acting(request.scope),
        "revision": seen_revision(request.scope),
    }


async def _step(request: Request, action: Action) -> Response:
    asked = _asked(request)
    wanted = await read_optional_body(request, StepIn)
    return await _taken(request, asked, action=action, comment=wanted.comment)


async def _taken(request: Request, asked: dict[str, Any], **step: Any) -> Response:
    role = asked["actor"].role
    return await act_once(request, take_step, lambda life: _rendered(life, role), **asked, **step)


def _rendered(life: Life, role: str, *, status: int = 200) -> Rendered:
    headers = {"etag": etag(life.stored.revision)}
    if status == 201:
        headers["location"] = f"/v1/quotes/{life.quote.id}"
    return Rendered(status, headers, stored_quote_bytes(life, role=role, waterfall=False))


def _rendered_acceptance(done: Accepted, role: str) -> Rendered:
    headers = {"etag": etag(done.life.stored.revision)}
    return Rendered(200, headers, dumped(accepted_json(done, role=role)))
