"""What requests with an Idempotency-Key were answered, so that the same request again is given the same answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import orjson
from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from pricing_engine.errors import DomainError
from pricing_engine.storage import tables
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.sealing import TAG, KeptSecret, Place
from pricing_engine.storage.session import Session

KEPT: Final = timedelta(days=7)

_SEALED: Final = TAG.encode()
_ANSWER = tables.kept_answer.c
_INSERT = HotStatement(insert(tables.kept_answer))
_FORGET = HotStatement(
    delete(tables.kept_answer).where(_ANSWER.tenant_id == bindparam("tenant"), _ANSWER.created_at <= bindparam("until"))
)
_BY_KEY = HotStatement(
    select(_ANSWER.fingerprint, _ANSWER.status, _ANSWER.headers, _ANSWER.body, _ANSWER.created_at).where(
        _ANSWER.tenant_id == bindparam("tenant"), _ANSWER.key == bindparam("key")
    )
)


class KeyReused(DomainError):
    """An Idempotency-Key was sent before with another request."""

    code = "idempotency-key-reused"


class AnsweredMeanwhile(Exception):
    """The same key was answered between looking for its answer and keeping one; look again."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer, and the `fingerprint` of the request it was given to. One with a secret in it is kept sealed."""

    key: str
    fingerprint: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    created_at: datetime
    has_secret: bool = False


def find(session: Session, key: str, *, fingerprint: str, now: datetime) -> KeptAnswer | None:
    """The answer that is kept under a key; None when there is none any more.

    Raises: KeyReused when it was given to another request; SecretNotOpened.
    """
    row = _BY_KEY.row(session, {"tenant": session.tenant, "key": key})
    if row is None:
        return None
    asked, status, headers, body, created_at = row
    if created_at <= now - KEPT:
        return None
    if asked != fingerprint:
        raise KeyReused(
            "this Idempotency-Key was sent before with another request",
            fix="send a new key with every new request, and the same only to repeat one",
        )
    if has_secret := body.startswith(_SEALED):
        body = _kept(session, key, fingerprint, body).open().encode()
    return KeptAnswer(key, asked, status, orjson.loads(headers), body, created_at, has_secret)


def keep(session: Session, answer: KeptAnswer) -> None:
    """Keeps an answer, and forgets those that were kept long enough.

    Raises: AnsweredMeanwhile; then the transaction must not be committed. SealingKeyMissing.
    """
    _FORGET.run(session, {"tenant": session.tenant, "until": answer.created_at - KEPT})
    row = {
        "tenant_id": session.tenant,
        "key": answer.key,
        "fingerprint": answer.fingerprint,
        "status": answer.status,
        "headers": orjson.dumps(answer.headers).decode(),
        "body": _sealed(session, answer) if answer.has_secret else answer.body,
        "created_at": answer.created_at,
    }
    try:
        _INSERT.run(session, row)
    except IntegrityError as clash:
        raise AnsweredMeanwhile from clash


def with_secrets(session: Session, *, beginning: bytes) -> dict[str, KeptSecret]:
    """The answers that are sealed, and those that begin like this and stand open, by the key of their request."""
    starts = [func.substr(_ANSWER.body, 1, len(start)) == start for start in (_SEALED, beginning)]
    query = select(_ANSWER.key, _ANSWER.fingerprint, _ANSWER.body).where(
        _ANSWER.tenant_id == session.tenant, or_(*starts)
    )
    return {row.key: _kept(session, row.key, row.fingerprint, row.body) for row in session.connection.execute(query)}


def seal_anew(session: Session, key: str, kept: KeptSecret) -> bool:
    """Whether an answer that is still kept so was sealed under the newest key; False where that is not to be done."""
    anew = kept.anew()
    if anew is None:
        return False
    this = update(tables.kept_answer).where(
        _ANSWER.tenant_id == session.tenant, _ANSWER.key == key, _ANSWER.body == kept.text.encode()
    )
    return session.connection.execute(this.values(body=anew.text.encode())).rowcount == 1


def _sealed(session: Session, answer: KeptAnswer) -> bytes:
    place = _place(session, answer.key, answer.fingerprint)
    return session.seals.seal(answer.body.decode(), place).text.encode()


def _kept(session: Session, key: str, fingerprint: str, body: bytes) -> KeptSecret:
    return KeptSecret(body.decode(errors="replace"), _place(session, key, fingerprint), session.seals)


def _place(session: Session, key: str, fingerprint: str) -> Place:
    return Place(session.tenant, "answer to the request", (fingerprint, key))
