"""The ledger read into columns: all of a tenant's, or that of some accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np
from sqlalchemy import Select, Text, bindparam, cast, select, type_coerce

from pricing_engine.contracts.contract import TermsPin
from pricing_engine.retention.columns import (
    CAUSE_NUMBERS,
    DECIMALS,
    DRIVER_NUMBERS,
    KIND_NUMBERS,
    UNKNOWN,
    Columns,
    Named,
    amounts,
    in_parts,
    small,
)
from pricing_engine.storage import histories, tables
from pricing_engine.storage.contract_json import terms_in
from pricing_engine.storage.contracts import is_latest
from pricing_engine.storage.session import Session

_MOVEMENT = tables.arr_movement.c
_VERSION = tables.contract_version.c
_ROWS_AT_ONCE: Final = 20_000

# Days and amounts as text, where that is what the driver gives: a value of their types for each of a million is slow.
_COLUMNS: Final = select(
    *(_MOVEMENT.account_id, _MOVEMENT.contract_id, _MOVEMENT.product, _MOVEMENT.currency),
    type_coerce(_MOVEMENT.day, Text),
    *(_MOVEMENT.kind, _MOVEMENT.driver, _MOVEMENT.cause),
    cast(_MOVEMENT.amount, Text),
    *(_MOVEMENT.quote_id, _MOVEMENT.tier, _MOVEMENT.term_months, type_coerce(_MOVEMENT.discount, Text)),
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
    parts, versions, numbers = [], [], []
    with session.connection.execute(query, which, execution_options={"yield_per": _ROWS_AT_ONCE}) as found:
        for rows in found.partitions():
            *fields, version, number = zip(*rows, strict=True)
            parts.append(_columns(fields, named, lines))
            versions.append(np.array(version, np.int32))
            numbers.append(np.array(number, np.int32))
    history = histories.columns(session, named, lines, accounts=accounts)
    if not parts:
        return history
    columns = Columns.joined(parts)
    columns = columns.take(np.lexsort((np.concatenate(numbers), np.concatenate(versions), columns.contract)))
    return Columns.joined([columns, history])


def _columns(fields: Sequence[Sequence[Any]], named: Named, lines: Mapping[str, str]) -> Columns:
    account, contract, product, currency, day, kind, driver, cause, amount, quote, tier, term, discount, booked = fields
    ordinals, points = _Ordinals(), _Points()
    return Columns(
        named.accounts.of(account),
        named.contracts.of(contract),
        named.lines.of([lines.get(each, each) for each in product] if lines else product),
        named.currencies.of(currency),
        np.array([ordinals[each] for each in day], np.int32),
        small([KIND_NUMBERS[each] for each in kind]),
        small([DRIVER_NUMBERS[each] for each in driver]),
        small([CAUSE_NUMBERS[each] for each in cause]),
        amounts([_in_parts(each) for each in amount]),
        np.array(quote, object),
        np.array([UNKNOWN if each is None else named.tiers[each] for each in tier], np.int32),
        np.array([UNKNOWN if each is None else each for each in term], np.int32),
        np.array([UNKNOWN if each is None else points[each] for each in discount], np.int32),
        np.array([ordinals[each[:10] if isinstance(each, str) else each.astimezone(UTC).date()] for each in booked]),
    )


class _Ordinals(dict["str | date", int]):
    """Ordinals of days as drivers give them, each worked out once."""

    def __missing__(self, day: str | date) -> int:
        self[day] = ordinal = (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
        return ordinal


class _Points(dict["str | Decimal", int]):
    """Fractions in hundredths of a percent, each worked out once."""

    def __missing__(self, fraction: str | Decimal) -> int:
        self[fraction] = points = int(Decimal(fraction) * 10_000)
        return points


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
