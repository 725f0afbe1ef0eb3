"""The head of the document: which quote of which day, what it is about, for how long, and in what currency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from babel.numbers import get_currency_name

from pricing_engine.document import wording
from pricing_engine.document.figures import ONE_DAY, inert, words
from pricing_engine.document.shape import Fact
from pricing_engine.document.view import View
from pricing_engine.quoting.contract_change import QuoteType


def heading_facts(view: View) -> tuple[Fact, ...]:
    """A fact for each; nothing of what the customer is to us."""
    return tuple(Fact(name, (value,)) for name, value in _facts(view))


def _facts(view: View) -> Iterator[tuple[str, str]]:
    quote, request, day = view.quote, view.quote.request, view.figures.day
    valid_until = view.kept.valid_until
    version = view.figures.number(Decimal(view.kept.version))
    yield wording.QUOTE, inert(quote.id)
    yield wording.DATED, wording.DATED_VERSION.format(day=day(view.kept.on), version=version)
    yield wording.VALID_UNTIL, wording.NO_VALIDITY if valid_until is None else day(valid_until)
    if quote.change is not None:
        yield wording.CONTRACT, inert(quote.change.contract)
        yield wording.IN_FORCE, day(request.effective_date)
    yield wording.TERM, _term(view)
    if quote.tier is not None and view.type is not QuoteType.CANCELLATION:
        yield wording.TIER, _tier(view, quote.tier.tier)
    yield wording.BILLING, words(quote.billing)
    code = quote.currency.code
    yield wording.CURRENCY, f"{get_currency_name(code, locale=wording.LANGUAGE)} ({code})"


def _term(view: View) -> str:
    """The term that begins; for a change within a term, until when that lasts."""
    quote, day = view.quote, view.figures.day
    if view.is_new_term:
        days = view.figures.days(quote.term_start, quote.term_end)
        return wording.TERM_OF.format(months=view.months, days=days)
    agreed = day(view.contract.term.end - ONE_DAY)
    if view.type is QuoteType.CANCELLATION:
        return wording.ENDS_EARLY.format(day=day(quote.request.effective_date - ONE_DAY), agreed=agreed)
    return wording.RUNS_TO.format(day=agreed)


def _tier(view: View, tier: str) -> str:
    ladder = view.rulebook.ladder
    known = {each.id: each.name for each in ladder.tiers} if ladder else {}
    return inert(known[tier]) if tier in known else words(tier)
