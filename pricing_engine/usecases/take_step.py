"""Take a quote a step further: submit, approve, reject, present, decline or withdraw it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.lifecycle import Action, check_approver, check_valid, next_state
from pricing_engine.storage import presented_bookings, quotes
from pricing_engine.storage.session import Session
from pricing_engine.usecases.once import Once, keep_answer
from pricing_engine.usecases.presented_booking import write_booking
from pricing_engine.usecases.quote_life import (
    Actor,
    Life,
    check_not_withdrawn,
    check_offerable,
    check_seen,
    keep_step,
    read_life,
)

VALID_DAYS: Final = 30
"""How long a quote that names no last day can be accepted once it is presented."""

STEPS: Final = frozenset(
    {Action.SUBMIT, Action.APPROVE, Action.REJECT, Action.PRESENT, Action.DECLINE, Action.WITHDRAW}
)


class ReasonWanted(DomainError):
    """This is done for a reason, and none was given."""

    code = "reason-wanted"


def take_step(
    desk: Desk,
    *,
    quote_id: str,
    action: Action,
    actor: Actor,
    revision: int | None = None,
    level: str = "",
    comment: str = "",
    once: Once[Life] | None = None,
) -> Life:
    """The quote after the step; `revision` is the one the actor has seen, `level` the one that approves.

    Raises: QuoteNotFound; TransitionNotAllowed; QuoteStale; ApprovalMissing; LevelNotAsked; OwnRequest; ReasonWanted;
    NotBookable, NotAsQuoted and RulebookWithdrawn for what cannot be offered; QuoteAltered; QuoteExpired;
    QuoteChangedMeanwhile.
    Then nothing is written.
    """
    if action not in STEPS:
        raise ValueError(f"{action} has a use case of its own")
    # Whatever is done with the quote meanwhile makes another revision of it, from which none of this is a step.
    with desk.autocommit() as session:
        life = read_life(session, quote_id)
        next_state(life.quote.state, action)  # what cannot be done at all is said first
        check_seen(life.stored, revision)
        missing = _checked(session, life, action, actor, desk.today(), level=level, comment=comment)
        to = next_state(life.quote.state, action, missing=missing)
        valid_until = _valid_until(life, action, desk.today())
        booking = write_booking(desk, session, life.stored) if action is Action.PRESENT else None
    with desk.transaction() as session:
        after = quotes.move(session, life.stored, to, valid_until=valid_until)
        more = {} if booking is None else {"booking_hash": presented_bookings.keep(session, quote_id, booking)}
        done = keep_step(desk, session, life, action, after, actor, level=level or None, comment=comment, more=more)
        if action is Action.PRESENT:
            check_not_withdrawn(session, life.quote, today=desk.today())
        keep_answer(desk, session, once, done)
        return done


def _checked(
    session: Session, life: Life, action: Action, actor: Actor, today: date, *, level: str, comment: str
) -> tuple[str, ...]:
    """The levels that have yet to agree after the step, which is refused where it cannot be taken."""
    if action in {Action.SUBMIT, Action.PRESENT}:
        check_offerable(session, life.quote, today=today)
    if action in {Action.REJECT, Action.DECLINE} and not comment.strip():
        raise ReasonWanted(f"a quote is {action.value}ed for a reason", fix="say why", pointer="/comment")
    if action is Action.APPROVE:
        check_approver(level, by=actor.user, missing=life.missing, asked_by=life.asked_by)
        return tuple(each for each in life.missing if each != level)
    return life.missing if action in {Action.SUBMIT, Action.PRESENT} else ()


def _valid_until(life: Life, action: Action, today: date) -> date | None:
    """The last day to accept it, which is settled when it is presented."""
    if action is not Action.PRESENT:
        return None
    asked = life.stored.valid_until
    check_valid(asked, on=today)
    return asked or today + timedelta(days=VALID_DAYS)
