"""The ledger read into columns: all of a tenant's, or that of some accounts."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any, Final, NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, func, select, type_coerce

from pricing_engine.contracts.contract import TermsPin
from pricing_engine.retention.columns import (
    CAUSE_NUMBERS,
    DECIMALS,
    DRIVER_NUMBERS,
    KIND_NUMBERS,
    UNKNOWN,
    Columns,
    Ints,
    Named,
    amounts,
    in_parts,
)
from pricing_engine.storage import histories, tables
from pricing_engine.storage.contract_json import terms_in
from pricing_engine.storage.contracts import is_latest
from pricing_engine.storage.session import Session

_MOVEMENT = tables.arr_movement.c
_VERSION = tables.contract_version.c
_ROWS_AT_ONCE: Final = 20_000

_BETWEEN: Final = "\x1f"
"""What stands between values that are read as one text, and in none of them."""


def _together(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    """The values of columns as one text, that of a missing one empty."""
    texts = [func.coalesce(cast(each, Text), "") for each in columns]
    return reduce(lambda found, each: found.concat(_BETWEEN).concat(each), texts)


# Of a million rows these are a few hundred different texts, each of which is taken apart once. Days and amounts come as
# the driver has them: a value of their types for each row would take as long as all the rest.
_COLUMNS: Final = select(
    *(_MOVEMENT.account_id, _MOVEMENT.contract_id),
    _together(
        *(_MOVEMENT.product, _MOVEMENT.currency, _MOVEMENT.kind, _MOVEMENT.driver, _MOVEMENT.cause),
        *(_MOVEMENT.tier, _MOVEMENT.term_months, _MOVEMENT.discount),
    ),
    type_coerce(_MOVEMENT.day, Text),
    cast(_MOVEMENT.amount, Text),
    _MOVEMENT.quote_id,
    type_coerce(_MOVEMENT.booked_at, Text),
    *(_MOVEMENT.contract_version, _MOVEMENT.number),
).where(_MOVEMENT.tenant_id == bindparam("tenant"))
_OF_ACCOUNTS: Final = _COLUMNS.where(_MOVEMENT.account_id.in_(bindparam("accounts", expanding=True)))
_ENDED: Final = select(
    *(_VERSION.contract_id, _VERSION.account_id, _VERSION.ends, _VERSION.term_end, _VERSION.state)
).where(
    *(_VERSION.tenant_id == bindparam("tenant"), _VERSION.ends <= bindparam("by"), _VERSION.ends > bindparam("after")),
    is_latest(),
)
_ENDED_OF_ACCOUNTS: Final = _ENDED.where(_VERSION.account_id.in_(bindparam("accounts", expanding=True)))


class EndedContract(NamedTuple):
    """A contract whose last term is over; `is_cut_short` where it was cancelled before the term's end."""

    id: str
    account_id: str
    ends: date
    is_cut_short: bool
    terms: TermsPin | None


def movements(
    session: Session, named: Named, lines: Mapping[str, str], *, accounts: Sequence[str] | None = None
) -> Columns:
    """The movements of some accounts, or of all (None), each contract's in order of time as they were booked.

    With those of imported histories, each as a contract of its own.

    Shape: `lines` are the product lines of products that are none of their own (N2).
    """
    which: dict[str, Any] = {"tenant": session.tenant}
    query: Select[Any] = _COLUMNS
    if accounts is not None:
        query, which = _OF_ACCOUNTS, {**which, "accounts": accounts}
    said, parts, versions, numbers = _Said(named, lines), [], [], []
    options = {"yield_per": _ROWS_AT_ONCE}
    with no_collection(), session.connection.execute(query, which, execution_options=options) as found:
        for rows in found.partitions():
            *fields, version, number = zip(*rows, strict=True)
            parts.append(_columns(fields, named, said))
            versions.append(np.array(version, np.int32))
            numbers.append(np.array(number, np.int32))
    history = histories.columns(session, named, lines, accounts=accounts)
    if not parts:
        return history
    columns = Columns.joined(parts)
    columns = columns.take(np.lexsort((np.concatenate(numbers), np.concatenate(versions), columns.contract)))
    return Columns.joined([columns, history])


