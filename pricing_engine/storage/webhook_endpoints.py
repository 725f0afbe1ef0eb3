"""Webhook endpoints in the database, and the lease that lets one process at a time deliver to each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Row, and_, delete, exists, func, insert, or_, select, update

from pricing_engine.errors import DomainError
from pricing_engine.storage import tables
from pricing_engine.storage.pages import Listing, Page, fetch_page
from pricing_engine.storage.sealing import KeptSecret, Place, SealState
from pricing_engine.storage.session import Session
from pricing_engine.storage.webhook_deliveries import DeliveryState

_ENDPOINT = tables.webhook_endpoint.c
_DELIVERY = tables.webhook_delivery.c
_HEAD = tables.journal_head.c
_LISTING: Final = Listing("webhooks")
_PLACES: Final = {"secret": "secret of webhook", "old_secret": "old secret of webhook"}
_WORST: Final = tuple(SealState).index


class WebhookNotFound(DomainError):
    """There is no webhook with this id."""

    code = "webhook-not-found"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who is told of events whose type begins with one of `events` (none given: of all).

    `cursor` is the number of the last entry of the journal that was looked at. `disabled_because` is "asked" or "gone".
    """

    id: str
    url: str
    events: tuple[str, ...]
    description: str
    enabled: bool
    disabled_because: str | None
    secret: KeptSecret = field(compare=False)
    old_secret: KeptSecret | None = field(compare=False)
    old_secret_until: datetime | None
    cursor: int
    created_at: datetime
    created_by: str

    def secrets_at(self, now: datetime) -> tuple[str, ...]:
        """What messages are signed with: the secret, and the one before it while that still counts.

        Raises: SecretNotOpened.
        """
        if self.old_secret is None or self.old_secret_until is None or self.old_secret_until <= now:
            return (self.secret.open(),)
        return self.secret.open(), self.old_secret.open()

    def kept_secrets(self) -> Iterator[tuple[str, KeptSecret]]:
        """Its secrets as they are kept, by column."""
        yield "secret", self.secret
        if self.old_secret is not None:
            yield "old_secret", self.old_secret

    @property
    def secret_state(self) -> SealState:
        """How its secrets are kept: the worst of them counts."""
        return max((kept.state for _, kept in self.kept_secrets()), key=_WORST)


def add(session: Session, endpoint: Endpoint) -> None:
    """Keeps a new endpoint."""
    row = {
        "tenant_id": session.tenant,
        "id": endpoint.id,
        "url": endpoint.url,
        "events": _events_text(endpoint.events),
        "description": endpoint.description,
        "enabled": endpoint.enabled,
        "disabled_because": endpoint.disabled_because,
        "secret": endpoint.secret.text,
        "old_secret": None if endpoint.old_secret is None else endpoint.old_secret.text,
        "old_secret_until": endpoint.old_secret_until,
        "cursor": endpoint.cursor,
        "created_at": endpoint.created_at,
        "created_by": endpoint.created_by,
    }
    session.connection.execute(insert(tables.webhook_endpoint), row)


def sealed(session: Session, id: str, column: str, secret: str) -> KeptSecret:
    """A secret as it is to be kept in a column of an endpoint.

    Raises: SealingKeyMissing.
    """
    return session.seals.seal(secret, _place(session, id, column))


def load(session: Session, id: str, *, held: bool = False) -> Endpoint:
    """The endpoint with this id; `held` keeps others that would change it waiting until the transaction ends.

    Raises: WebhookNotFound, also for one of another tenant.
    """
    query = select(tables.webhook_endpoint).where(*_this(session, id))
    row = session.connection.execute(query.with_for_update() if held else query).one_or_none()
    if row is None:
        raise WebhookNotFound(f"there is no webhook {id}", fix="list webhooks to see those there are", webhook_id=id)
    return _read(session, row)


def page(session: Session, *, cursor: str | None, limit: int) -> Page[Endpoint]:
    """Up to `limit` endpoints, newest first.

    Raises: CursorUnreadable.
    """
    return fetch_page(
        session,
        select(tables.webhook_endpoint).where(_ENDPOINT.tenant_id == session.tenant),
        of=_LISTING,
        made=_ENDPOINT.created_at,
        keys=(_ENDPOINT.id,),
        cursor=cursor,
        limit=limit,
        read=partial(_read, session),
    )


