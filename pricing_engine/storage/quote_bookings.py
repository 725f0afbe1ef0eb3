"""What quotes are to book and have: as presented, the version made of a contract, and its movements, by any hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Final, NamedTuple

from sqlalchemy import Column, ColumnElement, LargeBinary, cast, func, select

from pricing_engine.money import ZERO
from pricing_engine.storage import tables
from pricing_engine.storage.driver_errors import is_unreadable
from pricing_engine.storage.presented_bookings import hash_of
from pricing_engine.storage.session import Session

_VERSION = tables.contract_version.c
_MOVEMENT = tables.arr_movement.c
_PRESENTED = tables.presented_booking.c
# What is said to be of another account or in another currency than the contract counts elsewhere.
_SHARED: Final = tuple(
    _MOVEMENT[name] == _VERSION[name] for name in ("tenant_id", "contract_id", "account_id", "currency")
)
STREAMED: Final = {"yield_per": 20}
"""How rows are read that hold all of a quote or contract: many of them are much."""

QUOTE_ID: Final = _VERSION.quote_id
"""By which it is said of which quotes bookings are read."""

PRESENTED_ID: Final = _PRESENTED.quote_id
"""The same of what is presented."""


class RowOfPresented(NamedTuple):
    """What stands for a booking as it was presented: of what is stored of it, and as its row says."""

    hash_of_stored: str
    hash: str


@dataclass(frozen=True, slots=True)
class RowOfBooking:
    """What the row of a contract's version says; `hash_of_stored` is that of what is stored of the contract.

    `moved` is what it and the versions before it move up to its effective day; as `arr` in its currency a year.
    """

    hash_of_stored: str
    moved: Decimal
    contract_id: str
    version: int
    account_id: str
    by: str
    currency: str
    arr: Decimal
    content_hash: str


def bytes_of(session: Session, column: Column[str]) -> ColumnElement[bytes]:
    """The bytes of a text as it was given, also where another hand put some there that are no text."""
    if session.connection.dialect.name == "sqlite":
        return cast(column, LargeBinary)
    return func.convert_to(column, "UTF8", type_=LargeBinary)


def presented(session: Session, which: Sequence[ColumnElement[bool]]) -> Mapping[str, RowOfPresented]:
    """What some quotes will book, or have, by their ids; `which` are conditions on `PRESENTED_ID`."""
    stored = [bytes_of(session, column) for column in (_PRESENTED.booking, _PRESENTED.contract, _PRESENTED.hash)]
    query = select(PRESENTED_ID, *stored).where(_PRESENTED.tenant_id == session.tenant, *which)
    with session.connection.execute(query, execution_options=STREAMED) as rows:
        return {
            id: RowOfPresented(hash_of(booking, contract), hash.decode(errors="replace"))
            for id, booking, contract, hash in rows
        }


def of_quotes(session: Session, which: Sequence[ColumnElement[bool]]) -> Mapping[str, tuple[RowOfBooking, ...] | None]:
    """What some quotes booked by their ids, one each where no other hand was; None where it cannot be read.

    `which` are conditions on `QUOTE_ID`.
    """
    theirs = [_VERSION.tenant_id == session.tenant, QUOTE_ID.is_not(None), *which]
    try:
        return _read(session, theirs)
    except Exception as error:
        if not is_unreadable(error):
            raise
    ids = session.connection.scalars(select(QUOTE_ID).distinct().where(*theirs)).all()
    return {id: _read_if_readable(session, [*theirs, id == QUOTE_ID]).get(id) for id in ids}


def _read_if_readable(
    session: Session, theirs: Sequence[ColumnElement[bool]]
) -> Mapping[str, tuple[RowOfBooking, ...]]:
    try:
        return _read(session, theirs)
    except Exception as error:
        if not is_unreadable(error):
            raise
        return {}


def _read(session: Session, theirs: Sequence[ColumnElement[bool]]) -> dict[str, tuple[RowOfBooking, ...]]:
    movements = _moved(session, theirs)
    query = select(
        *(QUOTE_ID, _VERSION.contract_id, _VERSION.version, _VERSION.account_id, _VERSION.booked_by),
        *(_VERSION.currency, _VERSION.arr, _VERSION.content_hash, bytes_of(session, _VERSION.state)),
    ).where(*theirs)
    found: dict[str, tuple[RowOfBooking, ...]] = {}
    with session.connection.execute(query, execution_options=STREAMED) as rows:
        for id, contract, version, *said, state in rows:
            moved = movements.get((contract, version), ZERO)
            booked = RowOfBooking(sha256(state).hexdigest(), moved, contract, version, *said)
            found[id] = (*found.get(id, ()), booked)
    return found


def _moved(session: Session, theirs: Sequence[ColumnElement[bool]]) -> Mapping[tuple[str, int], Decimal]:
    query = select(_VERSION.contract_id, _VERSION.version, _MOVEMENT.amount).where(
        *theirs,
        *_SHARED,
        _MOVEMENT.contract_version <= _VERSION.version,
        _MOVEMENT.day <= _VERSION.effective_date,
    )
    found: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for contract, version, amount in session.connection.execute(query):
        found[contract, version] += amount
    return found
