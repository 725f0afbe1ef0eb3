"""Price a stored quote again under the rulebook version it pinned, and say whether it comes out equal."""

from __future__ import annotations

from dataclasses import dataclass

from pricing_engine.desk import Desk
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.quote import Quote
from pricing_engine.storage import quotes
from pricing_engine.usecases.differences import Difference, find_differences
from pricing_engine.usecases.quote_ask import held_by, scored_by_pinned
from pricing_engine.usecases.records import StoredQuote


@dataclass(frozen=True, slots=True)
class Replay:
    """The quote as stored, as priced again, and where the two differ."""

    stored: StoredQuote
    replayed: Quote
    differences: tuple[Difference, ...]

    @property
    def is_equal(self) -> bool:
        """Whether every number, step, finding and invoice is the same."""
        return not self.differences


def replay_quote(desk: Desk, *, quote_id: str) -> Replay:
    """The stored request, priced under the stored rulebook from the contract as it was.

    No rule file on disk is read and nothing is written; what it does to retention will be worked out anew.

    Raises: QuoteNotFound; what assembling raises, which only an engine that differs from the storing one can.
    """
    with desk.reading() as session:
        stored = quotes.load(session, quote_id)
        rulebook = desk.rulebook(session, stored.quote.rulebook)
        held = held_by(desk, session, stored.quote.request)
        by = scored_by_pinned(desk, session, stored.quote)
    again = assemble_quote(stored.quote.request, rulebook=rulebook, quote_id=quote_id, held=held, scored_by=by)
    desk.unvalued.append(quote_id)
    # Its state is the quote's life since, not its price.
    replayed = again._replace(state=stored.quote.state)
    return Replay(stored, replayed, find_differences(stored.quote, replayed))
