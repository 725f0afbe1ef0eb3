"""What every request gets, whatever it asks for: an id, header limits, metrics, a log line, and never a bare 500."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from pricing_engine.api.acting_role import DEFAULT_ROLE
from pricing_engine.api.metrics import RequestMetrics
from pricing_engine.api.problems import instance_of, internal_problem, problem_response
from pricing_engine.api.request_ids import HEADER, request_id_of
from pricing_engine.errors import DomainError

MAX_HEADER_BYTES: Final = 32_768
UNMATCHED: Final = "unmatched"

_CONTROLS: Final = bytes(byte for byte in range(0x20) if byte != 0x09) + b"\x7f"


class HeadersTooLarge(DomainError):
    """The headers are larger than this service reads."""

    code = "headers-too-large"


class MalformedHeader(DomainError):
    """A header holds control characters."""

    code = "malformed-header"


@dataclass(frozen=True, slots=True)
class Edge:
    """An ASGI app around another: what every request gets, whatever it asks for."""

    app: ASGIApp
    metrics: RequestMetrics
    log: FilteringBoundLogger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request. Lifespan messages go straight through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = perf_counter()
        scope["request_id"] = request_id = request_id_of(scope["headers"])
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, request_id.encode("ascii"))]
            await send(message)

        try:
            await self._serve(scope, receive, send_with_id)
        except Exception:
            self.log.exception("request failed", request_id=request_id, route=_route(scope))
            if status:
                raise
            await internal_problem(instance=instance_of(scope))(scope, receive, send_with_id)
        finally:
            self._account(scope, status, perf_counter() - begun)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            _check_headers(scope)
        except DomainError as refused:
            await problem_response(refused, role=DEFAULT_ROLE, instance=instance_of(scope))(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = scope["method"], _route(scope)
        self.metrics.count(method=method, route=route, status=status, seconds=seconds)
        self.log.info(
            "request",
            request_id=scope["request_id"],
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 2),
        )


def _route(scope: Scope) -> str:
    """The template of the route, never the path, which is the caller's."""
    path: str = getattr(scope.get("route"), "path", UNMATCHED)
    return path


def _check_headers(scope: Scope) -> None:
    """Raises: HeadersTooLarge or MalformedHeader; never naming what was sent."""
    size = 0
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        if len(value.translate(None, _CONTROLS)) != len(value):
            raise MalformedHeader("a header holds control characters", fix="send printable ASCII")
    if size > MAX_HEADER_BYTES:
        raise HeadersTooLarge(f"the headers have more than {MAX_HEADER_BYTES} bytes", fix="send less in headers")
