"""Plain data of one rule file in, its pydantic model or every problem of its shape out, in our codes and words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pricing_engine.rulebook.documents.fields_known import fields_known
from pricing_engine.rulebook.documents.kinds import KINDS, json_schema
from pricing_engine.rulebook.documents.price_book import CHARGE_MODELS
from pricing_engine.rulebook.documents.shape import Shape, shown
from pricing_engine.rulebook.faults import Path
from pricing_engine.rulebook.suggest import did_you_mean

S = TypeVar("S", bound=Shape)

_QUOTED = re.compile(r"'([^']*)'")
_OUR_CODE = re.compile(r"E[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the shape of a file; `on_key`: the key is meant, not its value."""

    code: str
    path: Path
    what: str
    fix: str
    on_key: bool = False


def read_document(kind: str, data: object) -> Shape | tuple[Problem, ...]:
    """The model of a file of a known kind, or what is wrong with it."""
    return read_shape(KINDS[kind], data, schema=json_schema(kind))


def read_shape(model: type[S], data: object, *, schema: Mapping[str, Any]) -> S | tuple[Problem, ...]:
    """The model of some data, or what is wrong with it; `schema` is the JSON schema the data is meant to follow."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
    return tuple(_problem(detail, dict(schema)) for detail in details if not _is_consequence(detail))


def _is_consequence(detail: ErrorDetails) -> bool:
    """Whether a list is only called too short because its items were refused, which is said of each of them."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _problem(detail: ErrorDetails, schema: dict[str, Any]) -> Problem:
    kind, path, value = detail["type"], detail["loc"], detail["input"]
    context = detail.get("ctx", {})
    on_key = path[-1:] == ("[key]",)
    path = path[:-1] if on_key else path
    if _OUR_CODE.fullmatch(kind):
        return Problem(kind, path, context["what"], context["fix"], on_key=on_key)
    match kind:
        case "missing":
            return Problem("E101", path[:-1], f"the field {path[-1]} is missing", f"add {path[-1]}: …", on_key=True)
        case "extra_forbidden":
            fix = did_you_mean(str(path[-1]), fields_known(schema, path[:-1]))
            return Problem("E102", path, f"there is no field {path[-1]} here", fix, on_key=True)
        case "literal_error" | "enum":
            return replace(_unknown_word(path, value, _QUOTED.findall(str(context["expected"]))), on_key=on_key)
        case "union_tag_not_found" | "union_tag_invalid":
            return _unknown_model(path, value)
        case "too_short" | "string_too_short":
            return Problem("E105", path, "this is empty", "write at least one value, or leave the field out")
        case "too_long" | "string_too_long":
            return Problem("E105", path, "this is too long", "shorten it")
        case _:
            return _wrong_type(kind, path, value)


def _unknown_word(path: Path, value: object, known: list[str]) -> Problem:
    if isinstance(value, str):
        return Problem("E103", path, f"{shown(value)} is not known here", did_you_mean(value, known))
    options = " or ".join(f'"{word}"' for word in known) if known else "true"
    return Problem("E103", path, f"{shown(value)} cannot stand here", f"write {options}")


def _unknown_model(path: Path, value: object) -> Problem:
    if not isinstance(value, dict):
        return Problem("E104", path, f"{shown(value)} where a mapping is needed", "write from, model and why")
    models = sorted(CHARGE_MODELS)
    if "model" not in value:
        fix = f"add model: {' | '.join(models)}, or on_request: true"
        return Problem("E101", path, "the field model is missing", fix, on_key=True)
    return _unknown_word((*path, "model"), value["model"], models)


_NEEDED = {
    "string_type": ("text", "put it in quotes"),
    "bool_type": ("true or false", "write true or false"),
    "bool_parsing": ("true or false", "write true or false"),
    "dict_type": ("a mapping", "write field: value, one per line"),
    "model_type": ("a mapping", "write field: value, one per line"),
    "model_attributes_type": ("a mapping", "write field: value, one per line"),
    "list_type": ("a list", "write it as a list: [a, b]"),
    "tuple_type": ("a list", "write it as a list: [a, b]"),
    "none_required": ("nothing", "leave the field out"),
}


def _wrong_type(kind: str, path: Path, value: object) -> Problem:
    needed, fix = _NEEDED.get(kind, ("something else", "see the example on the page of this code"))
    return Problem("E104", path, f"{shown(value)} where {needed} is needed", fix)
