"""Ask again for what a quote was asked for, with some of it changed: revise it, or change a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from pricing_engine.desk import Desk
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.lifecycle import Action, next_state
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Cancel, QuoteRequest, Reinstate, Renew
from pricing_engine.storage import quotes
from pricing_engine.storage.session import Session
from pricing_engine.usecases.contract_choice import NEW
from pricing_engine.usecases.once import Once, keep_answer
from pricing_engine.usecases.quote_ask import QuoteAsk, complete_request
from pricing_engine.usecases.quote_life import (
    Actor,
    Life,
    check_seen,
    keep_step,
    life_of_new,
    read_life,
    refuse_second,
)
from pricing_engine.usecases.read_offers import is_still_offered

_ASKED_FOR: Final = frozenset({"changes", "discounts", "waivers"})
"""What somebody asks for on their own authority."""


def change_quote(
    desk: Desk, *, quote_id: str, actor: Actor, changed: Mapping[str, Any], revision: int | None = None
) -> Life:
    """The draft with parts of its request changed, priced anew under the rules of today; approvals of it are void.

    Shape: `changed` are fields of QuoteAsk.
    Raises: QuoteNotFound; TransitionNotAllowed for what is no draft; QuoteStale; what pricing raises;
    QuoteChangedMeanwhile. Then nothing is written.
    """
    life, quote = _priced_again(desk, quote_id, Action.CHANGE, actor, changed, revision, keeps_id=True)
    with desk.transaction() as session:
        after = quotes.rewrite(session, life.stored, quote)
        done = keep_step(desk, session, life, Action.CHANGE, after, actor)
    desk.unvalued.append(quote_id)
    return done


def revise_quote(
    desk: Desk,
    *,
    quote_id: str,
    actor: Actor,
    changed: Mapping[str, Any],
    revision: int | None = None,
    once: Once[Life] | None = None,
) -> Life:
    """The next version, a draft priced under the rules of today; the quote it revises is superseded.

    Raises: as `change_quote`, but for anything that is open.
    """
    life, quote = _priced_again(desk, quote_id, Action.REVISE, actor, changed, revision, keeps_id=False)
    with desk.transaction() as session:
        old = quotes.move(session, life.stored, next_state(life.quote.state, Action.REVISE))
        new = quotes.save(session, quote, at=desk.now(), by=actor.user, revises=life.stored)
        revised = keep_step(desk, session, life, Action.REVISE, old, actor, more={"revised_by": new.quote.id})
        done = life_of_new(new, revised=revised)
        keep_answer(desk, session, once, done)
    desk.unvalued.append(new.quote.id)
    return done


def _priced_again(
    desk: Desk,
    quote_id: str,
    action: Action,
    actor: Actor,
    changed: Mapping[str, Any],
    revision: int | None,
    *,
    keeps_id: bool,
) -> tuple[Life, Quote]:
    """The quote as it is, and what is asked now; worked out before anything is held."""
    with desk.reading() as session:
        life = read_life(session, quote_id)
        next_state(life.quote.state, action)
        check_seen(life.stored, revision)
        return life, _asked_again(desk, session, life.quote, actor, changed, keeps_id=keeps_id)


def _asked_again(
    desk: Desk, session: Session, quote: Quote, actor: Actor, changed: Mapping[str, Any], *, keeps_id: bool
) -> Quote:
    """The quote of what is asked now.

    What may be given is still what the one who asked for it may give: another's authority is under it only once they
    ask for it themselves. An incentive is granted as long as its path offers it.
    """
    if quote.request.contract is None and "contract_id" not in changed:
        refuse_second(session, quote.request)
    role = quote.request.role if _ASKED_FOR.isdisjoint(changed) else actor.role
    ask = ask_of_request(quote.request, role=role, today=desk.today())._replace(**changed)
    if ask.path is not None and not is_still_offered(desk, session, ask):
        ask = ask._replace(path=None)
    request, rulebook, held, by = complete_request(desk, session, ask)
    quote_id = quote.id if keeps_id else desk.new_id("quo")
    return assemble_quote(request, rulebook=rulebook, quote_id=quote_id, held=held, scored_by=by)


def ask_of_request(request: QuoteRequest, *, role: str, today: date) -> QuoteAsk:
    """The request as it would be asked today by a role: about the same contract, in whatever version it is now, and by
    the same upsell path.

    A last day that is over is not asked for again.
    """
    pinned = request.contract
    valid_until = request.valid_until
    if valid_until is not None and valid_until < today:
        valid_until = None
    new_term = pinned is None or not pinned.version or _asks_for_a_term(request)
    return QuoteAsk(
        account_id=request.account.id,
        role=role,
        effective_date=request.effective_date,
        changes=request.changes,
        term_months=request.term_months if new_term else None,
        billing=request.billing,
        tier=request.tier,
        bundles=request.bundles,
        discounts=request.discounts,
        usage=request.usage,
        valid_until=valid_until,
        external_ref=request.external_ref,
        note=request.note,
        contract_id=None if pinned is None else pinned.id if pinned.version else NEW,
        waivers=request.waivers,
        path=request.path,
    )


def _asks_for_a_term(request: QuoteRequest) -> bool:
    return any(isinstance(change, Renew | Reinstate) for change in request.changes) and not any(
        isinstance(change, Cancel) for change in request.changes
    )
