"""Read what an account may try or buy now: everything is found in one trip and priced as a quote would be."""

from __future__ import annotations

from datetime import date

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.offering.find_offers import Wanted, find_offers
from pricing_engine.quoting.offering.offer import OfferKind, Offers
from pricing_engine.storage import quote_basis, rulebooks
from pricing_engine.storage.session import Session
from pricing_engine.usecases.contract_choice import choose_contract
from pricing_engine.usecases.quote_ask import QuoteAsk, hold, request_of


def read_offers(
    desk: Desk, *, account_id: str, role: str, contract_id: str | None = None, kind: OfferKind | None = None
) -> Offers:
    """What the account is offered today, on the contract that is named, its only one, or as new sales.

    Of one `kind` only those are priced.

    Raises: AccountNotFound; NoRulebookInForce; ContractNotFound; ContractAmbiguous; FactOutOfVocabulary.
    """
    with desk.autocommit() as session:
        wanted = None if kind is None else _of_kind(kind)
        return offers_in(desk, session, account_id=account_id, role=role, contract_id=contract_id, wanted=wanted)


def is_still_offered(desk: Desk, session: Session, ask: QuoteAsk) -> bool:
    """Whether what is asked for is what its upsell path offers the account today, whatever it costs by now."""
    try:
        found = offers_in(
            desk,
            session,
            account_id=ask.account_id,
            role=ask.role,
            contract_id=ask.contract_id,
            wanted=lambda candidate: candidate.path is not None and candidate.path == ask.path,
        )
    except DomainError:  # the contract is not there to be changed now: nothing is offered on it
        return False
    made = [offer.request for offer in found.offers]
    return (ask.changes, ask.tier, ask.bundles) in [(each.changes, each.tier, each.bundles) for each in made]


def _of_kind(kind: OfferKind) -> Wanted:
    return lambda candidate: candidate.kind is kind


def offers_in(
    desk: Desk, session: Session, *, account_id: str, role: str, contract_id: str | None, wanted: Wanted | None = None
) -> Offers:
    """The same within a session; candidates that are not `wanted` are not priced."""
    today = desk.today()
    (account, found, known, _), measured = quote_basis.load_with_use(
        session, account_id, as_of=today, contract_id=contract_id
    )
    rulebook = desk.rulebook(session, rulebooks.found_in_force(found, today))
    chosen = choose_contract(known, wanted=contract_id, effective=today, changes=())
    contract = None if chosen is None else chosen.read()
    ask = QuoteAsk(account_id, role, _first_day(contract, today), (), contract_id=contract_id)
    situation = request_of(ask, account, today=today, contract=contract)
    held = None if contract is None else hold(desk, session, contract)
    return find_offers(situation, rulebook=rulebook, held=held, measured=measured, wanted=wanted)


def _first_day(contract: Contract | None, today: date) -> date:
    """The first day from today on that the contract can be changed: it may begin, or change, later."""
    if contract is None:
        return today
    return max(today, contract.term.start, contract.effective if contract.version > 1 else today)
