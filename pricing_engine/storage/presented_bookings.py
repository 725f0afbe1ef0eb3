"""What presented quotes will book: written when a quote is presented, read when it is accepted, never changed between.

So nothing is priced, nor decoded, when a customer agrees, and no later engine can make anything else of an offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from pricing_engine.contracts.contract import Contract
from pricing_engine.quoting.contract_change import BOOKING_KINDS, BookingKind
from pricing_engine.storage import quote_steps, tables
from pricing_engine.storage.contract_json import decode_contract
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.movements import WrittenMovement
from pricing_engine.storage.one_trip import in_one_trip
from pricing_engine.storage.quote_steps import QuoteStep
from pricing_engine.storage.quotes import COLUMNS, QuoteRow, altered, not_found
from pricing_engine.storage.session import Session
from pricing_engine.storage.written_contract import WrittenContract

_BOOKING = tables.presented_booking.c
_QUOTE = tables.quote.c
_VERSION = tables.contract_version.c
_LATEST: Final = (
    select(func.max(_VERSION.version))
    .where(_VERSION.tenant_id == _BOOKING.tenant_id, _VERSION.contract_id == _BOOKING.contract_id)
    .scalar_subquery()
)
_KEPT: Final = _BOOKING.contract_id, _BOOKING.content_hash, _BOOKING.booking, _BOOKING.contract, _BOOKING.hash
_WITH_QUOTE: Final = HotStatement(
    select(*COLUMNS, *_KEPT, _LATEST)
    .outerjoin_from(
        tables.quote,
        tables.presented_booking,
        and_(_BOOKING.tenant_id == _QUOTE.tenant_id, _BOOKING.quote_id == _QUOTE.id),
    )
    .where(_QUOTE.tenant_id == bindparam("tenant"), _QUOTE.id == bindparam("id"))
)
_OWN: Final = len(COLUMNS)
_DAYS: Final = ("effective_date", "term_start", "term_end", "ends", "converts_on")


class PresentedBooking(NamedTuple):
    """What accepting a quote books, with all that is asked of the quote then.

    `about` are its facts for whoever reads events; `levels` those that had to agree; `is_first` says that it was priced
    for an account without a contract.
    """

    kind: BookingKind
    contract: WrittenContract
    movements: tuple[WrittenMovement, ...]
    is_first: bool
    rulebook: str
    levels: tuple[str, ...]
    about: Mapping[str, Any]


class PresentedRow(NamedTuple):
    """A booking as it is stored, for a content of its quote; `hash` is of both texts."""

    contract_id: str
    content_hash: str
    booking: str
    contract: str
    hash: str

    def read(self, quote: QuoteRow) -> PresentedBooking:
        """The booking.

        Raises: QuoteAltered where it, or its quote, is not what was presented.
        """
        if (
            self.content_hash != quote.content_hash
            or hash_of(self.booking.encode(), self.contract.encode()) != self.hash
        ):
            raise altered(quote.id)
        said = orjson.loads(self.booking)
        contract = WrittenContract(_columns(said["columns"]), self.contract, said["contract_hash"])
        movements = tuple([_movement(each) for each in said["movements"]])
        kind, levels = BOOKING_KINDS[said["kind"]], tuple(said["levels"])
        return PresentedBooking(kind, contract, movements, said["is_first"], said["rulebook"], levels, said["about"])


class ToAccept(NamedTuple):
    """A quote, what was done with it, and what it will book (None: it is not presented, or was before this was kept).

    `latest` is the version its contract is in now; None: there is none yet.
    """

    quote: QuoteRow
    steps: tuple[QuoteStep, ...]
    presented: PresentedRow | None
    latest: int | None


def write(booking: PresentedBooking, *, content_hash: str) -> PresentedRow:
    """The booking as it will be stored."""
    said = {
        "kind": booking.kind,
        "columns": booking.contract.columns,
        "contract_hash": booking.contract.content_hash,
        "movements": booking.movements,
        "is_first": booking.is_first,
        "rulebook": booking.rulebook,
        "levels": booking.levels,
        "about": booking.about,
    }
    text = orjson.dumps(said, default=_plain).decode()
    contract_id, state = booking.contract.columns["contract_id"], booking.contract.state
    return PresentedRow(contract_id, content_hash, text, state, hash_of(text.encode(), state.encode()))


def keep(session: Session, quote_id: str, row: PresentedRow) -> str:
    """The hash of what a quote will book, which is kept; what is kept already stays."""
    dialect = sqlite if session.connection.dialect.name == "sqlite" else postgresql
    values = {"tenant_id": session.tenant, "quote_id": quote_id, **row._asdict()}
    session.connection.execute(dialect.insert(tables.presented_booking).on_conflict_do_nothing(), values)
    return row.hash


def load(session: Session, quote_id: str) -> ToAccept:
    """The quote and what it will book, in one trip.

    Raises: QuoteNotFound, also for a quote of another tenant.
    """
    with in_one_trip(session):
        found = _WITH_QUOTE.ask(session, {"tenant": session.tenant, "id": quote_id})
        steps = quote_steps.ask(session, quote_id)
    rows = found()
    if not rows:
        raise not_found(quote_id)
    (row,) = rows
    quote, kept, latest = row[:_OWN], row[_OWN:-1], row[-1]
    presented = None if kept[0] is None else PresentedRow(*kept)
    return ToAccept(QuoteRow(*quote), quote_steps.read_steps(steps), presented, latest)


def presented_contract(session: Session, quote_id: str) -> Contract | None:
    """The contract that a presented quote will make, or has made."""
    query = select(_BOOKING.contract).where(_BOOKING.tenant_id == session.tenant, _BOOKING.quote_id == quote_id)
    found = session.connection.scalar(query)
    return None if found is None else decode_contract(found)


def hash_of(booking: bytes, contract: bytes) -> str:
    """What stands for a booking, of the two texts that are stored of it."""
    return sha256(booking + b"\n" + contract).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _columns(said: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: None if said[name] is None else date.fromisoformat(said[name]) for name in _DAYS}
    return {**said, **days, "arr": Decimal(said["arr"])}


def _movement(said: list[Any]) -> WrittenMovement:
    day, line, product, kind, driver, cause, amount, tier, months, discount = said
    known = None if discount is None else Decimal(discount)
    return WrittenMovement(
        *(date.fromisoformat(day), line, product, kind, driver, cause, Decimal(amount), tier, months, known)
    )
