"""The only module that knows HTTP statuses: every error code → its status and title, as RFC 9457 problem+json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from pricing_engine.api.acting_role import DEFAULT_ROLE, acting_role
from pricing_engine.api.acting_role import HEADER as ROLE_HEADER
from pricing_engine.api.json_values import plain
from pricing_engine.api.once_only import IF_MATCH, KEY
from pricing_engine.api.problem_pages import Problem
from pricing_engine.api.problem_table import PROBLEMS
from pricing_engine.api.visibility import visible_facts
from pricing_engine.api.wire_faults import InvalidRequest
from pricing_engine.errors import DomainError
from pricing_engine.rulebook.fault_report import render_json
from pricing_engine.rulebook.load import RulebookRefused

MEDIA_TYPE: Final = "application/problem+json"
MAX_FAULTS: Final = 200
"""How many faults of rule files one answer shows."""

METHOD_NOT_ALLOWED: Final = 405
UNAVAILABLE: Final = 503
RETRY_SECONDS: Final = "2"
CLOSING: Final = frozenset({"body-too-large", "body-too-slow", "caller-left", "headers-too-large"})
"""Problems after which the rest of the request is not read, so that the connection ends with them."""

_HEADERS: Final[Mapping[str, str]] = {
    "quote-stale": IF_MATCH,
    "idempotency-key-reused": KEY,
    "unknown-role": ROLE_HEADER,
}
"""The headers that are wrong where they are refused below the doors, by the code; a door's own errors name theirs."""

_HTTP_CODES: Final[Mapping[int, str]] = {404: "not-found", 405: "method-not-allowed"}
_OWN_MEMBERS: Final = frozenset({"type", "title", "status", "detail", "instance", "code", "errors"})


def problem_of(code: str) -> Problem:
    """The status and page of a code; one that is not listed (a test sees to it that none is) counts as invalid."""
    return PROBLEMS.get(code, PROBLEMS["invalid-request"])


def problem_response(error: DomainError, *, role: str, instance: str, is_read: bool = False) -> Response:
    """The answer to a request that cannot be done; one that only reads has parameters where others have fields."""
    members: dict[str, Any] = {
        name: plain(value) for name, value in visible_facts(role, error.facts).items() if name not in _OWN_MEMBERS
    }
    if faults := _faults(error, is_read=is_read):
        members["errors"] = faults
    if isinstance(error, RulebookRefused):
        members |= {"faults": render_json(error.faults[:MAX_FAULTS]), "fault_count": len(error.faults)}
    detail = f"{error.what}; {error.fix}" if error.fix else error.what
    return _answer(error.code, detail, instance=instance, members=members)


def internal_problem(*, instance: str) -> Response:
    """The answer when we are at fault: it names the log entry and nothing else."""
    detail = "something went wrong on our side; it has been logged under the instance named here"
    return _answer("internal-error", detail, instance=instance, members={})


def http_problem(status: int, *, instance: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to what the framework refuses: an unknown path or method."""
    code = _HTTP_CODES.get(status, "invalid-request" if status < 500 else "internal-error")
    detail = PROBLEMS[code].page.prefer
    return _answer(code, detail, instance=instance, members={}, headers=headers)


def instance_of(scope: Scope) -> str:
    """The URI of this one occurrence, by the id that the log repeats."""
    return f"urn:request:{scope.get('request_id', 'unknown')}"


async def answer_domain_error(request: Request, error: Exception) -> Response:
    """FastAPI's handler of `DomainError`."""
    if not isinstance(error, DomainError):
        raise error
    return problem_response(
        error, role=_role_or_least(request), instance=instance_of(request.scope), is_read=request.method == "GET"
    )


async def answer_http_error(request: Request, error: Exception) -> Response:
    """FastAPI's handler of Starlette's HTTP exceptions."""
    status = getattr(error, "status_code", 500)
    headers = {"Allow": ", ".join(_methods_of_path(request))} if status == METHOD_NOT_ALLOWED else None
    return http_problem(status, instance=instance_of(request.scope), headers=headers)


def _methods_of_path(request: Request) -> list[str]:
    """Every method of the path: each has a route of its own, and the framework names those of the first alone."""
    found: set[str] = set()
    for route in request.app.routes:
        if route.path_regex.match(request.scope["path"]):
            found |= route.methods
    return sorted(found)


def _role_or_least(request: Request) -> str:
    try:
        return acting_role(request.scope)
    except InvalidRequest:
        return DEFAULT_ROLE


def _faults(error: DomainError, *, is_read: bool) -> list[dict[str, str]]:
    if isinstance(error, InvalidRequest):
        return [{fault.part: fault.where, "code": fault.code, "detail": fault.detail} for fault in error.faults]
    if error.pointer:
        where = {"parameter": error.pointer.removeprefix("/")} if is_read else {"pointer": error.pointer}
    elif header := getattr(error, "header", _HEADERS.get(error.code)):
        where = {"header": header}
    else:
        return []
    return [{**where, "code": error.code, "detail": error.what}]


def _answer(
    code: str, detail: str, *, instance: str, members: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    problem = problem_of(code)
    content = {
        "type": f"/problems/{code}",
        "title": problem.page.title,
        "status": problem.status,
        "detail": detail,
        "instance": instance,
        "code": code,
        **members,
    }
    sent = {"Cache-Control": "no-store", **(headers or {})}
    if code in CLOSING:
        sent["Connection"] = "close"
    if problem.status == UNAVAILABLE:
        sent["Retry-After"] = RETRY_SECONDS
    return Response(orjson.dumps(content), status_code=problem.status, media_type=MEDIA_TYPE, headers=sent)
