"""Accept a quote: contract, movements, step, journal and answer are written together, or none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from pricing_engine.desk import Desk
from pricing_engine.quoting.lifecycle import Action, ApprovalMissing, check_valid, missing_levels, next_state
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.retention.movements import ArrMovement
from pricing_engine.storage import contracts, movements, presented_bookings, quotes, rulebook_withdrawals
from pricing_engine.storage.hot_statements import Rows
from pricing_engine.storage.one_trip import in_one_trip
from pricing_engine.storage.presented_bookings import PresentedBooking, PresentedRow
from pricing_engine.storage.quote_steps import QuoteStep, approvals_in
from pricing_engine.storage.quotes import QuoteRow
from pricing_engine.storage.session import Session
from pricing_engine.storage.written_contract import Booked
from pricing_engine.usecases.once import Once, keep_answer
from pricing_engine.usecases.presented_booking import write_booking
from pricing_engine.usecases.quote_life import Actor, Life, check_seen, day_text, enter_step, refuse_running
from pricing_engine.usecases.records import StoredContract


@dataclass(frozen=True)
class Accepted:
    """What an acceptance made: the quote after it, the contract as booked, and what it moved.

    They are read when they are asked for: whoever only wants it done need not wait.
    """

    row: QuoteRow
    steps: tuple[QuoteStep, ...]
    booking: PresentedBooking
    as_booked: Booked

    @cached_property
    def life(self) -> Life:
        """The quote after it; nobody has yet to agree, so that it does not matter who has asked for it."""
        return Life(self.row.read(), self.steps, (), frozenset())

    @cached_property
    def booked(self) -> StoredContract:
        """The contract."""
        return contracts.read_written(self.booking.contract, self.as_booked)

    @cached_property
    def movements(self) -> Sequence[ArrMovement]:
        """What is moved, in the order of the lines."""
        return tuple([each.read() for each in self.booking.movements])


class _Acceptable(NamedTuple):
    """A quote that may be accepted, as far as can be told before anything is held.

    `made_anew` is the hash of a booking that was not kept, or not any more, and was made just now; "" for others.
    """

    row: QuoteRow
    steps: tuple[QuoteStep, ...]
    booking: PresentedBooking
    made_anew: str


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

    What was presented is booked, to the letter, and what may have changed since is checked: that it can still be
    accepted, that those who must have agreed to this very content, that its rules are not withdrawn and the contract is
    as it was. Of several that accept at once one wins.
    Raises: QuoteNotFound; TransitionNotAllowed; QuoteStale; QuoteExpired; ApprovalMissing; QuoteAltered;
    RulebookWithdrawn; ContractChangedMeanwhile; QuoteChangedMeanwhile. Then nothing is written.
    """
    with desk.transaction() as session:
        row, steps, booking, made_anew = _acceptable(desk, session, quote_id, revision)
        quotes.move_row(session, quote_id, seen=row.revision, to=QuoteState.ACCEPTED, valid_until=row.valid_until)
        booked = Booked(booking.kind, quote_id, desk.now(), actor.user)
        after = row._replace(state=QuoteState.ACCEPTED.value, revision=row.revision + 1)
        step = _step(row, after, booked.at, actor, comment)
        about = {**booking.about, "valid_until": day_text(row.valid_until)}
        with in_one_trip(session), contracts.refused_by_name(booking.contract, booked):
            contracts.book(session, booking.contract, booked)
            movements.book(session, booking.contract, booking.movements, booked)
            enter_step(desk, session, step, about, _where(booking) | {"booking_hash": made_anew})
            # From here on nobody else of the tenant's books or withdraws anything.
            withdrawn = rulebook_withdrawals.ask(session, booking.rulebook)
            second = _ask_second(session, booking)
        rulebook_withdrawals.refuse_withdrawn(session, booking.rulebook, today=desk.today(), asked=withdrawn)
        refuse_running(second)
        accepted = Accepted(after, (*steps, step), booking, booked)
        keep_answer(desk, session, once, accepted)
        return accepted


def _acceptable(desk: Desk, session: Session, quote_id: str, revision: int | None) -> _Acceptable:
    """The quote, what was done with it, and what it books."""
    row, steps, presented, latest = presented_bookings.load(session, quote_id)
    next_state(QuoteState(row.state), Action.ACCEPT)
    check_seen(row, revision)
    check_valid(row.valid_until, on=desk.today())
    row.check_unaltered()
    made_anew = ""
    if presented is None:
        presented, latest = _presented_before(desk, session, quote_id)
        made_anew = presented.hash
    booking = presented.read(row)
    priced_from = booking.contract.columns["version"] - 1
    if (latest or 0) != priced_from:
        raise contracts.changed_meanwhile(presented.contract_id, priced_from=priced_from, now=latest)
    missing = missing_levels(booking.levels, approvals_in(steps), row.content_hash)
    if missing:
        raise ApprovalMissing(f"{', '.join(missing)} must agree to it as it is", levels=list(missing))
    return _Acceptable(row, steps, booking, made_anew)


def _presented_before(desk: Desk, session: Session, quote_id: str) -> tuple[PresentedRow, int | None]:
    """What a quote will book that was presented by an engine which did not keep it, and its contract's version now."""
    presented_bookings.keep(session, quote_id, write_booking(desk, session, quotes.load(session, quote_id)))
    _, _, kept, latest = presented_bookings.load(session, quote_id)
    assert kept is not None, "it was kept just now"
    return kept, latest


def _ask_second(session: Session, booking: PresentedBooking) -> Rows:
    """What gives the contracts beside a first one, whose quote was priced as if it were alone."""
    contract = booking.contract.columns
    if not booking.is_first:
        return list
    but = contract["contract_id"]
    return contracts.ask_running(session, contract["account_id"], contract["effective_date"], but=but)


def _step(before: QuoteRow, after: QuoteRow, at: datetime, actor: Actor, comment: str) -> QuoteStep:
    states = QuoteState(before.state), QuoteState(after.state)
    return QuoteStep(after.id, after.revision, Action.ACCEPT, *states, at, *actor, None, comment, after.content_hash)


def _where(booking: PresentedBooking) -> dict[str, Any]:
    """Which contract holds what was accepted."""
    contract = booking.contract
    return {
        "contract_id": contract.columns["contract_id"],
        "contract_version": contract.columns["version"],
        "contract_hash": contract.content_hash,
    }
