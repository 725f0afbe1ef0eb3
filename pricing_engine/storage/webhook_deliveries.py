"""What webhook endpoints are to be told, one row for each event and endpoint, and how every try went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from pricing_engine.errors import DomainError
from pricing_engine.storage import tables
from pricing_engine.storage.pages import Listing, Page, fetch_page
from pricing_engine.storage.session import Session

_DELIVERY = tables.webhook_delivery.c
_ATTEMPT = tables.webhook_attempt.c


class DeliveryNotFound(DomainError):
    """The webhook has no delivery with this id."""

    code = "webhook-delivery-not-found"


class DeliveryState(StrEnum):
    """Waiting for its next try, accepted by the receiver, or given up."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that an endpoint is to be told. `next_try` is None unless it is waiting."""

    id: str
    endpoint_id: str
    event_number: int
    event_id: str
    event_type: str
    state: DeliveryState
    tries_left: int
    next_try: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when, how long it took, the status that was answered (None: none was), and in words."""

    at: datetime
    milliseconds: int
    status: int | None
    outcome: str


def add(session: Session, delivery: Delivery) -> None:
    """Keeps a new delivery."""
    row = {
        "tenant_id": session.tenant,
        "id": delivery.id,
        "endpoint_id": delivery.endpoint_id,
        "event_number": delivery.event_number,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "state": delivery.state.value,
        "tries_left": delivery.tries_left,
        "next_try": delivery.next_try,
        "created_at": delivery.created_at,
    }
    session.connection.execute(insert(tables.webhook_delivery), row)


def load(session: Session, endpoint_id: str, id: str) -> Delivery:
    """The delivery of an endpoint.

    Raises: DeliveryNotFound.
    """
    query = select(tables.webhook_delivery).where(*_of(session, endpoint_id), _DELIVERY.id == id)
    row = session.connection.execute(query).one_or_none()
    if row is None:
        raise DeliveryNotFound(
            f"webhook {endpoint_id} has no delivery {id}",
            fix="list its deliveries to see those there are",
            webhook_id=endpoint_id,
            delivery_id=id,
        )
    return _read(row)


def first_waiting(session: Session, endpoint_id: str) -> Delivery | None:
    """The delivery whose turn it is: of those that wait the one of the oldest event."""
    query = (
        select(tables.webhook_delivery)
        .where(*_of(session, endpoint_id), _DELIVERY.state == DeliveryState.WAITING.value)
        .order_by(_DELIVERY.event_number)
        .limit(1)
    )
    row = session.connection.execute(query).one_or_none()
    return None if row is None else _read(row)


def move(
    session: Session, delivery: Delivery, state: DeliveryState, *, tries_left: int, next_try: datetime | None
) -> None:
    """Puts a delivery into a state."""
    this = update(tables.webhook_delivery).where(*_of(session, delivery.endpoint_id), _DELIVERY.id == delivery.id)
    session.connection.execute(this.values(state=state.value, tries_left=tries_left, next_try=next_try))


def hasten(session: Session, endpoint_id: str, *, now: datetime) -> None:
    """Has what waits tried now."""
    waiting = update(tables.webhook_delivery).where(
        *_of(session, endpoint_id), _DELIVERY.state == DeliveryState.WAITING.value
    )
    session.connection.execute(waiting.values(next_try=now))


def add_attempt(session: Session, delivery_id: str, attempt: Attempt) -> None:
    """Keeps how a try went."""
    mine = (_ATTEMPT.tenant_id == session.tenant, _ATTEMPT.delivery_id == delivery_id)
    last = session.connection.scalar(select(func.max(_ATTEMPT.number)).where(*mine)) or 0
    row = {
        "tenant_id": session.tenant,
        "delivery_id": delivery_id,
        "number": last + 1,
        "at": attempt.at,
        "milliseconds": attempt.milliseconds,
        "status": attempt.status,
        "outcome": attempt.outcome,
    }
    session.connection.execute(insert(tables.webhook_attempt), row)


def page(session: Session, endpoint_id: str, *, cursor: str | None, limit: int) -> Page[Delivery]:
    """Up to `limit` deliveries of an endpoint, newest first.

    Raises: CursorUnreadable.
    """
    return fetch_page(
        session,
        select(tables.webhook_delivery).where(*_of(session, endpoint_id)),
        of=Listing("webhook-deliveries", {"webhook": endpoint_id}),
        made=_DELIVERY.created_at,
        keys=(_DELIVERY.id,),
        cursor=cursor,
        limit=limit,
        read=_read,
    )


def attempts_of(session: Session, delivery_ids: Sequence[str]) -> Mapping[str, tuple[Attempt, ...]]:
    """The tries of deliveries, oldest first."""
    query = (
        select(tables.webhook_attempt)
        .where(_ATTEMPT.tenant_id == session.tenant, _ATTEMPT.delivery_id.in_(delivery_ids))
        .order_by(_ATTEMPT.delivery_id, _ATTEMPT.number)
    )
    found: dict[str, tuple[Attempt, ...]] = dict.fromkeys(delivery_ids, ())
    for row in session.connection.execute(query):
        found[row.delivery_id] += (Attempt(row.at, row.milliseconds, row.status, row.outcome),)
    return found


def forget(session: Session, endpoint_id: str, *, before: datetime | None = None) -> None:
    """Removes the deliveries of an endpoint that are over and were made before an instant; None: every one."""
    those = _of(session, endpoint_id)
    if before is not None:
        those += (_DELIVERY.created_at < before, _DELIVERY.state != DeliveryState.WAITING.value)
    of_those = select(_DELIVERY.id).where(*those)
    session.connection.execute(
        delete(tables.webhook_attempt).where(_ATTEMPT.tenant_id == session.tenant, _ATTEMPT.delivery_id.in_(of_those))
    )
    session.connection.execute(delete(tables.webhook_delivery).where(*those))


def _of(session: Session, endpoint_id: str) -> tuple[ColumnElement[bool], ...]:
    return _DELIVERY.tenant_id == session.tenant, _DELIVERY.endpoint_id == endpoint_id


def _read(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        endpoint_id=row.endpoint_id,
        event_number=row.event_number,
        event_id=row.event_id,
        event_type=row.event_type,
        state=DeliveryState(row.state),
        tries_left=row.tries_left,
        next_try=row.next_try,
        created_at=row.created_at,
    )
