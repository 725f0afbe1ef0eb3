"""Requests that may be repeated, by Idempotency-Key, and such that go by what the caller has seen, by If-Match."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from pricing_engine.api.acting_role import acting
from pricing_engine.api.body import BODY
from pricing_engine.api.doorway import answer_rendered, doorway_of
from pricing_engine.api.wire_faults import FieldFault, InvalidRequest
from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.usecases.once import Once, Rendered, answer_once, kept_answer

Result = TypeVar("Result")
Prepared = TypeVar("Prepared")

KEY: Final = "Idempotency-Key"
IF_MATCH: Final = "If-Match"

_RAW_KEY: Final = KEY.lower().encode()
_RAW_IF_MATCH: Final = IF_MATCH.lower().encode()
_KEY: Final = re.compile(rb"[\x21-\x7e]{1,200}")
_REVISION: Final = re.compile(rb'"([1-9][0-9]{0,8})"')


class IfMatchMissing(DomainError):
    """The request does not say which revision of the quote the caller has seen."""

    code = "if-match-missing"
    header = IF_MATCH


def etag(revision: int) -> str:
    """The ETag of a revision of a quote."""
    return f'"{revision}"'


def seen_revision(scope: Scope) -> int | None:
    """The revision the caller has seen; None for `*`, which goes by whatever there is.

    Raises: IfMatchMissing; InvalidRequest for what is no ETag of a quote.
    """
    given = [value.strip() for name, value in scope["headers"] if name == _RAW_IF_MATCH]
    if not given:
        raise IfMatchMissing(
            "the request does not say which revision of the quote it is about",
            fix="send the ETag of the quote as If-Match, or If-Match: *",
        )
    if given == [b"*"]:
        return None
    found = _REVISION.fullmatch(given[0])
    if found is None or len(given) > 1:
        raise InvalidRequest([FieldFault("header", IF_MATCH, "not-an-option", 'send one ETag, such as "3", or *')])
    return int(found[1])


def idempotency_key(scope: Scope) -> str | None:
    """The key under which the answer is kept; None when there is none.

    Raises: InvalidRequest.
    """
    given = [value for name, value in scope["headers"] if name == _RAW_KEY]
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise InvalidRequest([FieldFault("header", KEY, "not-an-option", "send one key of at most 200 characters")])
    key: bytes = given[0]
    return key.decode("ascii")


async def act_once(
    request: Request, act: Callable[..., Result], render: Callable[[Result], Rendered], **asked: Any
) -> Response:
    """The answer to what is done; with an Idempotency-Key it is done once, and the same is answered again.

    Raises: KeyReused; what `act` raises.
    """
    desk = doorway_of(request).desk
    key = idempotency_key(request.scope)
    if key is None:
        return answer_rendered(render(await desk.run(act, desk, **asked)))
    once = Once(key, _fingerprint(request.scope), render)
    return answer_rendered(await desk.run(answer_once, desk, once, act, **asked))


async def act_once_prepared(
    request: Request,
    prepare: Callable[[Desk], Prepared],
    act: Callable[..., Result],
    render: Callable[[Result], Rendered],
) -> Response:
    """The same of what takes long to prepare: that runs apart and writes nothing, and `act` is given what it made.

    Raises: KeyReused; what either raises.
    """
    desk = doorway_of(request).desk
    key = idempotency_key(request.scope)
    if key is None:
        prepared = await desk.run_apart(prepare, desk)
        return answer_rendered(render(await desk.run(act, desk, prepared=prepared)))
    once = Once(key, _fingerprint(request.scope), render)
    kept = await desk.run(kept_answer, desk, once)
    if kept is not None:
        return answer_rendered(kept)
    prepared = await desk.run_apart(prepare, desk)
    return answer_rendered(await desk.run(answer_once, desk, once, act, prepared=prepared))


def _fingerprint(scope: Scope) -> str:
    """What tells one request from another: who asks for what, with which body and about which revision."""
    seen = [value for name, value in scope["headers"] if name == _RAW_IF_MATCH]
    parts = [
        scope["method"].encode(),
        scope["path"].encode(),
        scope["query_string"],
        "\n".join(acting(scope)).encode(),
        b"".join(seen),
        scope.get(BODY, b""),
    ]
    digest = sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
