"""Query parameters as wire models: every name known, none twice, and every value checked like a field of a body."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Final, Literal, TypeVar
from urllib.parse import unquote_to_bytes

from pydantic import BaseModel, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError
from starlette.types import Scope

from pricing_engine.api.wire_faults import FieldFault, InvalidRequest, validate
from pricing_engine.api.wire_life import State, TypeName
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_numbers import Day, Instant
from pricing_engine.api.wire_text import LocaleName, RecordId, Reference
from pricing_engine.document import locales

MAX_LIMIT: Final = 200
DEFAULT_LIMIT: Final = 50
MAX_PARAMETERS: Final = 50
MAX_CURSOR: Final = 500
MAX_QUERY_BYTES: Final = 8_192

Model = TypeVar("Model", bound=BaseModel)
Expansion = Literal["waterfall"]


def _read_limit(value: object) -> int:
    if (
        isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and len(value) <= 3
        and 1 <= int(value) <= MAX_LIMIT
    ):
        return int(value)
    raise PydanticCustomError("out-of-range", "a whole number from 1 to {limit}", {"limit": MAX_LIMIT})


def _read_expand(value: object) -> object:
    return value.split(",") if isinstance(value, str) else value


Limit = Annotated[
    int,
    PlainValidator(_read_limit),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
]


def _read_sequence(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15:
        return int(value)
    raise PydanticCustomError("out-of-range", "the number of an entry, or 0")


Sequence = Annotated[
    int, PlainValidator(_read_sequence), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 10**15 - 1})
]
Cursor = Annotated[str, Field(pattern=rf"^[A-Za-z0-9_=-]{{1,{MAX_CURSOR}}}$")]
Expand = Annotated[
    list[Expansion],
    BeforeValidator(_read_expand),
    WithJsonSchema({"type": "string", "enum": ["waterfall"], "description": "Show segments and steps of each line."}),
]


class NoQuery(WireModel):
    """A route without query parameters."""


class ExpandQuery(WireModel):
    """What to show beyond the ordinary."""

    expand: Expand = Field(default_factory=list)

    @property
    def shows_waterfall(self) -> bool:
        """Whether segments and steps are asked for."""
        return "waterfall" in self.expand


class PreviewQuery(WireModel):
    """What to show of a quote that is not kept, beyond the ordinary."""

    expand: Annotated[
        list[Literal["waterfall", "score"]],
        BeforeValidator(_read_expand),
        WithJsonSchema(
            {
                "type": "string",
                "enum": ["waterfall", "score", "waterfall,score"],
                "description": "Show segments and steps of each line; the score, what would raise it, and guidance.",
            }
        ),
    ] = Field(default_factory=list)


class KeptQuoteQuery(WireModel):
    """What to show of a quote that is kept, beyond the ordinary."""

    expand: Annotated[
        list[Literal["waterfall", "score", "retention"]],
        BeforeValidator(_read_expand),
        WithJsonSchema(
            {
                "type": "string",
                "pattern": "^(waterfall|score|retention)(,(waterfall|score|retention))*$",
                "description": "Show segments and steps of each line; the score with what would raise it, and "
                "guidance; what the quote does to retention.",
            }
        ),
    ] = Field(default_factory=list)


class DocumentQuery(WireModel):
    """How the document is to be: its form, and where it will be read."""

    format: Literal["html", "pdf"] | None = Field(
        default=None, description="What to answer with; by the Accept header when absent, and HTML when that is too."
    )
    locale: LocaleName = Field(default=locales.DEFAULT, description="How numbers and days are written, such as de-DE.")


class PageQuery(WireModel):
    """One page of a list, newest first."""

    cursor: Cursor | None = Field(default=None, description="`next_cursor` of the page before.")
    limit: Limit = DEFAULT_LIMIT


class JournalQuery(WireModel):
    """What happened after something, oldest first."""

    after: Sequence = Field(default=0, description="`next_after` of the answer before; 0 for everything.")
    limit: Limit = DEFAULT_LIMIT


class AccountsQuery(PageQuery):
    """Which accounts: all, or the one with an external id."""

    external_id: Reference | None = None


class QuotesQuery(PageQuery):
    """Which quotes: those that meet all filters."""

    account_id: RecordId | None = None
    type: TypeName | None = None
    state: State | None = None
    external_ref: Reference | None = None
    created_after: Instant | None = Field(default=None, description="Created later than this instant, or day in UTC.")


class ContractQuery(WireModel):
    """Which day's contracts, and as of which day they are known."""

    on: Day | None = Field(default=None, description="What is in force on this day; today when absent.")
    known_on: Day | None = Field(default=None, description="As known at the end of this day, in UTC; now when absent.")


def read_query(scope: Scope, model: type[Model]) -> Model:
    """The query of a request as a wire model.

    Raises: InvalidRequest, naming each parameter that is unknown, given twice, badly encoded or wrong.
    """
    query: bytes = scope["query_string"]
    return validate(model, _parameters(query, model), part="parameter") if query else _without_parameters(model)


@cache
def _without_parameters(model: type[Model]) -> Model:
    """The model of an empty query; models are frozen, so all requests may share it."""
    return validate(model, {}, part="parameter")


def _parameters(query: bytes, model: type[BaseModel]) -> dict[str, str]:
    parts = query.split(b"&", MAX_PARAMETERS)
    if len(parts) > MAX_PARAMETERS or len(query) > MAX_QUERY_BYTES:
        detail = f"at most {MAX_PARAMETERS} parameters in {MAX_QUERY_BYTES} bytes"
        raise InvalidRequest([FieldFault("parameter", "", "too-long", detail)])
    found: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition(b"=")
        key = _decoded(name)
        if key in found:
            known = key if key in model.model_fields else ""  # what was sent is not sent back
            raise InvalidRequest([FieldFault("parameter", known, "given-twice", "give each parameter once")])
        found[key] = _decoded(value)
    return found


def _decoded(text: bytes) -> str:
    try:
        return unquote_to_bytes(text.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidRequest([FieldFault("parameter", "", "bad-encoding", "encode parameters as UTF-8")]) from None


def parameters_of(model: type[BaseModel]) -> list[dict[str, Any]]:
    """The model's fields as OpenAPI describes query parameters."""
    schema = model.model_json_schema()
    return [
        {"name": name, "in": "query", "required": False, "schema": _without_null(field)}
        for name, field in schema.get("properties", {}).items()
    ]


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is absent is not null, whatever Python makes of it."""
    options = [option for option in field.get("anyOf", ()) if option.get("type") != "null"]
    kept = {name: value for name, value in field.items() if name not in {"anyOf", "title", "default"}}
    return {**(options[0] if options else {}), **kept}
