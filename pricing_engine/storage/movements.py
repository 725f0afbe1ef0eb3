"""ARR movements in the database: written with what moved them, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, bindparam, insert, select

from pricing_engine.contracts.conditions import Conditions, conditions_of
from pricing_engine.contracts.contract import Contract
from pricing_engine.retention.movements import ArrKind, ArrMovement, Cause, Driver
from pricing_engine.storage import tables
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.session import Session
from pricing_engine.storage.written_contract import Booked, WrittenContract

_Whose = tuple[str, int, str, str]
"""A contract's id and version, its account's id, its currency."""

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


class WrittenMovement(NamedTuple):
    """A movement as it is stored, with the conditions of its day; whose and by which booking, the contract says."""

    day: date
    line: str
    product: str
    kind: str
    driver: str | None
    cause: str
    amount: Decimal
    tier: str | None
    term_months: int
    discount: Decimal | None

    def read(self) -> ArrMovement:
        """The movement itself."""
        return _moved(self.day, self.line, self.product, self.kind, self.driver, self.cause, self.amount)


def write_movements(contract: Contract, movements: Iterable[ArrMovement]) -> tuple[WrittenMovement, ...]:
    """What the booking of a contract moves, as it will be stored."""
    return tuple([_written(each, conditions_of(contract, each.product, each.day)) for each in movements])


def book(session: Session, contract: WrittenContract, movements: Sequence[WrittenMovement], booked: Booked) -> None:
    """Keeps what a booking moves."""
    columns = contract.columns
    whose = columns["contract_id"], columns["version"], columns["account_id"], columns["currency"]
    if movements:
        _INSERT.run_each(session, list(_rows(session, whose, movements, quote_id=booked.quote_id, at=booked.at)))


def save_imported(session: Session, moved: Iterable[tuple[Contract, Iterable[ArrMovement]]], *, at: datetime) -> None:
    """Keeps what contracts that come from no quote move, all of them in one statement."""
    rows: list[dict[str, Any]] = []
    for contract, movements in moved:
        whose = contract.id, contract.version, contract.account_id, contract.currency.code
        rows += _rows(session, whose, write_movements(contract, movements), quote_id=None, at=at)
    if rows:
        session.connection.execute(insert(tables.arr_movement), rows)


def _written(each: ArrMovement, conditions: Conditions) -> WrittenMovement:
    driver = each.driver and each.driver.value
    return WrittenMovement(
        *(each.day, each.line, each.product, each.kind.value, driver, each.cause.value, each.amount), *conditions
    )


def _rows(
    session: Session, whose: _Whose, movements: Iterable[WrittenMovement], *, quote_id: str | None, at: datetime
) -> Iterator[dict[str, Any]]:
    contract_id, version, account_id, currency = whose
    for number, each in enumerate(movements, start=1):
        yield {
            "tenant_id": session.tenant,
            "contract_id": contract_id,
            "contract_version": version,
            "number": number,
            "account_id": account_id,
            "quote_id": quote_id,
            "booked_at": at,
            "currency": currency,
            **each._asdict(),
        }


def of_version(session: Session, contract_id: str, version: int) -> tuple[ArrMovement, ...]:
    """What a booking moved, in the order of its lines."""
    which = {"tenant": session.tenant, "contract": contract_id, "version": version}
    return tuple(read_movement(row) for row in session.connection.execute(_OF_VERSION, which))


def read_movement(row: Row[Any]) -> ArrMovement:
    """The movement of a row."""
    return _moved(row.day, row.line, row.product, row.kind, row.driver, row.cause, row.amount)


def _moved(
    day: date, line: str, product: str, kind: str, driver: str | None, cause: str, amount: Decimal
) -> ArrMovement:
    known = None if driver is None else Driver(driver)
    return ArrMovement(day, line, product, ArrKind(kind), known, Cause(cause), amount)
