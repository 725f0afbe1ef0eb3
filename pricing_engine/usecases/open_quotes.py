"""The quotes that are open on the book, with what each would move: beside a forecast, and not in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.value import arr_on
from pricing_engine.desk import Desk
from pricing_engine.money import Currency, exact_arithmetic
from pricing_engine.quoting.changes.contract_parts import NotBookable
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.movements import movements_of
from pricing_engine.quoting.quote import Quote, QuoteState
from pricing_engine.storage import contracts, quote_lists
from pricing_engine.storage.contracts import ContractChangedMeanwhile
from pricing_engine.storage.session import Session
from pricing_engine.usecases.current_ledger import renews_itself
from pricing_engine.usecases.quote_ask import held_by
from pricing_engine.usecases.quote_life import refuse_second
from pricing_engine.usecases.read_quote_effect import booked
from pricing_engine.usecases.retained_book import Convert

_OPEN: Final = (QuoteState.DRAFT, QuoteState.PENDING_APPROVAL, QuoteState.APPROVED, QuoteState.PRESENTED)


@dataclass(frozen=True, slots=True)
class OpenQuote:
    """A quote nobody has answered. `arr` is what it moves by the end of the window; None: it cannot be booked as it is,
    since a price is missing, it is refused, or its contract has changed since.

    Units: the reporting currency, a year.
    """

    quote_id: str
    account_id: str
    state: QuoteState
    type: QuoteType
    effective_date: date
    arr: Decimal | None


def open_quotes(
    desk: Desk, session: Session, accounts: Iterable[str], *, on: date, by: date, convert: Convert, currency: Currency
) -> Sequence[OpenQuote]:
    """The quotes open now that were there on a day, for some accounts, those that move most first."""
    among = frozenset(accounts)
    zero = currency.zero
    with exact_arithmetic():
        found = [
            _told(desk, session, stored.quote, by=by, convert=convert, zero=zero)
            for stored in quote_lists.in_states(session, _OPEN)
            if stored.quote.request.account.id in among
            and stored.created_at.date() <= on
            and (stored.valid_until is None or stored.valid_until >= desk.today())
        ]
    return sorted(found, key=lambda each: (-abs(each.arr or zero), each.quote_id))


def _told(desk: Desk, session: Session, quote: Quote, *, by: date, convert: Convert, zero: Decimal) -> OpenQuote:
    return OpenQuote(
        *(quote.id, quote.request.account.id, quote.state, quote.request.type, quote.term_start),
        _moved(desk, session, quote, by=by, convert=convert, zero=zero),
    )


def _moved(desk: Desk, session: Session, quote: Quote, *, by: date, convert: Convert, zero: Decimal) -> Decimal | None:
    held = held_by(desk, session, quote.request)
    if quote.is_refused or (held is not None and _has_changed(session, held.contract)):
        return None
    try:
        if quote.request.contract is None:
            refuse_second(session, quote.request)
        after = booked(desk, session, quote, held)
    except (NotBookable, ContractChangedMeanwhile):
        return None
    moved = movements_of(quote.change, held.contract if held is not None else None, after)
    amounts = [each.amount for each in moved if each.day <= by]
    if held is not None and _has_lapsed(desk, session, held.contract):
        # The ledger has lost it already, and has it again with what is booked after it.
        amounts.append(arr_on(held.contract, held.contract.ends - timedelta(days=1)))
    return sum([convert(after.currency.code, each) for each in amounts], zero)


def _has_changed(session: Session, contract: Contract) -> bool:
    return contracts.load(session, contract.id).contract.version != contract.version


def _has_lapsed(desk: Desk, session: Session, contract: Contract) -> bool:
    """Whether its term has ended by itself, and nothing follows."""
    is_over = contract.effective < contract.ends == contract.term.end <= desk.today()
    return is_over and not renews_itself(desk, session, contract.terms)
