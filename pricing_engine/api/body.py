"""Reading a request's body: the right type, in time, within the limit, and then as a wire model."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Final, TypeVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from pricing_engine.api.begun_call import BegunCall
from pricing_engine.api.strict_json import read_json
from pricing_engine.api.wire_faults import validate
from pricing_engine.errors import DomainError

Model = TypeVar("Model", bound=BaseModel)

READ_SECONDS: Final = 15
"""How long a body may take to arrive."""

BODY: Final = "pricing_engine.body"
"""Where in the scope the bytes of a body that was read are, for what tells one request from another."""

_JSON: Final = b"application/json"
_PLAIN_ENCODINGS: Final = (b"", b"identity")


class UnsupportedMediaType(DomainError):
    """The body is not announced as plain UTF-8 JSON; `header` announces something else."""

    code = "unsupported-media-type"

    def __init__(self, what: str, *, header: str, fix: str, **facts: Any) -> None:
        super().__init__(what, fix=fix, **facts)
        self.header = header


class BodyTooLarge(DomainError):
    """The body is larger than this service reads."""

    code = "body-too-large"


class BodyTooSlow(DomainError):
    """The body did not arrive in time."""

    code = "body-too-slow"


class CallerLeft(DomainError):
    """The caller closed the connection before the body was complete; nobody reads the answer."""

    code = "caller-left"


async def read_model(request: Request, model: type[Model], *, max_bytes: int) -> Model:
    """The body as the wire model.

    Raises: UnsupportedMediaType, BodyTooLarge, BodyTooSlow, CallerLeft, MalformedJson or InvalidRequest.
    """
    _check_type(request.scope)
    body = await read_body(request.receive, max_bytes=max_bytes)
    request.scope[BODY] = body
    return validate(model, read_json(body))


async def read_optional_model(request: Request, model: type[Model], *, max_bytes: int) -> Model:
    """The same of a request that may have no body at all, and then stands for an empty object.

    Raises: as `read_model`.
    """
    body = await read_body(request.receive, max_bytes=max_bytes)
    request.scope[BODY] = body
    if not body:
        return validate(model, {})
    _check_type(request.scope)
    return validate(model, read_json(body))


async def read_body(receive: Receive, *, max_bytes: int) -> bytes:
    """The bytes of the body. Most have arrived whole when they are asked for, and then no clock is started."""
    first: BegunCall[Message] = BegunCall(receive())  # type: ignore[arg-type]
    if first.returned is not None and not first.returned.get("more_body", False):
        return _chunk(first.returned, before=0, max_bytes=max_bytes)
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await _chunks(first, receive, max_bytes=max_bytes)
    except TimeoutError:
        what = f"the body did not arrive within {READ_SECONDS} seconds"
        raise BodyTooSlow(what, fix="send it again, at once") from None


async def _chunks(first: Awaitable[Message], receive: Receive, *, max_bytes: int) -> bytes:
    message = await first
    body = _chunk(message, before=0, max_bytes=max_bytes)
    chunks, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        chunks.append(_chunk(message, before=size, max_bytes=max_bytes))
        size += len(chunks[-1])
    return b"".join(chunks)


def _chunk(message: Message, *, before: int, max_bytes: int) -> bytes:
    """The part of the body in a message; `before` are the bytes that came before it."""
    if message["type"] == "http.disconnect":
        raise CallerLeft("the connection was closed before the body was complete")
    chunk: bytes = message.get("body", b"")
    if before + len(chunk) > max_bytes:
        raise BodyTooLarge(f"the body has more than {max_bytes} bytes", fix="send less at once", max_bytes=max_bytes)
    return chunk


def _check_type(scope: Scope) -> None:
    types = [value for name, value in scope["headers"] if name == b"content-type"]
    encodings = [value for name, value in scope["headers"] if name == b"content-encoding"]
    if len(types) != 1 or not (types[0] == _JSON or _is_utf8_json(types[0])):
        raise UnsupportedMediaType(
            "the content type is not JSON in UTF-8",
            header="Content-Type",
            fix="send Content-Type: application/json",
            accepts="application/json",
        )
    if any(encoding.strip().lower() not in _PLAIN_ENCODINGS for encoding in encodings):
        raise UnsupportedMediaType(
            "the body is compressed", header="Content-Encoding", fix="send it without Content-Encoding"
        )


def _is_utf8_json(content_type: bytes) -> bool:
    media, *parameters = (part.strip().lower() for part in content_type.split(b";"))
    return media == _JSON and all(part in (b"charset=utf-8", b'charset="utf-8"') for part in parameters if part)
