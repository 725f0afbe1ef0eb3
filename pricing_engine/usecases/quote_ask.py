"""What is asked of preview and request alike: a quote for an account by its id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import NONE, Account, Change, ContractRef, DiscountRequest, QuoteRequest, Waiver
from pricing_engine.quoting.scoring import ScoredBy
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.storage import contracts, quote_basis, rulebooks
from pricing_engine.storage.loop_connections import LoopSession, NotForTheLoop, memory_only
from pricing_engine.storage.quote_basis import QuoteBasis
from pricing_engine.storage.scoring_models import LiveParts
from pricing_engine.storage.session import Session
from pricing_engine.usecases.contract_choice import NEW, choose_contract, term_months

INLINE_CHANGES: Final = 200
"""More changes than these are priced in a thread, for they would hold up an event loop for tens of milliseconds."""
INLINE_STATE: Final = 60_000
"""The same of a change to a contract whose state has more characters: a line has some 300."""


class CurrencyMismatch(DomainError):
    """The quote is asked in another currency than the account's."""

    code = "currency-mismatch"


class QuoteAsk(NamedTuple):
    """A request before its account is known. None means: today's rules, the account's currency, the usual billing.

    `contract_id` names the contract that is changed; None: the account's own, "new": another one beside it.
    `term_months` None is a year, and within a term the term's own months. `path` is the upsell path that is taken up:
    what a client asks for names none.
    """

    account_id: str
    role: str
    effective_date: date
    changes: tuple[Change, ...]
    term_months: int | None = None
    currency: str | None = None
    as_of: date | None = None
    billing: str | None = None
    tier: str | None = None
    bundles: tuple[str, ...] = ()
    discounts: tuple[DiscountRequest, ...] = ()
    usage: Mapping[str, Decimal] = NONE
    valid_until: date | None = None
    external_ref: str | None = None
    note: str = ""
    contract_id: str | None = None
    waivers: tuple[Waiver, ...] = ()
    path: str | None = None


class Completed(NamedTuple):
    """A request with its account, day and currency, and what it is priced from.

    That is the rulebook in force at the end of the day, the contract (None: a new sale), and the model that is live.
    """

    request: QuoteRequest
    rulebook: Rulebook
    held: Held | None
    scored_by: ScoredBy


def complete_request(desk: Desk, session: Session, ask: QuoteAsk) -> Completed:
    """The request, and all that it is priced from.

    Raises: AccountNotFound; CurrencyMismatch; NoRulebookInForce; ContractNotFound; ContractAmbiguous;
    TermNotChangeable.
    """
    as_of = ask.as_of or desk.today()
    basis = quote_basis.load(session, ask.account_id, as_of=as_of, contract_id=ask.contract_id, pointer="/account_id")
    return _complete(desk, session, ask, basis, as_of=as_of)


async def complete_in_loop(desk: Desk, session: LoopSession, ask: QuoteAsk) -> Completed:
    """The same, waited for in an event loop, where all else is in memory and the contract not a large one.

    Raises: as `complete_request`; NotForTheLoop.
    """
    if len(ask.changes) > INLINE_CHANGES:
        raise NotForTheLoop
    as_of = ask.as_of or desk.today()
    basis = await quote_basis.load_in_loop(
        session, ask.account_id, as_of=as_of, contract_id=ask.contract_id, pointer="/account_id"
    )
    if any([len(each.state) > INLINE_STATE for each in basis.contracts]):
        raise NotForTheLoop
    return _complete(desk, memory_only(session), ask, basis, as_of=as_of)


def _complete(desk: Desk, session: Session, ask: QuoteAsk, basis: QuoteBasis, *, as_of: date) -> Completed:
    account, found, known, live = basis
    if ask.currency not in {None, account.currency}:
        raise CurrencyMismatch(
            f"account {account.id} is billed in {account.currency}, not in {ask.currency}",
            fix=f"ask in {account.currency}, or leave currency out",
            pointer="/currency",
            account_currency=account.currency,
        )
    rulebook = desk.rulebook(session, rulebooks.found_in_force(found, as_of))
    chosen = choose_contract(known, wanted=ask.contract_id, effective=ask.effective_date, changes=ask.changes)
    changed = None if chosen is None else chosen.read()
    request = request_of(ask, account, today=as_of, contract=changed)
    held = None if changed is None else hold(desk, session, changed)
    return Completed(request, rulebook, held, scored_by(desk, session, live))


def scored_by(desk: Desk, session: Session, live: LiveParts | None) -> ScoredBy:
    """These parts of a model, and for whom lots are drawn; None: rules alone speak.

    Raises: ModelNotFound, which only a database that lost a row can.
    """
    return ScoredBy(None if live is None else desk.models.get(session, *live), session.tenant)


def scored_by_pinned(desk: Desk, session: Session, quote: Quote) -> ScoredBy | None:
    """What a stored quote was scored by, and is on any later day; None for one that was not scored.

    Raises: ModelNotFound.
    """
    scored = quote.scored
    if scored is None:
        return None
    return scored_by(desk, session, None if scored.model is None else (scored.model, scored.parts))


def request_of(ask: QuoteAsk, account: Account, *, today: date, contract: Contract | None = None) -> QuoteRequest:
    """The request of an account that is known, in the account's currency; `contract` is the one that is changed.

    Raises: TermNotChangeable.
    """
    return QuoteRequest(
        account,
        ask.as_of or today,
        ask.effective_date,
        term_months(ask.term_months, contract=contract, changes=ask.changes),
        account.currency,
        ask.role,
        ask.changes,
        ask.billing,
        ask.tier,
        ask.bundles,
        ask.discounts,
        ask.usage,
        ask.valid_until,
        ask.external_ref,
        ask.note,
        _reference(ask, contract),
        ask.waivers,
        ask.path,
    )


def _reference(ask: QuoteAsk, contract: Contract | None) -> ContractRef | None:
    """What is changed; a contract asked for beside others is told from a first one."""
    if contract is not None:
        return ContractRef(contract.id, contract.version)
    return ContractRef(NEW, 0) if ask.contract_id == NEW else None


def held_by(desk: Desk, session: Session, request: QuoteRequest) -> Held | None:
    """The contract that a stored request changes, in the very version it was priced from; None for a new sale.

    Raises: ContractNotFound, which only a database that lost a row can.
    """
    pinned = request.contract
    if pinned is None or not pinned.version:
        return None
    return hold(desk, session, contracts.load(session, pinned.id, version=pinned.version).contract)


def hold(desk: Desk, session: Session, contract: Contract) -> Held:
    """The contract with every rulebook version it refers to."""
    return Held(contract, {hash_: desk.rulebook(session, hash_) for hash_ in contract.rulebooks})