def every(session: Session, *, held: bool = False) -> list[Endpoint]:
    """All endpoints, oldest first; `held` keeps others that would change one waiting until the transaction ends."""
    query = select(tables.webhook_endpoint).where(_ENDPOINT.tenant_id == session.tenant).order_by(_ENDPOINT.id)
    return [_read(session, row) for row in session.connection.execute(query.with_for_update() if held else query)]


def count(session: Session) -> int:
    """How many endpoints there are."""
    query = select(func.count()).select_from(tables.webhook_endpoint).where(_ENDPOINT.tenant_id == session.tenant)
    return session.connection.scalar(query) or 0


def change(session: Session, id: str, **columns: Any) -> Endpoint:
    """The endpoint with other values in some columns.

    Raises: WebhookNotFound.
    """
    written = {
        name: value.text if isinstance(value, KeptSecret) else _events_text(value) if name == "events" else value
        for name, value in columns.items()
    }
    if written:
        session.connection.execute(update(tables.webhook_endpoint).where(*_this(session, id)).values(**written))
    return load(session, id)


def remove(session: Session, id: str) -> None:
    """Removes an endpoint that nothing refers to any more."""
    session.connection.execute(delete(tables.webhook_endpoint).where(*_this(session, id)))


def due(session: Session, *, now: datetime) -> list[Endpoint]:
    """The endpoints that nobody delivers to just now, and that have something to be told or looked at."""
    waiting = and_(
        _DELIVERY.tenant_id == _ENDPOINT.tenant_id,
        _DELIVERY.endpoint_id == _ENDPOINT.id,
        _DELIVERY.state == DeliveryState.WAITING.value,
    )
    newest = select(_HEAD.number).where(_HEAD.tenant_id == session.tenant).scalar_subquery()
    query = (
        select(tables.webhook_endpoint)
        .where(
            _ENDPOINT.tenant_id == session.tenant,
            _ENDPOINT.enabled,
            _is_free(now),
            or_(
                exists().where(waiting, _DELIVERY.next_try <= now),
                and_(_ENDPOINT.cursor < newest, ~exists().where(waiting)),
            ),
        )
        .order_by(_ENDPOINT.id)
    )
    return [_read(session, row) for row in session.connection.execute(query)]


def claim(session: Session, id: str, *, lease: str, now: datetime, until: datetime) -> Endpoint | None:
    """The endpoint, which nobody else delivers to before `until`; None when somebody does, or nobody is to."""
    return _leased(session, id, lease, until, and_(_ENDPOINT.enabled, _is_free(now)))


def keep_claim(session: Session, id: str, *, lease: str, until: datetime) -> Endpoint | None:
    """The endpoint, claimed for longer; None when another has claimed it since, or it is removed."""
    return _leased(session, id, lease, until, _ENDPOINT.lease == lease)


def release(session: Session, id: str, *, lease: str) -> None:
    """Lets others deliver to the endpoint."""
    mine = update(tables.webhook_endpoint).where(*_this(session, id), _ENDPOINT.lease == lease)
    session.connection.execute(mine.values(lease=None, leased_until=None))


def _leased(session: Session, id: str, lease: str, until: datetime, when: ColumnElement[bool]) -> Endpoint | None:
    claimed = (
        update(tables.webhook_endpoint)
        .where(*_this(session, id), when)
        .values(lease=lease, leased_until=until)
        .returning(*tables.webhook_endpoint.c)
    )
    row = session.connection.execute(claimed).one_or_none()
    return None if row is None else _read(session, row)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(_ENDPOINT.leased_until.is_(None), _ENDPOINT.leased_until <= now)


def _this(session: Session, id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _ENDPOINT.tenant_id == session.tenant, _ENDPOINT.id == id


def _events_text(events: Sequence[str]) -> str:
    return orjson.dumps(list(events)).decode()


def _place(session: Session, id: str, column: str) -> Place:
    return Place(session.tenant, _PLACES[column], (id,))


def _read(session: Session, row: Row[Any]) -> Endpoint:
    def kept(column: str) -> KeptSecret:
        return KeptSecret(row._mapping[column], _place(session, row.id, column), session.seals)

    return Endpoint(
        id=row.id,
        url=row.url,
        events=tuple(orjson.loads(row.events)),
        description=row.description,
        enabled=row.enabled,
        disabled_because=row.disabled_because,
        secret=kept("secret"),
        old_secret=None if row.old_secret is None else kept("old_secret"),
        old_secret_until=row.old_secret_until,
        cursor=row.cursor,
        created_at=row.created_at,
        created_by=row.created_by,
    )
