"""Make deals of the quotes that have ended, with the facts as they were when each was made (S11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.deal_of_quote import offered_by
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.quoting.request import Cancel, Remove
from pricing_engine.scoring.deal import Deal, Draw, Outcome
from pricing_engine.scoring.exploration import as_draw
from pricing_engine.scoring.scored import Scored
from pricing_engine.storage import deals, ended_quotes, journal, quotes
from pricing_engine.storage.deals import DealSource, KeptDeal
from pricing_engine.storage.ended_quotes import EndedQuote
from pricing_engine.storage.quotes import StoredQuote
from pricing_engine.usecases.import_book import IMPORTER
from pricing_engine.usecases.progress import Progress, unseen
from pricing_engine.usecases.quote_ask import held_by

AT_ONCE: Final = 200
"""How many deals one transaction writes; what was written stays when collecting is stopped, and is not done again."""

_GIVING_UP: Final = (Cancel, Remove)


class NotCollected(NamedTuple):
    """A quote of which no deal could be made, and why."""

    quote_id: str
    code: str
    what: str


@dataclass(slots=True)
class Collected:
    """How many quotes became deals, by how they ended; those without a price that was up for discussion are none."""

    made: Counter[QuoteState] = field(default_factory=Counter)
    undiscussed: int = 0
    failed: list[NotCollected] = field(default_factory=list)


def collect_deals(desk: Desk, *, by: str, on_progress: Progress = unseen) -> Collected:
    """What became of the quotes that were accepted, declined or expired since it was done last.

    Each is priced again under the rulebook and from the contract that it pins. One that cannot be is named, stops no
    other, and is tried again the next time.
    """
    collected = Collected()
    after: EndedQuote | None = None
    while True:
        with desk.reading() as session:
            ended = ended_quotes.without_deal(session, after=after, limit=AT_ONCE)
        if not ended:
            return collected
        _keep(desk, list(_deals(desk, ended, collected)), by=by)
        after = ended[-1]
        on_progress("collecting", collected.made.total() + collected.undiscussed + len(collected.failed), 0)


def _deals(desk: Desk, ended: list[EndedQuote], collected: Collected) -> Iterator[KeptDeal]:
    for each in ended:
        if each.ended_at is None:
            what = "its last step is not in the database any more: pricing-engine audit verify says more"
            collected.failed.append(NotCollected(each.id, "end-unknown", what))
            continue
        try:
            state, deal = _deal(desk, each, each.ended_at)
        except DomainError as error:
            collected.failed.append(NotCollected(each.id, error.code, error.what))
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with one, the others are collected
            collected.failed.append(NotCollected(each.id, "failed", f"{type(error).__name__}: {error}"))
        else:
            if deal is None:
                collected.undiscussed += 1
            else:
                collected.made[state] += 1
                yield KeptDeal(deal, DealSource.QUOTE)


def _deal(desk: Desk, ended: EndedQuote, ended_at: datetime) -> tuple[QuoteState, Deal | None]:
    """How the quote ended, and its deal; None where no price was up for discussion."""
    with desk.reading() as session:
        stored = quotes.load(session, ended.id)
        quote = stored.quote
        if all([isinstance(each, _GIVING_UP) for each in quote.request.changes]):
            return quote.state, None
        rulebook, held = desk.rulebook(session, quote.rulebook), held_by(desk, session, quote.request)
    offered = offered_by(quote.request, rulebook=rulebook, held=held)
    if not offered.lines:
        return quote.state, None
    deal = Deal(
        ended.id,
        ended.external_id or quote.request.account.id,  # as tables that are imported name it
        _day(ended.asked_at),
        _day(ended_at),
        Outcome.WON if quote.state is QuoteState.ACCEPTED else Outcome.LOST,
        offered.facts,
        offered.lines,
        _reason(stored, ended),
        None if quote.scored is None else _draw(quote.scored),
    )
    return quote.state, deal


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()


def _reason(stored: StoredQuote, ended: EndedQuote) -> str:
    """Why it was lost."""
    match stored.quote.state:
        case QuoteState.DECLINED:
            return ended.comment or ""
        case QuoteState.EXPIRED:
            return "expired"
        case _:
            return ""


def _draw(scored: Scored) -> Draw | None:
    """What was drawn for the quote as a whole: the target that it was given, and what its lot gives on average."""
    drawn, guidance = scored.drawn, scored.guidance
    if drawn is None or guidance is None or guidance.target is None:
        return None
    return as_draw(drawn, guidance.target)


def _keep(desk: Desk, made: list[KeptDeal], *, by: str) -> None:
    if not made:
        return
    at = desk.now()
    with desk.transaction() as session:
        fresh = deals.save(session, made, at=at, by=by)
        if not fresh:  # somebody else has collected the same meanwhile
            return
        data = {"made": fresh}
        journal.enter(
            session, journal.Happening(desk.new_id("evt"), "scoring.deals_collected", "deals", at, by, IMPORTER, data)
        )
