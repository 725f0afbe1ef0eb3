"""Accept a quote: contract, movements, step, journal and answer are written together, or none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.value import arr_on
from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.lifecycle import Action, ApprovalMissing, check_valid, next_state
from pricing_engine.quoting.movements import movements_of
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import ContractRef
from pricing_engine.retention.movements import ArrMovement
from pricing_engine.storage import accounts, contracts, movements, quotes
from pricing_engine.storage.session import Session
from pricing_engine.usecases.once import Once, keep_answer
from pricing_engine.usecases.quote_ask import held_by
from pricing_engine.usecases.quote_life import (
    Actor,
    Life,
    check_not_withdrawn,
    check_offerable,
    check_seen,
    keep_step,
    read_life,
    refuse_second,
)
from pricing_engine.usecases.records import StoredContract


class NotAsQuoted(DomainError):
    """The contract would not come to what the quote says."""

    code = "not-as-quoted"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an acceptance made: the quote after it, the contract as booked, and what it moved."""

    life: Life
    booked: StoredContract
    movements: Sequence[ArrMovement]


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What is to be written, worked out before anything is held."""

    life: Life
    contract: Contract
    moved: Sequence[ArrMovement]


def accept_quote(
    desk: Desk,
    *,
    quote_id: str,
    actor: Actor,
    revision: int | None = None,
    comment: str = "",
    once: Once[Accepted] | None = None,
) -> Accepted:
    """The quote accepted and its contract in force from its effective day; `revision` is the one the actor has seen.

    Everything is checked again: that it can still be accepted, that those who must have agreed to this very content,
    that its rules are not withdrawn and the contract is as it was. Of several that accept at once one wins.
    Raises: QuoteNotFound; TransitionNotAllowed; QuoteStale; QuoteExpired; ApprovalMissing; NotBookable;
    RulebookWithdrawn; ContractChangedMeanwhile; QuoteChangedMeanwhile. Then nothing is written.
    """
    # Nothing is written that what was read does not still hold for, so it need not all be of one moment.
    with desk.autocommit() as session:
        agreed = _agreed(desk, session, quote_id, revision)
    life, quote = agreed.life, agreed.life.quote
    with desk.transaction() as session:
        after = quotes.move(session, life.stored, next_state(quote.state, Action.ACCEPT))
        if quote.request.contract is None:
            accounts.hold(session, agreed.contract.account_id)
            refuse_second(session, quote)
        kind = QuoteType.NEW if quote.change is None else quote.change.type
        booked = contracts.save(session, agreed.contract, kind=kind, quote_id=quote_id, at=desk.now(), by=actor.user)
        movements.save_all(session, booked, agreed.moved)
        where = {"contract_id": agreed.contract.id, "contract_version": agreed.contract.version}
        done = keep_step(desk, session, life, Action.ACCEPT, after, actor, comment=comment, more=where)
        check_not_withdrawn(session, quote, today=desk.today())
        accepted = Accepted(done, booked, agreed.moved)
        keep_answer(desk, session, once, accepted)
        return accepted


def _agreed(desk: Desk, session: Session, quote_id: str, revision: int | None) -> _Agreed:
    """The quote, what it makes of the contract it was priced from, and what that moves."""
    life = read_life(session, quote_id)
    quote = life.quote
    next_state(quote.state, Action.ACCEPT)
    check_seen(life, revision)
    check_valid(life.stored.valid_until, on=desk.today())
    check_offerable(session, quote, today=desk.today())
    quotes.check_unaltered(session, life.stored)
    if life.missing:
        raise ApprovalMissing(f"{', '.join(life.missing)} must agree to it as it is", levels=list(life.missing))
    pinned = quote.request.contract
    if pinned is None:
        refuse_second(session, quote)
    elif pinned.version:
        _refuse_moved(session, pinned)
    rulebook = desk.rulebook(session, quote.rulebook)
    held = held_by(desk, session, quote.request)
    contract_id = pinned.id if pinned is not None and pinned.version else desk.new_id("con")
    contract = book_contract(quote.request, rulebook=rulebook, contract_id=contract_id, held=held)
    _refuse_other(quote, contract)
    return _Agreed(life, contract, movements_of(quote.change, held.contract if held else None, contract))


def _refuse_other(quote: Quote, contract: Contract) -> None:
    """Refuses a contract that is not what the quote says, as when the engine has come to price it otherwise."""
    shown = quote.totals.arr if quote.totals is not None else None
    booked = arr_on(contract, contract.effective)
    if shown != booked:
        raise NotAsQuoted(
            f"quote {quote.id} says {shown} a year, and its contract would come to {booked}",
            fix="revise the quote: the next version is priced as it will be booked",
            quote_id=quote.id,
        )


def _refuse_moved(session: Session, pinned: ContractRef) -> None:
    latest = contracts.load(session, pinned.id).contract.version
    if latest != pinned.version:
        raise contracts.changed_meanwhile(pinned.id, priced_from=pinned.version, now=latest)