@contextmanager
def no_collection() -> Iterator[None]:
    """No garbage is looked for meanwhile: among a million rows, none of which is any, that takes a third longer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _columns(fields: Sequence[Sequence[Any]], named: Named, said: _Said) -> Columns:
    account, contract, texts, day, amount, quote, booked = fields
    ordinals = _Ordinals()
    line, currency, kind, driver, cause, tier, term, discount = said.columns(texts)
    return Columns(
        account=named.accounts.of(account),
        contract=named.contracts.of(contract),
        line=line,
        currency=currency,
        day=np.array([ordinals[each] for each in day], np.int32),
        kind=kind.astype(np.int8),
        driver=driver.astype(np.int8),
        cause=cause.astype(np.int8),
        amount=amounts([_in_parts(each) for each in amount]),
        quote=np.array(quote, object),
        tier=tier,
        term=term,
        discount=discount,
        booked=np.array([ordinals[_utc_day(each)] for each in booked], np.int32),
    )


def _utc_day(instant: str | datetime) -> str | date:
    """The day of an instant: SQLite gives its text, in UTC."""
    return instant[:10] if isinstance(instant, str) else instant.astimezone(UTC).date()


class _Said(dict[str, int]):
    """What movements say as one text: the numbers of the different ones, and what each is in columns."""

    def __init__(self, named: Named, lines: Mapping[str, str]) -> None:
        self.named, self.lines = named, lines
        self.rows: list[tuple[int, ...]] = []

    def __missing__(self, text: str) -> int:
        product, currency, kind, driver, cause, tier, term, discount = text.split(_BETWEEN)
        self[text] = number = len(self.rows)
        self.rows.append(
            (
                self.named.lines[self.lines.get(product, product)],
                self.named.currencies[currency],
                KIND_NUMBERS[kind],
                DRIVER_NUMBERS[driver or None],
                CAUSE_NUMBERS[cause],
                self.named.tiers[tier] if tier else UNKNOWN,
                int(term) if term else UNKNOWN,
                # What is above list is no discount, however far: a new list may be next to nothing.
                max(int(Decimal(discount) * 10_000), -10_000) if discount else UNKNOWN,
            )
        )
        return number

    def columns(self, texts: Sequence[str]) -> Ints:
        """A column for each thing that is said."""
        numbers = np.fromiter(map(self.__getitem__, texts), np.int32, len(texts))
        return np.ascontiguousarray(np.array(self.rows, np.int32)[numbers].T)


class _Ordinals(dict["str | date", int]):
    """Ordinals of days as drivers give them, each worked out once."""

    def __missing__(self, day: str | date) -> int:
        self[day] = ordinal = (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
        return ordinal


def _in_parts(amount: str) -> int:
    """As `in_parts`, of text: that of money is nothing but digits, a point and a sign."""
    whole, _, decimals = amount.partition(".")
    if len(decimals) <= DECIMALS and "E" not in amount:
        return int(whole + decimals.ljust(DECIMALS, "0"))
    return in_parts(Decimal(amount))


def ended(session: Session, *, by: date, after: date, accounts: Sequence[str] | None = None) -> Iterator[EndedContract]:
    """The contracts whose last term ended by a day and after another, of some accounts or of all (None)."""
    which: dict[str, Any] = {"tenant": session.tenant, "by": by, "after": after}
    query: Select[Any] = _ENDED
    if accounts is not None:
        query, which = _ENDED_OF_ACCOUNTS, {**which, "accounts": accounts}
    for row in session.connection.execute(query, which):
        cut_short = row.ends < row.term_end
        yield EndedContract(row.contract_id, row.account_id, row.ends, cut_short, terms_in(row.state))
