"""ARR movements in the database: written with what moved them, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, insert, select

from pricing_engine.contracts.conditions import conditions_of
from pricing_engine.contracts.contract import Contract
from pricing_engine.retention.movements import ArrKind, ArrMovement, Cause, Driver
from pricing_engine.storage import tables
from pricing_engine.storage.contracts import StoredContract
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.session import Session

_MOVEMENT = tables.arr_movement.c
_INSERT: Final = HotStatement(insert(tables.arr_movement))
_OF_VERSION: Final = (
    select(tables.arr_movement)
    .where(
        _MOVEMENT.tenant_id == bindparam("tenant"),
        _MOVEMENT.contract_id == bindparam("contract"),
        _MOVEMENT.contract_version == bindparam("version"),
    )
    .order_by(_MOVEMENT.number)
)


def save_all(session: Session, booked: StoredContract, movements: Iterable[ArrMovement]) -> None:
    """Keeps what a booking moves."""
    rows = list(_rows(session, booked.contract, movements, quote_id=booked.quote_id, at=booked.booked_at))
    if rows:
        _INSERT.run_each(session, rows)


def save_imported(session: Session, moved: Iterable[tuple[Contract, Iterable[ArrMovement]]], *, at: datetime) -> None:
    """Keeps what contracts that come from no quote move, all of them in one statement."""
    rows = [row for contract, movements in moved for row in _rows(session, contract, movements, quote_id=None, at=at)]
    if rows:
        session.connection.execute(insert(tables.arr_movement), rows)


def _rows(
    session: Session, contract: Contract, movements: Iterable[ArrMovement], *, quote_id: str | None, at: datetime
) -> Iterator[dict[str, Any]]:
    for number, each in enumerate(movements, start=1):
        conditions = conditions_of(contract, each.product, each.day)
        yield {
            "tenant_id": session.tenant,
            "contract_id": contract.id,
            "contract_version": contract.version,
            "number": number,
            "account_id": contract.account_id,
            "quote_id": quote_id,
            "day": each.day,
            "booked_at": at,
            "line": each.line,
            "product": each.product,
            "kind": each.kind.value,
            "driver": each.driver and each.driver.value,
            "cause": each.cause.value,
            "currency": contract.currency.code,
            "amount": each.amount,
            "tier": conditions.tier,
            "term_months": conditions.term_months,
            "discount": conditions.discount,
        }


def of_version(session: Session, contract_id: str, version: int) -> tuple[ArrMovement, ...]:
    """What a booking moved, in the order of its lines."""
    which = {"tenant": session.tenant, "contract": contract_id, "version": version}
    return tuple(read_movement(row) for row in session.connection.execute(_OF_VERSION, which))


def read_movement(row: Row[Any]) -> ArrMovement:
    """The movement of a row."""
    driver = None if row.driver is None else Driver(row.driver)
    return ArrMovement(row.day, row.line, row.product, ArrKind(row.kind), driver, Cause(row.cause), row.amount)
