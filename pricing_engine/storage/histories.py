"""Imported histories in the database: what tables said of each month, what it moves, and where contracts take over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

import numpy as np
from sqlalchemy import and_, bindparam, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from pricing_engine.errors import DomainError
from pricing_engine.retention.columns import NEVER, Columns, Named, columns_of
from pricing_engine.retention.histories import LineMonth, Takeover, history_id, swaps_told, taken_over
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, ArrMovement, Cause, Driver
from pricing_engine.storage import tables
from pricing_engine.storage.session import Session

_MONTH = tables.revenue_month.c
_HISTORY = tables.history_movement.c
_MOVEMENT = tables.arr_movement.c
_STREAMED: Final = {"yield_per": 5_000}
_ENTRIES: Final = (
    select(
        *(_HISTORY.account_id, _HISTORY.product, _HISTORY.day, _HISTORY.kind, _HISTORY.driver, _HISTORY.cause),
        *(_HISTORY.currency, _HISTORY.amount),
    )
    .where(_HISTORY.tenant_id == bindparam("tenant"), _HISTORY.day <= bindparam("by"))
    .order_by(_HISTORY.account_id, _HISTORY.day, _HISTORY.product, _HISTORY.number)
)
_WITH_HISTORY: Final = select(_HISTORY.account_id).where(_HISTORY.tenant_id == bindparam("tenant"))
_MONTHS: Final = (
    select(tables.revenue_month)
    .where(_MONTH.tenant_id == bindparam("tenant"))
    .order_by(_MONTH.account_id, _MONTH.product, _MONTH.month)
)
_MOVED: Final = (
    select(
        *(_MONTH.account_id, _MONTH.product, _MONTH.month, _MONTH.currency, _MONTH.mrr, _MONTH.quantity),
        *(_HISTORY.currency.label("moved_in"), _HISTORY.amount),
    )
    .select_from(
        tables.revenue_month.outerjoin(
            tables.history_movement,
            and_(
                *(_HISTORY.tenant_id == _MONTH.tenant_id, _HISTORY.account_id == _MONTH.account_id),
                *(_HISTORY.product == _MONTH.product, _HISTORY.day == _MONTH.month),
            ),
        )
    )
    .where(_MONTH.tenant_id == bindparam("tenant"))
    .order_by(_MONTH.account_id, _MONTH.product, _MONTH.month)
)


class MonthsImportedMeanwhile(DomainError):
    """Another import was faster, after this one had looked what is there."""

    code = "months-imported-meanwhile"


@dataclass(frozen=True, slots=True)
class StoredMonth:
    """A month of a customer's product line as it was imported.

    `origin` says whether the table gave it, or had nothing that was taken for zero or for the month before; `line` is
    where it stands in the file.
    """

    account_id: str
    product: str
    currency: str
    month: LineMonth
    origin: str
    file: str
    line: int | None


def save(
    session: Session,
    months: Iterable[StoredMonth],
    moved: Iterable[tuple[StoredMonth, Iterable[ArrMovement]]],
    *,
    at: datetime,
    by: str,
) -> None:
    """Keeps months, and what they move.

    Raises: MonthsImportedMeanwhile when one of them is there by now; then none is kept.
    """
    stated = [_month_row(session, each, at, by) for each in months]
    rows = [row for month, found in moved for row in _movement_rows(session, month, found)]
    if stated:
        try:
            session.connection.execute(insert(tables.revenue_month), stated)
        except IntegrityError as refused:
            what = str(refused.orig)
            # The constraint's name on PostgreSQL, its columns on SQLite.
            if "pk_revenue_month" not in what and "revenue_month.month" not in what:
                raise
            raise MonthsImportedMeanwhile(
                "somebody else has imported months of these accounts meanwhile",
                fix="import the table again: what is there stays as it is",
            ) from None
    if rows:
        session.connection.execute(insert(tables.history_movement), rows)


def _month_row(session: Session, each: StoredMonth, at: datetime, by: str) -> dict[str, Any]:
    return {
        "tenant_id": session.tenant,
        "account_id": each.account_id,
        "product": each.product,
        "month": each.month.month,
        "currency": each.currency,
        "mrr": each.month.mrr,
        "quantity": each.month.quantity,
        "origin": each.origin,
        "file": each.file,
        "line": each.line,
        "imported_at": at,
        "imported_by": by,
    }


def _movement_rows(session: Session, month: StoredMonth, moved: Iterable[ArrMovement]) -> Iterator[dict[str, Any]]:
    for number, each in enumerate(moved, start=1):
        yield {
            "tenant_id": session.tenant,
            "account_id": month.account_id,
            "product": month.product,
            "day": each.day,
            "number": number,
            "kind": each.kind.value,
            "driver": each.driver and each.driver.value,
            "cause": each.cause.value,
            "currency": month.currency,
            "amount": each.amount,
        }


def of_accounts(session: Session, accounts: Sequence[str]) -> dict[str, dict[str, list[StoredMonth]]]:
    """What there is of some accounts, by account and product, oldest first."""
    found: dict[str, dict[str, list[StoredMonth]]] = {}
    if accounts:
        query = _MONTHS.where(_MONTH.account_id.in_(accounts))
        for row in session.connection.execute(query, {"tenant": session.tenant}):
            found.setdefault(row.account_id, {}).setdefault(row.product, []).append(_read(row))
    return found


def months(session: Session) -> Iterator[StoredMonth]:
    """Every month that was imported, product line by product line, oldest first."""
    with session.connection.execute(_MONTHS, {"tenant": session.tenant}, execution_options=_STREAMED) as found:
        yield from map(_read, found)


def _read(row: Any) -> StoredMonth:
    month = LineMonth(row.month, row.mrr, row.quantity)
    return StoredMonth(row.account_id, row.product, row.currency, month, row.origin, row.file, row.line)


def months_with_movements(session: Session) -> Iterator[tuple[str, str, str, LineMonth, list[Decimal]]]:
    """Account, product, currency and month of all that was imported, with the amounts each month moves in it."""
    with session.connection.execute(_MOVED, {"tenant": session.tenant}, execution_options=_STREAMED) as found:
        for (account, product, _), group in groupby(found, lambda row: (row.account_id, row.product, row.month)):
            rows = list(group)
            first = rows[0]
            amounts = [row.amount for row in rows if row.amount is not None and row.moved_in == row.currency]
            month = LineMonth(first.month, first.mrr, first.quantity)
            yield account, product, first.currency, month, amounts


def columns(session: Session, named: Named, lines: Mapping[str, str], *, accounts: Sequence[str] | None) -> Columns:
    """What histories of some accounts, or of all (None), move, each until contracts take it over.

    What a history has on a later day is booked with the contracts that take it over, so that whoever asks what was
    signed for later finds them in its place; else it was signed by nobody. Shape: as `ledger_columns.movements`.
    """
    moved = _entries(session, lines, accounts, by=date.max)
    begun = _begun(session, lines, accounts, beyond=None) if moved else {}  # there may be many contracts to look at
    found = list(taken_over(moved, begun))
    booked = [begun[each.account].booked.toordinal() if each.account in begun else NEVER for each in found]
    return columns_of(found, named)._replace(booked=np.array(booked, np.int32))


def entries(
    session: Session, account_id: str, lines: Mapping[str, str], *, by: date, beyond: tuple[str, int] | None
) -> Iterator[Entry]:
    """What the history of an account moves up to a day, in order of time, until contracts take it over.

    Without contract versions `beyond` one, as `ledger.entries`. Units: the account's currency.
    """
    moved = _entries(session, lines, [account_id], by=by)
    yield from taken_over(moved, _begun(session, lines, [account_id], beyond=beyond) if moved else {})


def _entries(session: Session, lines: Mapping[str, str], accounts: Sequence[str] | None, *, by: date) -> list[Entry]:
    query = _ENTRIES if accounts is None else _ENTRIES.where(_HISTORY.account_id.in_(accounts))
    found = [_entry(row, lines) for row in session.connection.execute(query, {"tenant": session.tenant, "by": by})]
    return list(swaps_told(found)) if lines else found


def _entry(row: Any, lines: Mapping[str, str]) -> Entry:
    account, product, day, kind, driver, cause, currency, amount = row
    line, drives = lines.get(product, product), None if driver is None else Driver(driver)
    return Entry(account, history_id(account), line, None, day, ArrKind(kind), drives, Cause(cause), currency, amount)


def _begun(
    session: Session, lines: Mapping[str, str], accounts: Sequence[str] | None, *, beyond: tuple[str, int] | None
) -> Mapping[str, Takeover]:
    """Where contracts take histories over, by account: the day of their first movements, and what those sum to."""
    counted: list[Any] = [_MOVEMENT.tenant_id == bindparam("tenant"), _MOVEMENT.account_id.in_(_WITH_HISTORY)]
    if accounts is not None:
        counted.append(_MOVEMENT.account_id.in_(accounts))
    if beyond is not None:
        contract_id, version = beyond
        counted.append(or_(_MOVEMENT.contract_id != contract_id, _MOVEMENT.contract_version <= version))
    begun = dict(_first_days(session, lines, counted, is_first_day=True))
    # What a contract begins at may be taken back on the same day, as where it is cancelled on it: rare, and then the
    # account's later days are looked at.
    empty = [account for account, each in begun.items() if not any(each.lines.values())]
    if empty:
        begun = {account: each for account, each in begun.items() if any(each.lines.values())}
        begun |= _first_days(session, lines, [*counted, _MOVEMENT.account_id.in_(empty)], is_first_day=False)
    return begun


def _first_days(
    session: Session, lines: Mapping[str, str], counted: Sequence[Any], *, is_first_day: bool
) -> Iterator[tuple[str, Takeover]]:
    """By account, what its movements come to on their first day; else, on the first day on which they are anything."""
    query = select(_MOVEMENT.account_id, _MOVEMENT.product, _MOVEMENT.day, _MOVEMENT.booked_at, _MOVEMENT.amount)
    if is_first_day:
        first = select(_MOVEMENT.account_id, func.min(_MOVEMENT.day).label("day")).where(*counted)
        days = first.group_by(_MOVEMENT.account_id).subquery()
        query = query.join(days, and_(days.c.account_id == _MOVEMENT.account_id, days.c.day == _MOVEMENT.day))
    query = query.where(*counted).order_by(_MOVEMENT.account_id, _MOVEMENT.day, _MOVEMENT.product)
    found = session.connection.execute(query, {"tenant": session.tenant})
    for account, of_account in groupby(found, lambda row: row.account_id):
        held: dict[str, Decimal] = {}
        for day, of_day in groupby(of_account, lambda row: row.day):
            rows = list(of_day)
            for row in rows:
                line = lines.get(row.product, row.product)
                held[line] = held.get(line, Decimal(0)) + row.amount
            if is_first_day or any(held.values()):
                yield account, Takeover(day, min(row.booked_at.date() for row in rows), held)
                break
