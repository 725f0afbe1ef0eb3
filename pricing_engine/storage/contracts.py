"""Contracts in the database: each booking adds a version, and what was in force on a day as known on a day is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from pricing_engine.contracts.contract import Contract
from pricing_engine.errors import DomainError
from pricing_engine.quoting.contract_change import BOOKING_KINDS, BookingKind
from pricing_engine.storage import tables
from pricing_engine.storage.contract_json import decode_contract
from pricing_engine.storage.hot_statements import HotStatement, Rows
from pricing_engine.storage.rulebooks import by_the_end_of
from pricing_engine.storage.session import Session
from pricing_engine.storage.written_contract import Booked, WrittenContract, row_of, write_contract

_VERSION = tables.contract_version.c
LATER = tables.contract_version.alias("later").c


def is_latest(*among: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether no later version of the same contract is `among` those that the conditions on `LATER` leave."""
    # By contract alone, although it keeps its account: with the account PostgreSQL compares all its versions in pairs.
    same = LATER.tenant_id == _VERSION.tenant_id, LATER.contract_id == _VERSION.contract_id
    return ~select(1).where(*same, LATER.version > _VERSION.version, *among).exists()


# The state, and what it does not say itself.
_STORED: Final[Sequence[Column[Any]]] = (
    *(_VERSION.state, _VERSION.kind, _VERSION.quote_id),
    *(_VERSION.booked_at, _VERSION.booked_by, _VERSION.content_hash),
)
# Made once, since making a statement costs more than running it.
_BY_VERSION = select(*_STORED).where(
    _VERSION.tenant_id == bindparam("tenant"),
    _VERSION.contract_id == bindparam("id"),
    _VERSION.version == bindparam("version"),
)
LATEST = (
    select(*_STORED)
    .where(_VERSION.tenant_id == bindparam("tenant"), _VERSION.contract_id == bindparam("id"))
    .order_by(_VERSION.version.desc())
    .limit(1)
)
IN_FORCE = (
    select(*_STORED)
    .where(
        _VERSION.tenant_id == bindparam("tenant"),
        _VERSION.account_id == bindparam("account"),
        _VERSION.booked_at < bindparam("day_end"),
        _VERSION.effective_date <= bindparam("on"),
        is_latest(LATER.booked_at < bindparam("day_end"), LATER.effective_date <= bindparam("on")),
    )
    .order_by(_VERSION.contract_id)
)
_TO_CONVERT = (
    select(*_STORED)
    .where(_VERSION.tenant_id == bindparam("tenant"), _VERSION.converts_on <= bindparam("by"), is_latest())
    .order_by(_VERSION.converts_on, _VERSION.contract_id)
    .limit(bindparam("limit"))
)
_HOT_BY_VERSION, _HOT_LATEST, _HOT_IN_FORCE = (HotStatement(each) for each in (_BY_VERSION, LATEST, IN_FORCE))
_RUNNING = HotStatement(
    select(_VERSION.contract_id, _VERSION.version)
    .where(
        _VERSION.tenant_id == bindparam("tenant"),
        _VERSION.account_id == bindparam("account"),
        _VERSION.ends > bindparam("day"),
        _VERSION.contract_id != bindparam("but"),
        is_latest(),
    )
    .order_by(_VERSION.contract_id)
)
_INSERT = HotStatement(insert(tables.contract_version))
_OF_QUOTE = select(_VERSION.contract_id, _VERSION.version).where(
    _VERSION.tenant_id == bindparam("tenant"), _VERSION.quote_id == bindparam("quote")
)


class ContractNotFound(DomainError):
    """There is no contract with this id, or not in this version."""

    code = "contract-not-found"


class ContractChangedMeanwhile(DomainError):
    """Something else was booked on the contract after the state that this change was priced from."""

    code = "contract-changed-meanwhile"


class QuoteAlreadyBooked(DomainError):
    """A contract was made or changed by this quote before."""

    code = "quote-already-booked"


@dataclass(frozen=True, slots=True)
class StoredContract:
    """A contract as one booking left it, with what booking added. `kind` is what the booking was."""

    contract: Contract
    kind: BookingKind
    quote_id: str | None
    booked_at: datetime
    booked_by: str
    content_hash: str


def save(
    session: Session, contract: Contract, *, kind: BookingKind, quote_id: str | None, at: datetime, by: str
) -> StoredContract:
    """The version as stored.

    Raises: ContractChangedMeanwhile when the contract has this version already; QuoteAlreadyBooked.
    """
    written, booked = write_contract(contract), Booked(kind, quote_id, at, by)
    with refused_by_name(written, booked):
        book(session, written, booked)
    return StoredContract(contract, kind, quote_id, at, by, written.content_hash)


def book(session: Session, written: WrittenContract, booked: Booked) -> None:
    """Stores the version that was written before; `refused_by_name` says what it means where that is refused."""
    _INSERT.run(session, row_of(session.tenant, written, booked))


