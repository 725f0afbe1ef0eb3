"""The routes of offers: what an account may try or buy now, and a quote of one of them."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting, acting_role
from pricing_engine.api.doorway import answer, doorway_of, path_id, read_body_model
from pricing_engine.api.offer_json import offers_json
from pricing_engine.api.once_only import act_once, etag
from pricing_engine.api.openapi import IDEMPOTENCY, described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.quote_json import stored_quote_bytes
from pricing_engine.api.wire_faults import FieldFault, InvalidRequest
from pricing_engine.api.wire_offers import OfferQuoteIn, OffersOut, OffersQuery
from pricing_engine.api.wire_queries import ExpandQuery, read_query
from pricing_engine.api.wire_quote_answers import QuoteOut
from pricing_engine.api.wire_text import RECORD_ID
from pricing_engine.desk import Desk
from pricing_engine.quoting.offering.offer import OfferKind
from pricing_engine.usecases.once import Rendered
from pricing_engine.usecases.quote_life import life_of_new
from pricing_engine.usecases.quote_offer import quote_offer
from pricing_engine.usecases.read_offers import read_offers
from pricing_engine.usecases.records import StoredQuote

router: Final = APIRouter(route_class=PlainRoute, tags=["offers"])

_EXAMPLE: Final = {"external_ref": "opp-2214", "note": "asked for in the product"}
_LINKS: Final = {"read": {"operationId": "read_quote", "parameters": {"quote_id": "$response.body#/id"}}}


@router.get(
    "/v1/accounts/{account_id}/offers",
    operation_id="read_offers",
    summary="Read what an account may try or buy now, best first",
    **described(OffersOut, path={"account_id": RECORD_ID}, query=OffersQuery, problems=(404, 409)),
)
async def read(request: Request) -> Response:
    """The offers at their prices of today."""
    desk = doorway_of(request).desk
    role = acting_role(request.scope)
    query = read_query(request.scope, OffersQuery)
    account_id = path_id(request, "account_id")
    return answer(await desk.run(_read, desk, account_id, role, query))


@router.post(
    "/v1/accounts/{account_id}/offers/{offer_id}/quote",
    operation_id="quote_offer",
    summary="Make a draft quote of an offer",
    **described(
        QuoteOut,
        status=201,
        body=OfferQuoteIn,
        example=_EXAMPLE,
        path={"account_id": RECORD_ID, "offer_id": RECORD_ID},
        query=ExpandQuery,
        problems=(404, 409),
        links=_LINKS,
        headers=(IDEMPOTENCY,),
    ),
)
async def quote(request: Request) -> Response:
    """201 with the quote and its Location."""
    desk = doorway_of(request).desk
    role = acting_role(request.scope)
    query = read_query(request.scope, ExpandQuery)
    account_id, offer_id = path_id(request, "account_id"), path_id(request, "offer_id")
    wanted = await read_body_model(request, OfferQuoteIn)
    if wanted.valid_until is not None and wanted.valid_until < desk.today():
        raise InvalidRequest([FieldFault("pointer", "/valid_until", "date-out-of-range", "this day has passed")])

    def render(stored: StoredQuote) -> Rendered:
        content = stored_quote_bytes(life_of_new(stored), role=role, waterfall=query.shows_waterfall)
        headers = {"location": f"/v1/quotes/{stored.quote.id}", "etag": etag(stored.revision)}
        return Rendered(201, headers, content)

    return await act_once(
        request,
        quote_offer,
        render,
        account_id=account_id,
        offer_id=offer_id,
        role=role,
        contract_id=wanted.contract_id,
        external_ref=wanted.external_ref,
        note=wanted.note,
        valid_until=wanted.valid_until,
        by=acting(request.scope).user,
    )


def _read(desk: Desk, account_id: str, role: str, query: OffersQuery) -> dict[str, object]:
    kind = None if query.kind is None else OfferKind(query.kind)
    found = read_offers(desk, account_id=account_id, role=role, contract_id=query.contract_id, kind=kind)
    return offers_json(found, role=role)
