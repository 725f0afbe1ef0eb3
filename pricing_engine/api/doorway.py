"""What every route works with: the desk, the limits and the metrics of its app, and how ids are read from the path."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import orjson
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.body import read_model, read_optional_model
from pricing_engine.api.metrics import RequestMetrics
from pricing_engine.api.wire_text import RECORD_ID
from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.integrations.webhooks.destinations import Destinations
from pricing_engine.usecases.once import Rendered

Model = TypeVar("Model", bound=BaseModel)

JSON: Final = "application/json"
_JSON_HEADER: Final = (b"content-type", JSON.encode("latin-1"))
_ID: Final = re.compile(RECORD_ID.removeprefix("^").removesuffix("$"))


class NotFound(DomainError):
    """There is nothing at this path."""

    code = "not-found"


@dataclass(frozen=True, slots=True)
class Doorway:
    """What an app was opened with."""

    desk: Desk
    metrics: RequestMetrics
    max_body_bytes: int
    check_ready: Callable[[], Mapping[str, bool]]
    destinations: Destinations


def doorway_of(request: Request) -> Doorway:
    """The doorway of the app that serves this request."""
    doorway: Doorway = request.app.state.doorway
    return doorway


async def read_body_model(request: Request, model: type[Model]) -> Model:
    """The body of the request as a wire model, within this app's limit."""
    return await read_model(request, model, max_bytes=doorway_of(request).max_body_bytes)


async def read_optional_body(request: Request, model: type[Model]) -> Model:
    """The same of a request that may have no body."""
    return await read_optional_model(request, model, max_bytes=doorway_of(request).max_body_bytes)


def path_id(request: Request, name: str) -> str:
    """The id in the path.

    Raises: NotFound for what cannot be an id, so that storage never sees it.
    """
    given = str(request.path_params[name])
    if not _ID.fullmatch(given):
        raise NotFound("there is nothing at this path", fix="ids are letters, digits, _ and -")
    return given


def answer(content: object, *, status: int = 200, location: str | None = None) -> Response:
    """The answer with JSON-ready data."""
    return answer_bytes(orjson.dumps(content, option=orjson.OPT_UTC_Z), status=status, location=location)


def answer_bytes(content: bytes, *, status: int = 200, location: str | None = None) -> Response:
    """The answer with JSON made already."""
    return JsonBytes(content, status, {"location": location} if location else {})


def answer_rendered(sent: Rendered) -> Response:
    """The answer that was made, now or before."""
    return JsonBytes(sent.body, sent.status, sent.headers)


class JsonBytes(Response):
    """JSON made already, with just the headers it needs, as they go over the wire."""

    def __init__(self, content: bytes, status: int, headers: Mapping[str, str]) -> None:
        # Not by way of Response, which copies, lowers and encodes headers one by one.
        self.body = content
        self.status_code = status
        self.background = None
        self.raw_headers = [(b"content-length", b"%d" % len(content)), _JSON_HEADER]
        for name, value in headers.items():
            self.raw_headers.append((name.encode("latin-1"), value.encode("latin-1")))
