"""Price a request without keeping anything; the answer is what keeping it would give."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.quote import Quote
from pricing_engine.storage.loop_connections import NotForTheLoop
from pricing_engine.usecases.quote_ask import QuoteAsk, complete_in_loop, complete_request

PREVIEW_ID = "preview"


def preview_quote(desk: Desk, *, ask: QuoteAsk) -> Quote:
    """The priced quote, with the id `preview`; nothing is written.

    Raises: what completing the request and assembling raise.
    """
    with desk.autocommit() as session:
        request, rulebook, held, by = complete_request(desk, session, ask)
    return assemble_quote(request, rulebook=rulebook, quote_id=PREVIEW_ID, held=held, scored_by=by)


async def preview_quote_in_loop(desk: Desk, *, ask: QuoteAsk) -> Quote:
    """The same, awaited from an event loop: priced in it where that takes short, and else where use cases run."""
    if desk.database.in_loop is None:
        return await desk.run(preview_quote, desk, ask=ask)
    try:
        async with desk.database.in_loop.open(desk.tenant) as session:
            request, rulebook, held, by = await complete_in_loop(desk, session, ask)
    except NotForTheLoop:
        return await desk.run(preview_quote, desk, ask=ask)
    return assemble_quote(request, rulebook=rulebook, quote_id=PREVIEW_ID, held=held, scored_by=by)
