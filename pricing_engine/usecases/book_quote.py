"""Book a quote: the contract it makes or changes is in force from then on, and the quote cannot be booked again."""

from __future__ import annotations

from datetime import date

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.policies.findings import Severity
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.changes.contract_parts import NotBookable
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import ContractRef
from pricing_engine.storage import accounts, contracts, quotes
from pricing_engine.storage.session import Session
from pricing_engine.usecases.quote_ask import held_by
from pricing_engine.usecases.records import StoredContract


def book_quote(desk: Desk, *, quote_id: str, by: str) -> StoredContract:
    """The contract as booked: a first version, or the next one of the contract that the quote changes.

    It is priced before the database is locked for writing. Of two that book at once one is refused: by the keys, and
    for a first contract, whose keys no other has, by looking once more while the account is held.
    Raises: QuoteNotFound; QuoteAlreadyBooked; ContractChangedMeanwhile; NotBookable for a quote that is refused or
    lacks a price. Then nothing is written.
    """
    quote, contract = _agreed(desk, quote_id)
    kind = QuoteType.NEW if quote.change is None else quote.change.type
    with desk.transaction() as session:
        if quote.request.contract is None:
            accounts.hold(session, contract.account_id)
            _refuse_second(session, quote)
        return contracts.save(session, contract, kind=kind, quote_id=quote_id, at=desk.now(), by=by)


def _agreed(desk: Desk, quote_id: str) -> tuple[Quote, Contract]:
    """The stored quote, and what it makes of the contract it was priced from."""
    with desk.reading() as session:
        quote = quotes.load(session, quote_id).quote
        if contracts.booked_by_quote(session, quote_id) is not None:
            raise contracts.quote_already_booked(quote_id)
        _refuse_refused(quote)
        pinned = quote.request.contract
        if pinned is None:
            _refuse_second(session, quote)
        elif pinned.version:
            _refuse_moved(session, pinned)
        rulebook = desk.rulebook(session, quote.rulebook)
        held = held_by(desk, session, quote.request)
    contract_id = pinned.id if pinned is not None and pinned.version else desk.new_id("con")
    contract = book_contract(quote.request, rulebook=rulebook, contract_id=contract_id, held=held)
    return quote, contract


def _refuse_refused(quote: Quote) -> None:
    if quote.is_refused:
        # Their codes alone: the words of some are not for every role.
        refusals = [finding.code for finding in quote.findings if finding.severity is Severity.REFUSAL]
        raise NotBookable(
            f"quote {quote.id} is refused: {', '.join(dict.fromkeys(refusals))}",
            fix="mend what the findings name, and ask for another quote",
            quote_id=quote.id,
        )


def _refuse_second(session: Session, quote: Quote) -> None:
    """Of two quotes for a first contract one is agreed: the other was priced as if there were none."""
    day = quote.request.effective_date
    # Also those that begin later: the request would have been about them.
    for stored in contracts.of_account(session, quote.request.account.id, on=date.max):
        if stored.contract.ends > day:
            raise contracts.changed_meanwhile(stored.contract.id, priced_from=0, now=stored.contract.version)


def _refuse_moved(session: Session, pinned: ContractRef) -> None:
    latest = contracts.load(session, pinned.id).contract.version
    if latest != pinned.version:
        raise contracts.changed_meanwhile(pinned.id, priced_from=pinned.version, now=latest)
