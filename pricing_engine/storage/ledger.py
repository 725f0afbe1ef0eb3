"""The ledger as it is stored: movements of every contract, the ends of contracts, and what accounts are."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, or_, select

from pricing_engine.contracts.contract import Contract
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, ArrMovement, Cause, Driver
from pricing_engine.storage import histories, tables
from pricing_engine.storage.contract_json import decode_contract
from pricing_engine.storage.movements import read_movement
from pricing_engine.storage.session import Session
from pricing_engine.storage.tagged_values import mapping_from_plain

_MOVEMENT = tables.arr_movement.c
_VERSION = tables.contract_version.c
_ACCOUNT = tables.account.c
_STREAMED: Final = {"yield_per": 5_000}
_ENTRIES: Final = (
    select(
        *(_MOVEMENT.account_id, _MOVEMENT.contract_id, _MOVEMENT.product, _MOVEMENT.quote_id, _MOVEMENT.day),
        *(_MOVEMENT.kind, _MOVEMENT.driver, _MOVEMENT.cause, _MOVEMENT.currency, _MOVEMENT.amount),
    )
    .where(
        _MOVEMENT.tenant_id == bindparam("tenant"),
        _MOVEMENT.account_id == bindparam("account"),
        _MOVEMENT.day <= bindparam("by"),
    )
    .order_by(_MOVEMENT.day, _MOVEMENT.contract_id, _MOVEMENT.contract_version, _MOVEMENT.number)
)
_ACCOUNTS: Final = select(_ACCOUNT.id, _ACCOUNT.name, _ACCOUNT.currency, _ACCOUNT.market, _ACCOUNT.attributes).where(
    _ACCOUNT.tenant_id == bindparam("tenant")
)


_VERSIONS: Final = (
    select(_VERSION.contract_id, _VERSION.version, _VERSION.state)
    .where(_VERSION.tenant_id == bindparam("tenant"))
    .order_by(_VERSION.contract_id, _VERSION.version)
)
_BY_VERSION: Final = (
    select(tables.arr_movement)
    .where(_MOVEMENT.tenant_id == bindparam("tenant"))
    .order_by(_MOVEMENT.contract_id, _MOVEMENT.contract_version, _MOVEMENT.number)
)


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """What an account is by now."""

    id: str
    name: str
    currency: str
    market: str | None
    attributes: Mapping[str, Any]


def entries(
    session: Session,
    account_id: str,
    lines: Mapping[str, str],
    *,
    by: date,
    beyond: tuple[str, int] | None = None,
) -> Iterator[Entry]:
    """An account's movements up to a day, of contracts and then of its history, each in order of time.

    Without those `beyond` a contract's version.

    Units: each contract's currency. Shape: `lines` as in `ledger_columns.movements`.
    """
    which = {"tenant": session.tenant, "account": account_id, "by": by}
    query = _ENTRIES
    if beyond is not None:
        contract_id, version = beyond
        query = query.where(or_(_MOVEMENT.contract_id != contract_id, _MOVEMENT.contract_version <= version))
    with session.connection.execute(query, which, execution_options=_STREAMED) as found:
        for account, contract, product, quote, day, kind, driver, cause, currency, amount in found:
            line, drives = lines.get(product, product), None if driver is None else Driver(driver)
            yield Entry(account, contract, line, quote, day, ArrKind(kind), drives, Cause(cause), currency, amount)
    yield from histories.entries(session, account_id, lines, by=by, beyond=beyond)


def versions_with_movements(session: Session) -> Generator[tuple[Contract, list[ArrMovement]], None, None]:
    """Every version of every contract, one contract after the other and oldest first, with what each moved.

    What is said to be of another account or in another currency than the contract is none of its own: figures count it
    elsewhere. Close it when not all of it is read.
    """
    which = {"tenant": session.tenant}
    run = partial(session.connection.execute, execution_options=_STREAMED)
    with run(_VERSIONS, which) as versions, run(_BY_VERSION, which) as rows:
        movements = groupby(rows, lambda row: (row.contract_id, row.contract_version))
        following = next(movements, None)
        for contract_id, version, state in versions:
            contract, found = decode_contract(state), list[ArrMovement]()
            if following is not None and following[0] == (contract_id, version):
                own = contract.account_id, contract.currency.code
                found = [read_movement(row) for row in following[1] if (row.account_id, row.currency) == own]
                following = next(movements, None)
            yield contract, found


def accounts(session: Session, ids: Sequence[str] | None = None) -> dict[str, LedgerAccount]:
    """Some accounts by their ids, or every one (None)."""
    query, which = _ACCOUNTS, {"tenant": session.tenant}
    if ids is not None:
        query = query.where(_ACCOUNT.id.in_(ids))
    found = session.connection.execute(query, which)
    return {
        row.id: LedgerAccount(
            row.id, row.name, row.currency, row.market, mapping_from_plain(orjson.loads(row.attributes))
        )
        for row in found
    }