@contextmanager
def refused_by_name(written: WrittenContract, booked: Booked) -> Iterator[None]:
    """Says what it means that the database refuses to store the version.

    Raises: ContractChangedMeanwhile; QuoteAlreadyBooked.
    """
    try:
        yield
    except IntegrityError as refused:
        what = str(refused.orig)
        # The constraint's name on PostgreSQL, its columns on SQLite.
        if "uq_contract_version" in what or "contract_version.quote_id" in what:
            raise quote_already_booked(booked.quote_id or "") from None
        if "pk_contract_version" in what or "contract_version.version" in what:
            columns = written.columns
            raise changed_meanwhile(columns["contract_id"], priced_from=columns["version"] - 1) from None
        raise


def save_all(session: Session, contracts: Iterable[Contract], *, kind: BookingKind, at: datetime, by: str) -> int:
    """How many contracts were stored, which come from no quote: all of them in one statement.

    Raises: ContractChangedMeanwhile when one of them has its version already; then none is stored.
    """
    booked = Booked(kind, None, at, by)
    rows = [row_of(session.tenant, write_contract(contract), booked) for contract in contracts]
    if rows:
        try:
            # PostgreSQL answers nothing more after a refusal, unless it is undone.
            with session.connection.begin_nested():
                session.connection.execute(insert(tables.contract_version), rows)
        except IntegrityError:
            _refuse_clash(session, rows)
            raise
    return len(rows)


def read_written(written: WrittenContract, booked: Booked) -> StoredContract:
    """What was written before and is booked now."""
    return StoredContract(decode_contract(written.state), *booked, written.content_hash)


def load(session: Session, id: str, *, version: int | None = None) -> StoredContract:
    """The contract with this id, in its latest version if none is named.

    Raises: ContractNotFound, also for a contract of another tenant.
    """
    which = {"tenant": session.tenant, "id": id}
    if version is None:
        row = _HOT_LATEST.row(session, which)
    else:
        row = _HOT_BY_VERSION.row(session, which | {"version": version})
    if row is None:
        raise contract_not_found(id, version=version)
    return _stored(row)


def contract_not_found(id: str, *, version: int | None = None, pointer: str = "") -> ContractNotFound:
    """The refusal of an id; `pointer` is where a request named it."""
    return ContractNotFound(
        f"there is no contract {id}" if version is None else f"there is no version {version} of contract {id}",
        fix="read the account's contract to see those there are",
        pointer=pointer,
        contract=id,
    )


def of_account(
    session: Session, account_id: str, *, on: date, known_on: date | None = None
) -> tuple[StoredContract, ...]:
    """The account's contracts as they were in force on a day, also those that had ended by then, by their ids.

    Each is the latest version that takes force by the day `on` and was booked by the end of the day `known_on`, in
    UTC; None: whatever is known. An account that is not there has none.
    Source: P31.
    """
    which = {"account": account_id, "on": on, **by_the_end_of(known_on or date.max, session)}
    return tuple([_stored(row) for row in _HOT_IN_FORCE.rows(session, which)])


def ask_running(session: Session, account_id: str, day: date, *, but: str = "") -> Rows:
    """What gives id and version of the account's contracts, `but` one, that have not ended by a day."""
    return _RUNNING.ask(session, {"tenant": session.tenant, "account": account_id, "day": day, "but": but})


def booked_by_quote(session: Session, quote_id: str) -> tuple[str, int] | None:
    """The contract and the version that a quote made; None when it has not been booked."""
    row = session.connection.execute(_OF_QUOTE, {"tenant": session.tenant, "quote": quote_id}).one_or_none()
    return None if row is None else (row.contract_id, row.version)


def quote_already_booked(quote_id: str) -> QuoteAlreadyBooked:
    """The refusal to book a quote again."""
    return QuoteAlreadyBooked(
        f"quote {quote_id} is booked already",
        fix="read the account's contract; ask for another quote to change it again",
        quote_id=quote_id,
    )


def changed_meanwhile(id: str, *, priced_from: int, now: int | None = None) -> ContractChangedMeanwhile:
    """The refusal to book on a version that is no longer the latest."""
    latest = "" if now is None else f" and is in version {now} now"
    return ContractChangedMeanwhile(
        f"contract {id} has changed since: this was priced from version {priced_from}{latest}",
        fix="ask for it again",
        contract=id,
        priced_from=priced_from,
    )


def _refuse_clash(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Names the first that has its version already: which of many rows a database refused only PostgreSQL says."""
    for row in rows:
        which = {"tenant": session.tenant, "id": row["contract_id"], "version": row["version"]}
        if session.connection.execute(_BY_VERSION, which).one_or_none() is not None:
            raise changed_meanwhile(row["contract_id"], priced_from=row["version"] - 1) from None


def to_convert(session: Session, *, by: date, limit: int) -> tuple[StoredContract, ...]:
    """Up to `limit` contracts, as they are now, with a trial that is to be bought by a day."""
    which = {"tenant": session.tenant, "by": by, "limit": limit}
    return tuple(_stored(row) for row in session.connection.execute(_TO_CONVERT, which))


def _stored(row: Sequence[Any]) -> StoredContract:
    state, kind, quote_id, booked_at, booked_by, content_hash = row
    return StoredContract(decode_contract(state), BOOKING_KINDS[kind], quote_id, booked_at, booked_by, content_hash)
