"""The life of a quote: which action leads from which state to which, in one table, and who has to have agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from pricing_engine.errors import DomainError
from pricing_engine.quoting.quote import QuoteState


class Action(StrEnum):
    """What can be done with a quote."""

    CHANGE = "change"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    PRESENT = "present"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    REVISE = "revise"
    EXPIRE = "expire"


_GIVEN_UP: Final = {Action.WITHDRAW: (QuoteState.WITHDRAWN,), Action.REVISE: (QuoteState.SUPERSEDED,)}

TRANSITIONS: Final[Mapping[QuoteState, Mapping[Action, tuple[QuoteState, ...]]]] = {
    QuoteState.DRAFT: {
        Action.CHANGE: (QuoteState.DRAFT,),
        Action.SUBMIT: (QuoteState.PENDING_APPROVAL, QuoteState.APPROVED),
        Action.PRESENT: (QuoteState.PRESENTED,),
        **_GIVEN_UP,
    },
    QuoteState.PENDING_APPROVAL: {
        Action.APPROVE: (QuoteState.PENDING_APPROVAL, QuoteState.APPROVED),
        Action.REJECT: (QuoteState.DRAFT,),
        **_GIVEN_UP,
    },
    QuoteState.APPROVED: {Action.PRESENT: (QuoteState.PRESENTED,), **_GIVEN_UP},
    QuoteState.PRESENTED: {
        Action.ACCEPT: (QuoteState.ACCEPTED,),
        Action.DECLINE: (QuoteState.DECLINED,),
        Action.EXPIRE: (QuoteState.EXPIRED,),
        **_GIVEN_UP,
    },
    QuoteState.ACCEPTED: {},
    QuoteState.DECLINED: {},
    QuoteState.EXPIRED: {},
    QuoteState.WITHDRAWN: {},
    QuoteState.SUPERSEDED: {},
}
"""Of two states the first is where somebody has yet to agree, the second where all have. What has no action is over."""


class TransitionNotAllowed(DomainError):
    """The quote is in a state in which this cannot be done."""

    code = "transition-not-allowed"


class ApprovalMissing(DomainError):
    """A level has yet to agree to the quote."""

    code = "approval-missing"


class LevelNotAsked(DomainError):
    """Nobody waits for this level to agree."""

    code = "level-not-asked"


class OwnRequest(DomainError):
    """Nobody approves their own request (P21)."""

    code = "own-request"


class QuoteExpired(DomainError):
    """The last day on which the quote could be accepted is over."""

    code = "quote-expired"


class Approval(NamedTuple):
    """One level's agreement to a content; it is void for any other."""

    level: str
    content_hash: str
    by: str
    at: datetime
    comment: str


def actions_in(state: QuoteState) -> tuple[Action, ...]:
    """What somebody can do in a state, in the order in which a quote usually goes; that it expires, time does."""
    return tuple([action for action in TRANSITIONS[state] if action is not Action.EXPIRE])


def next_state(state: QuoteState, action: Action, *, missing: Sequence[str] = ()) -> QuoteState:
    """The state after an action; `missing` are the levels that have yet to agree.

    Raises: TransitionNotAllowed; ApprovalMissing for what can be presented only once all have agreed.
    """
    found = TRANSITIONS[state].get(action)
    if found is None:
        raise _not_allowed(state, action)
    if action is Action.PRESENT and missing:
        raise ApprovalMissing(
            f"{', '.join(missing)} must agree before the quote can be presented",
            fix="submit it, and have it approved" if state is QuoteState.DRAFT else "have it approved",
            levels=list(missing),
        )
    return found[0] if missing else found[-1]


def _not_allowed(state: QuoteState, action: Action) -> TransitionNotAllowed:
    can = [each.value for each in actions_in(state)]
    return TransitionNotAllowed(
        f"a quote that is {state.value.replace('_', ' ')} cannot be {_DONE[action]}",
        fix=f"it can be: {', '.join(_DONE[Action(each)] for each in can)}" if can else "ask for another quote",
        state=state.value,
        actions=can,
    )


_DONE: Final = {
    Action.CHANGE: "changed",
    Action.SUBMIT: "submitted",
    Action.APPROVE: "approved",
    Action.REJECT: "rejected",
    Action.PRESENT: "presented",
    Action.ACCEPT: "accepted",
    Action.DECLINE: "declined",
    Action.WITHDRAW: "withdrawn",
    Action.REVISE: "revised",
    Action.EXPIRE: "expired",
}


def missing_levels(levels: Sequence[str], approvals: Iterable[Approval], content_hash: str) -> tuple[str, ...]:
    """The levels that have not agreed to this content, in the order they are asked."""
    agreed = {each.level for each in approvals if each.content_hash == content_hash}
    return tuple(level for level in levels if level not in agreed)


def check_approver(level: str, *, by: str, missing: Sequence[str], asked_by: Iterable[str]) -> None:
    """Refuses an approval that nobody waits for, and one by somebody who asked for it.

    Raises: LevelNotAsked; OwnRequest.
    """
    if level not in missing:
        raise LevelNotAsked(
            f"{level} is not asked to agree",
            fix=f"approve as one of: {', '.join(missing)}" if missing else "all have agreed",
            pointer="/level",
            levels=list(missing),
        )
    if _name(by) in map(_name, asked_by):
        raise OwnRequest(
            f"{by} asked for the quote and cannot approve it", fix="have somebody else approve it", levels=list(missing)
        )


def _name(user: str) -> str:
    """A user's name as it is told from others: Ann is ann."""
    return user.strip().casefold()


def is_over(valid_until: date | None, *, on: date) -> bool:
    """Whether a last day, if there is one, has passed by a day: from then on nothing is presented or accepted."""
    return valid_until is not None and valid_until < on


def check_valid(valid_until: date | None, *, on: date) -> None:
    """Refuses what can no longer be accepted. Shape: `valid_until` is the last day; None is for good.

    Raises: QuoteExpired.
    """
    if is_over(valid_until, on=on):
        raise QuoteExpired(
            f"the quote could be accepted until {valid_until}",
            fix="revise it: a new version is priced under the rules of today, and valid for as long as it says",
            valid_until=valid_until,
        )
