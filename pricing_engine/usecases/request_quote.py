"""Price a change to what an account has, and keep it as a draft quote."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.storage import quotes
from pricing_engine.storage.loop_connections import NotForTheLoop
from pricing_engine.usecases.once import Once, keep_answer
from pricing_engine.usecases.quote_ask import QuoteAsk, complete_in_loop, complete_request
from pricing_engine.usecases.records import StoredQuote


def request_quote(desk: Desk, *, ask: QuoteAsk, by: str, once: Once[StoredQuote] | None = None) -> StoredQuote:
    """The stored draft, pinned to the rulebook in force at the end of its as-of day.

    Raises: what completing the request and assembling raise. Then nothing is written.
    """
    with desk.autocommit() as session:
        request, rulebook, held, scored_by = complete_request(desk, session, ask)
        quote = assemble_quote(request, rulebook=rulebook, quote_id=desk.new_id("quo"), held=held, scored_by=scored_by)
        if once is None:
            return to_be_valued(desk, quotes.save(session, quote, at=desk.now(), by=by))
    with desk.transaction() as session:
        stored = quotes.save(session, quote, at=desk.now(), by=by)
        keep_answer(desk, session, once, stored)
    return to_be_valued(desk, stored)


async def request_quote_in_loop(desk: Desk, *, ask: QuoteAsk, by: str) -> StoredQuote:
    """The same, awaited from an event loop: priced in it where that takes short, and else where use cases run."""
    if desk.database.in_loop is None:
        return await desk.run(request_quote, desk, ask=ask, by=by)
    try:
        async with desk.database.in_loop.open(desk.tenant) as session:
            request, rulebook, held, scored_by = await complete_in_loop(desk, session, ask)
            id_ = desk.new_id("quo")
            quote = assemble_quote(request, rulebook=rulebook, quote_id=id_, held=held, scored_by=scored_by)
            stored = await quotes.save_in_loop(session, quote, at=desk.now(), by=by)
    except NotForTheLoop:
        return await desk.run(request_quote, desk, ask=ask, by=by)
    return to_be_valued(desk, stored)


def to_be_valued(desk: Desk, stored: StoredQuote) -> StoredQuote:
    """The quote, once it is kept: its effect on retention is to be worked out (N10)."""
    desk.unvalued.append(stored.quote.id)
    return stored
