"""Imported histories in the database: what tables said of each month, what it moves, and where contracts take over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, insert, or_, select

from pricing_engine.retention.histories import LineMonth, Takeover, history_id, taken_over
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, ArrMovement, Cause, Driver
from pricing_engine.storage import tables
from pricing_engine.storage.rulebooks import by_the_end_of
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
    """Keeps months, and what they move. Those that are there already are refused by the database."""
    stated = [_month_row(session, each, at, by) for each in months]
    rows = [row for month, found in moved for row in _movement_rows(session, month, found)]
    if stated:
        session.connection.execute(insert(tables.revenue_month), stated)
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


def entries(
    session: Session,
    lines: Mapping[str, str],
    *,
    accounts: Sequence[str] | None = None,
    by: date = date.max,
    beyond: tuple[str, int] | None = None,
) -> Iterator[Entry]:
    """What histories of some accounts, or of all (None), move up to a day, each until contracts take it over.

    Account by account and in order of time. Without contract versions `beyond` one, as `ledger.entries`. Units: each
    account's currency. Shape: `lines` as in `ledger_columns.movements`.
    """
    query = _ENTRIES if accounts is None else _ENTRIES.where(_HISTORY.account_id.in_(accounts))
    found = [_entry(row, lines) for row in session.connection.execute(query, {"tenant": session.tenant, "by": by})]
    if found:  # else nobody asks where contracts begin, of which there may be many
        yield from taken_over(found, _begun(session, lines, accounts=accounts, beyond=beyond))


def taken_over_later(session: Session, *, after: date) -> list[tuple[str, Decimal]]:
    """What histories have on a day that contracts take over later, if those were booked by its end; less than 0."""
    when = by_the_end_of(after, session)
    signed = select(_MOVEMENT.account_id).where(
        _MOVEMENT.tenant_id == bindparam("tenant"), _MOVEMENT.day > after, _MOVEMENT.booked_at < bindparam("day_end")
    )
    begun = select(_MOVEMENT.account_id).where(_MOVEMENT.tenant_id == bindparam("tenant"), _MOVEMENT.day <= after)
    found = session.connection.execute(
        select(_HISTORY.currency, _HISTORY.amount).where(
            *(_HISTORY.tenant_id == bindparam("tenant"), _HISTORY.day <= after),
            *(_HISTORY.account_id.in_(signed), _HISTORY.account_id.not_in(begun)),
        ),
        when,
    )
    return [(row.currency, -row.amount) for row in found]


def _entry(row: Any, lines: Mapping[str, str]) -> Entry:
    account, product, day, kind, driver, cause, currency, amount = row
    line, drives = lines.get(product, product), None if driver is None else Driver(driver)
    return Entry(account, history_id(account), line, None, day, ArrKind(kind), drives, Cause(cause), currency, amount)


def _begun(
    session: Session, lines: Mapping[str, str], *, accounts: Sequence[str] | None, beyond: tuple[str, int] | None
) -> Mapping[str, Takeover]:
    """Where contracts take histories over, by account: the day of their first movements, and what those sum to."""
    counted: list[Any] = [_MOVEMENT.tenant_id == bindparam("tenant"), _MOVEMENT.account_id.in_(_WITH_HISTORY)]
    if accounts is not None:
        counted.append(_MOVEMENT.account_id.in_(accounts))
    if beyond is not None:
        contract_id, version = beyond
        counted.append(or_(_MOVEMENT.contract_id != contract_id, _MOVEMENT.contract_version <= version))
    first = select(_MOVEMENT.account_id, func.min(_MOVEMENT.day).label("day")).where(*counted)
    days = first.group_by(_MOVEMENT.account_id).subquery()
    found = session.connection.execute(
        select(_MOVEMENT.account_id, _MOVEMENT.product, _MOVEMENT.day, _MOVEMENT.amount)
        .join(days, and_(days.c.account_id == _MOVEMENT.account_id, days.c.day == _MOVEMENT.day))
        .where(*counted)
        .order_by(_MOVEMENT.account_id, _MOVEMENT.product),
        {"tenant": session.tenant},
    )
    begun: dict[str, Takeover] = {}
    for account, product, day, amount in found:
        line = lines.get(product, product)
        known = dict(begun[account].lines) if account in begun else {}
        begun[account] = Takeover(day, known | {line: known.get(line, Decimal(0)) + amount})
    return begun
