"""The head of a printed quote: whether it is kept, and who, what and when it is for."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import ONE_DAY, QuoteView, columns, waiver_words, words
from pricing_engine.quoting.contract_change import ContractChange, QuoteType
from pricing_engine.quoting.quote import TierOutcome
from pricing_engine.quoting.request import Account, QuoteRequest
from pricing_engine.usecases.records import StoredQuote

_WITHIN_TERM = frozenset({QuoteType.AMENDMENT, QuoteType.CANCELLATION})


def title(view: QuoteView) -> Text:
    """Whether the quote is kept, and under which id."""
    if view.stored is None:
        return Text.assemble(("Preview of a quote", "bold"), "; nothing is kept")
    return Text.assemble((f"Quote {view.quote.id}", "bold"), f", kept as {words(view.quote.state)}")


def header(view: QuoteView) -> RenderableType:
    """A row per fact."""
    table = columns(header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _facts(view):
        table.add_row(name, value)
    return table


def _facts(view: QuoteView) -> Iterator[tuple[str, str]]:
    quote, request = view.quote, view.quote.request
    yield "Account", _account(request.account)
    if quote.change is not None:
        yield "Contract", f"{quote.change.contract}, version {quote.change.version}"
        yield "Change", f"{quote.change.type}, in force from {request.effective_date}"
    elif request.contract is not None and request.contract.version:
        yield "Contract", f"{request.contract.id}, version {request.contract.version}"
    yield "Term", _term(view, quote.change)
    if quote.terms is not None:
        yield "Terms", quote.terms
    if quote.tier is not None:
        yield "Tier", _tier(quote.tier)
    yield "Rules", f"rulebook {quote.rulebook[:12]} as of {request.as_of}, price book {quote.price_book}"
    yield "Billing", words(quote.billing)
    yield from _as_asked(request, view.stored)


def _as_asked(request: QuoteRequest, stored: StoredQuote | None) -> Iterator[tuple[str, str]]:
    """What the request says beside its changes; once a quote was presented, it has a last day in any case."""
    if request.bundles:
        yield "Bundles", ", ".join(request.bundles)
    for waiver in request.waivers:
        yield "Waiver", f"{waiver_words(waiver)}{f' ({waiver.why})' if waiver.why else ''}"
    valid_until = request.valid_until if stored is None else stored.valid_until
    if valid_until is not None:
        yield "Valid until", valid_until.isoformat()
    if request.external_ref:
        yield "Reference", request.external_ref
    if request.note:
        yield "Note", request.note


def _account(account: Account) -> str:
    attributes = [f"{name} {words(str(value))}" for name, value in sorted(account.attributes.items())]
    return ", ".join([f"{account.name} ({account.id})", *filter(None, [account.market]), *attributes])


def _term(view: QuoteView, change: ContractChange | None) -> str:
    """The new term; for a change within a term, until when that lasts."""
    quote = view.quote
    last_day = quote.term_end - ONE_DAY
    if change is not None and change.type in _WITHIN_TERM:
        return f"to {last_day} (last day)"
    return f"{quote.request.term_months} months, {quote.term_start} to {last_day} (last day)"


def _tier(tier: TierOutcome) -> str:
    if tier.asked and tier.asked != tier.tier:
        return f"{tier.tier}, not {tier.asked} as asked: {tier.forced_by}"
    if tier.forced_by:
        return f"{tier.tier}, the lowest that fits: {tier.forced_by}"
    return f"{tier.tier}, as asked" if tier.asked else f"{tier.tier}, the lowest that fits"
