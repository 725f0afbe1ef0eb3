"""Buy what was tried, when its days are over and its rule says so (P29)."""

from __future__ import annotations

from typing import NamedTuple

from pricing_engine.contracts.contract import Contract, Conversion
from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.quoting.quote import Quote, QuoteState
from pricing_engine.quoting.request import Add
from pricing_engine.rulebook.roles import ACTING_ROLES
from pricing_engine.storage import contracts, quote_lists
from pricing_engine.storage.quote_lists import QuoteFilter
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.take_step import take_step

_BY = Actor("pricing-engine", "admin")
_AT_ONCE = 1_000
_OPEN = frozenset({QuoteState.DRAFT, QuoteState.PENDING_APPROVAL, QuoteState.APPROVED, QuoteState.PRESENTED})


class Converted(NamedTuple):
    """What became of a trial whose days are over: bought by a quote, or why not, and then somebody has to see to it."""

    contract_id: str
    product: str
    quote_id: str | None
    is_bought: bool
    why: str


def convert_trials(desk: Desk) -> tuple[Converted, ...]:
    """What became of every trial that is to be bought by today; each is an amendment at the price of its day.

    A quote that is refused, lacks a price or needs approval stays a draft, and is not made twice.
    """
    with desk.reading() as session:
        due = contracts.to_convert(session, by=desk.today(), limit=_AT_ONCE)
    return tuple(
        done
        for stored in due
        for each in stored.contract.conversions
        if each.on <= desk.today() and (done := _converted(desk, stored.contract, each)) is not None
    )


def _converted(desk: Desk, contract: Contract, conversion: Conversion) -> Converted | None:
    """What became of one; None for one that somebody is seeing to."""
    reference = f"trial {contract.id} {conversion.product}"[:100]
    if _is_asked(desk, contract.account_id, reference):
        return None
    quote_id = None
    try:
        quote = _asked(desk, contract, conversion, reference)
        quote_id = quote.id
        take_step(desk, quote_id=quote_id, action=Action.PRESENT, actor=_BY)
        accept_quote(desk, quote_id=quote_id, actor=_BY)
    except DomainError as refused:
        return Converted(contract.id, conversion.product, quote_id, False, refused.what)
    return Converted(contract.id, conversion.product, quote_id, True, "")


def _is_asked(desk: Desk, account_id: str, reference: str) -> bool:
    only = QuoteFilter(account_id=account_id, external_ref=reference)
    with desk.reading() as session:
        found = quote_lists.page(session, only, cursor=None, limit=50).items
    return any(each.state in _OPEN for each in found)


def _asked(desk: Desk, contract: Contract, conversion: Conversion, reference: str) -> Quote:
    with desk.reading() as session:
        served = desk.rulebook_in_force(session, desk.today()).roles
    ask = QuoteAsk(
        account_id=contract.account_id,
        role=next(role for role in ACTING_ROLES if role in served),  # nothing is asked off, so that any will do
        effective_date=max(conversion.on, contract.effective),
        changes=(Add(conversion.product, conversion.quantities),),
        contract_id=contract.id,
        external_ref=reference,
        note=f"the trial of {conversion.product} has ended, and its rule says that it is bought",
    )
    return request_quote(desk, ask=ask, by=_BY.user).quote
