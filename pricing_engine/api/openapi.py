"""The OpenAPI document: routes say what they take and answer through `described`, wire models give the schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.responses import Response

from pricing_engine.api import acting_role
from pricing_engine.api.problems import MEDIA_TYPE
from pricing_engine.api.wire_queries import NoQuery, parameters_of
from pricing_engine.api.wire_record_answers import ProblemOut

_REF: Final = "#/components/schemas/{model}"

_PROBLEM_WORDS: Final[Mapping[int, str]] = {
    400: "The body or a header cannot be read",
    403: "The role may not do this",
    404: "There is no such thing",
    408: "The body did not arrive in time",
    409: "The service's state does not allow it",
    412: "The quote has changed since the caller saw it",
    413: "The body is too large",
    415: "The body is not announced as JSON",
    422: "The request is wrong, or cannot be done",
    428: "The request does not say which revision it is about",
    431: "The headers are too large",
    500: "What is stored cannot be read: somebody has changed the database",
    501: "This installation cannot do it",
    503: "The database does not answer, or a key to secrets is missing",
}
_ANY_OPERATION: Final = (400, 431)
_ANY_ROUTE: Final = (400, 422, 431, 503)
_WITH_BODY: Final = (408, 413, 415)

_ROLE_PARAMETER: Final = {
    "name": acting_role.HEADER,
    "in": "header",
    "required": False,
    "description": "The role the caller acts in; until login exists it is believed.",
    "schema": {"type": "string", "enum": list(acting_role.ROLES), "default": acting_role.DEFAULT_ROLE},
}

_USER_PARAMETER: Final = {
    "name": acting_role.USER_HEADER,
    "in": "header",
    "required": False,
    "description": "Who acts; the role's name when absent. Until login exists it is believed.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$"},
}
IDEMPOTENCY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Names the request: repeated with the same key within 7 days, it is done once and answered alike.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the quote as the caller has seen it, or `*`.",
    "schema": {"type": "string", "pattern": r'^("[1-9][0-9]{0,8}"|\*)$'},
}


def described(
    answer: type[BaseModel] | None,
    *,
    status: int = 200,
    body: type[BaseModel] | None = None,
    example: Mapping[str, Any] | None = None,
    examples: Mapping[str, Mapping[str, Any]] | None = None,
    query: type[BaseModel] = NoQuery,
    path: Mapping[str, str] | None = None,
    problems: tuple[int, ...] = (),
    links: Mapping[str, Any] | None = None,
    headers: Sequence[Mapping[str, Any]] = (),
    is_body_needed: bool = True,
) -> dict[str, Any]:
    """The keyword arguments that make a FastAPI route say what it takes and answers.

    `path` is name → pattern; `examples` are for bodies of which one `example` does not show enough.
    Without an `answer` there is no body.
    """
    parameters = [
        *(_path_parameter(*item) for item in (path or {}).items()),
        *parameters_of(query),
        *headers,
        _ROLE_PARAMETER,
        _USER_PARAMETER,
    ]
    extra: dict[str, Any] = {"parameters": parameters}
    if body:
        content = _content("application/json", body, example, examples)
        extra["requestBody"] = {"required": is_body_needed, "content": content}
    done = _done(answer) if answer else {"description": "Done"}
    statuses = sorted({*_ANY_ROUTE, *(_WITH_BODY if body else ()), *problems})
    return {
        "response_model": None,
        "status_code": status,
        "responses": {status: done | ({"links": dict(links)} if links else {})} | _problems(statuses),
        "openapi_extra": extra,
    }


def described_operation(answer: type[BaseModel], *, statuses: tuple[int, ...]) -> dict[str, Any]:
    """The same for a route of operations, which takes nothing and answers alike with each of its statuses."""
    done = _done(answer)
    return {
        "response_model": None,
        "responses": dict.fromkeys(statuses, done) | _problems(_ANY_OPERATION),
        "openapi_extra": {"parameters": []},
    }


def described_file(
    what: str,
    media_types: tuple[str, ...],
    *,
    path: Mapping[str, str],
    query: type[BaseModel],
    problems: tuple[int, ...],
) -> dict[str, Any]:
    """The same for a route that answers with a file, in one of several media types."""
    parameters = [_path_parameter(*item) for item in path.items()] + parameters_of(query) + [_ROLE_PARAMETER]
    schemas = {media: {"schema": {"type": "string"}} for media in media_types}
    return {
        "response_model": None,
        "response_class": Response,
        "responses": {200: {"description": what, "content": schemas}} | _problems(sorted({*_ANY_ROUTE, *problems})),
        "openapi_extra": {"parameters": parameters},
    }


def document(app: FastAPI, models: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    """The whole document, made once: FastAPI's paths with the schemas of the wire models beside them."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes
        )
        pairs = [(model, "validation") for model in (*models, ProblemOut)]
        _, definitions = models_json_schema(pairs, ref_template=_REF)  # type: ignore[arg-type]
        schema.setdefault("components", {}).setdefault("schemas", {}).update(definitions["$defs"])
        app.openapi_schema = schema
    return app.openapi_schema


def _done(answer: type[BaseModel]) -> dict[str, Any]:
    return {"description": _first_line(answer), "content": _content("application/json", answer)}


def _content(
    media_type: str,
    model: type[BaseModel],
    example: Mapping[str, Any] | None = None,
    examples: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    shape: dict[str, Any] = {"schema": {"$ref": _REF.format(model=model.__name__)}}
    if example:
        shape["example"] = dict(example)
    if examples:
        shape["examples"] = {name: {"value": dict(value)} for name, value in examples.items()}
    return {media_type: shape}


def _problems(statuses: Iterable[int]) -> dict[int, dict[str, Any]]:
    content = _content(MEDIA_TYPE, ProblemOut)
    return {status: {"description": _PROBLEM_WORDS[status], "content": content} for status in statuses}


def _path_parameter(name: str, pattern: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": pattern}}


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]
