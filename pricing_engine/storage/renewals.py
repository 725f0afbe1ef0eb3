"""Terms of contracts as they are stored: which end in a window, what is booked after them, and which ended before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from pricing_engine.contracts.contract import Contract, TermsPin
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.retention.panel import Term
from pricing_engine.storage import tables
from pricing_engine.storage.contract_json import decode_contract, terms_in
from pricing_engine.storage.contracts import LATER, is_latest
from pricing_engine.storage.rulebooks import by_the_end_of
from pricing_engine.storage.session import Session

_VERSION = tables.contract_version.c
_ENDED_AHEAD: Final = (
    select(1)
    .where(
        *(LATER.tenant_id == _VERSION.tenant_id, LATER.contract_id == _VERSION.contract_id),
        *(LATER.effective_date > bindparam("on"), LATER.booked_at < bindparam("day_end")),
        *(LATER.ends <= bindparam("by"), LATER.ends <= LATER.effective_date),
    )
    .exists()
)
_ENDING: Final = select(_VERSION.state).where(
    _VERSION.tenant_id == bindparam("tenant"),
    _VERSION.effective_date <= bindparam("on"),
    _VERSION.ends > bindparam("on"),
    (_VERSION.ends <= bindparam("by")) | _ENDED_AHEAD,
    is_latest(LATER.effective_date <= bindparam("on")),
)
_BOOKED_AHEAD: Final = select(_VERSION.contract_id, _VERSION.kind, _VERSION.effective_date, _VERSION.ends).where(
    _VERSION.tenant_id == bindparam("tenant"),
    _VERSION.effective_date > bindparam("on"),
    _VERSION.booked_at < bindparam("day_end"),
    is_latest(LATER.booked_at < bindparam("day_end")),
)
_TERMS: Final = (
    select(
        *(_VERSION.account_id, _VERSION.contract_id, _VERSION.effective_date, _VERSION.booked_at),
        *(_VERSION.term_end, _VERSION.ends, _VERSION.state),
    )
    .where(_VERSION.tenant_id == bindparam("tenant"))
    .order_by(_VERSION.contract_id, _VERSION.version)
)


class BookedAhead(NamedTuple):
    """What a booking makes of a contract on a later day; `ends` is then its end."""

    is_given_up: bool
    ends: date


def ending(session: Session, *, on: date, by: date) -> Iterator[Contract]:
    """The contracts in force on a day that end after it and by another, as they were in force then.

    Also those whose term ends later, of which it was booked by that day that they end before.
    """
    for row in session.connection.execute(_ENDING, {"on": on, "by": by, **by_the_end_of(on, session)}):
        yield decode_contract(row.state)


def booked_ahead(session: Session, *, on: date) -> dict[str, BookedAhead]:
    """What was booked by the end of a day, in UTC, to take force after it, by contract."""
    found = session.connection.execute(_BOOKED_AHEAD, {"on": on, **by_the_end_of(on, session)})
    return {
        row.contract_id: BookedAhead(row.kind == QuoteType.CANCELLATION or row.ends <= row.effective_date, row.ends)
        for row in found
    }


def terms(session: Session, *, renews_itself: Callable[[TermsPin | None], bool]) -> Iterator[Term]:
    """Every term that was booked before it ended, with when it was known.

    One that was booked as history, after its end, shows only what is known to have come: of those that are known to
    have ended all were lost. A cancellation takes a term away only on the day it takes force: whether the customer
    goes then is what is asked, and what other contracts it has go on.
    """
    rows = session.connection.execute(_TERMS, {"tenant": session.tenant}, execution_options={"yield_per": 500})
    for _, versions in groupby(rows, lambda row: row.contract_id):
        reached: Term | None = None
        for row in versions:
            is_cancelled = row.ends < row.term_end
            if not is_cancelled and reached is not None and row.term_end == reached.end:
                continue
            known = row.booked_at.astimezone(UTC).date()
            if reached is not None:
                follows = row.effective_date >= reached.end
                yield reached._replace(renewed=known) if follows else reached._replace(replaced=row.effective_date)
            reached = None
            if known < row.term_end and not is_cancelled:
                reached = Term(row.account_id, row.term_end, known, renews_itself=renews_itself(terms_in(row.state)))
        if reached is not None:
            yield reached
