"""What requests with an Idempotency-Key were answered, so that the same request again is given the same answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import orjson
from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from pricing_engine.errors import DomainError
from pricing_engine.storage import tables
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.session import Session

KEPT: Final = timedelta(days=7)

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
    """An answer, and the `fingerprint` of the request it was given to."""

    key: str
    fingerprint: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    created_at: datetime


def find(session: Session, key: str, *, fingerprint: str, now: datetime) -> KeptAnswer | None:
    """The answer that is kept under a key; None when there is none any more.

    Raises: KeyReused when it was given to another request.
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
    return KeptAnswer(key, asked, status, orjson.loads(headers), body, created_at)


def keep(session: Session, answer: KeptAnswer) -> None:
    """Keeps an answer, and forgets those that were kept long enough.

    Raises: AnsweredMeanwhile; then the transaction must not be committed.
    """
    _FORGET.run(session, {"tenant": session.tenant, "until": answer.created_at - KEPT})
    row = {
        "tenant_id": session.tenant,
        "key": answer.key,
        "fingerprint": answer.fingerprint,
        "status": answer.status,
        "headers": orjson.dumps(answer.headers).decode(),
        "body": answer.body,
        "created_at": answer.created_at,
    }
    try:
        _INSERT.run(session, row)
    except IntegrityError as clash:
        raise AnsweredMeanwhile from clash
