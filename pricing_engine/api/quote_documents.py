"""The route of the customer's document: a quote as HTML or PDF, by `format` or by what the caller accepts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.accepted_media import preferred
from pricing_engine.api.acting_role import acting_role
from pricing_engine.api.doorway import doorway_of, path_id
from pricing_engine.api.openapi import described_file
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.wire_queries import DocumentQuery, read_query
from pricing_engine.api.wire_text import RECORD_ID
from pricing_engine.document import locales
from pricing_engine.rendering.media import Form
from pricing_engine.usecases.quote_document import make_document, read_document_basis

router: Final = APIRouter(route_class=PlainRoute, tags=["quotes"])

MEDIA: Final[Mapping[str, Form]] = {"text/html": Form.HTML, "application/pdf": Form.PDF}
_MEDIA_TYPES: Final[Mapping[Form, str]] = {Form.HTML: "text/html; charset=utf-8", Form.PDF: "application/pdf"}

_HEADERS: Final[Mapping[str, str]] = {
    "Vary": "Accept",
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    # Nothing but the page's own style: were a text ever read as markup, it could still load and run nothing.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
}


@router.get(
    "/v1/quotes/{quote_id}/document",
    operation_id="read_quote_document",
    summary="The customer's document of a quote, as HTML or PDF",
    **described_file(
        "The document; the same bytes for the same quote, locale and format",
        tuple(MEDIA),
        path={"quote_id": RECORD_ID},
        query=DocumentQuery,
        problems=(404, 409, 501),
    ),
)
async def read_document(request: Request) -> Response:
    """The document as a file to be shown or saved."""
    desk = doorway_of(request).desk
    acting_role(request.scope)
    query = read_query(request.scope, DocumentQuery)
    locale = locales.locale_named(query.locale)
    form = MEDIA[preferred(request.scope, tuple(MEDIA))] if query.format is None else Form(query.format)
    quote_id = path_id(request, "quote_id")
    basis = await desk.run(read_document_basis, desk, quote_id=quote_id)
    # It computes for tens of milliseconds and reads nothing, so it may not hold up the loop.
    content = await asyncio.to_thread(make_document, basis, locale=locale, form=form)
    headers = {**_HEADERS, "Content-Disposition": f'inline; filename="{quote_id}.{form}"'}
    return Response(content, media_type=_MEDIA_TYPES[form], headers=headers)
