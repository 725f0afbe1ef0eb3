"""What would raise a quote's score: each change is priced under the rules, contract and model it is pinned to."""

from __future__ import annotations

from functools import partial
from typing import Final

from pricing_engine.desk import Desk
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.improvements import Improvement, find_improvements
from pricing_engine.quoting.quote import Quote, QuoteState
from pricing_engine.usecases.preview_quote import PREVIEW_ID
from pricing_engine.usecases.quote_ask import held_by, scored_by_pinned

_OPEN: Final = frozenset({QuoteState.DRAFT, QuoteState.PENDING_APPROVAL, QuoteState.APPROVED, QuoteState.PRESENTED})


def improve_quote(desk: Desk, *, quote: Quote) -> tuple[Improvement, ...]:
    """The three cheapest changes that raise the score of a quote; none of one that is closed.

    Raises: what reading the rulebook and contract it is pinned to raises.
    """
    if quote.state not in _OPEN or quote.scored is None or quote.scored.score is None:
        return ()
    with desk.reading() as session:
        rulebook = desk.rulebook(session, quote.rulebook)
        held = held_by(desk, session, quote.request)
        by = scored_by_pinned(desk, session, quote)
    price = partial(assemble_quote, rulebook=rulebook, quote_id=PREVIEW_ID, held=held, scored_by=by)
    return find_improvements(quote, rulebook, price)
