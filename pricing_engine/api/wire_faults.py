"""Data against a wire model: the model, or a refusal that names every wrong field without repeating what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pricing_engine.api.pointers import pointer_to
from pricing_engine.api.wire_text import FORMS
from pricing_engine.errors import DomainError

MAX_SHOWN: Final = 50

_UNIONS: Final = ("changes", "attributes", "waivers")
"""The fields of wire models that hold a union each."""

Part = Literal["pointer", "parameter", "header"]
Model = TypeVar("Model", bound=BaseModel)


class FieldFault(NamedTuple):
    """One thing that is wrong with a request, and the field, query parameter or header it is wrong with."""

    part: Part
    where: str
    code: str
    detail: str


class InvalidRequest(DomainError):
    """The request can be read, but fields of it are wrong; `faults` says which."""

    code = "invalid-request"

    def __init__(self, faults: Iterable[FieldFault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        first = self.faults[0]
        more = f" (and {count - 1} more)" if count > 1 else ""
        super().__init__(f"{first.where or 'the body'}: {first.detail}{more}")


def validate(model: type[Model], data: object, *, part: Part = "pointer") -> Model:
    """The model.

    Raises: InvalidRequest.
    """
    try:
        return model.model_validate(data)
    except ValidationError as refused:
        errors = refused.errors(include_url=False, include_context=True, include_input=False)
        faults = [_fault(error, part) for error in errors[:MAX_SHOWN]]
    raise InvalidRequest(faults)


def _fault(error: ErrorDetails, part: Part) -> FieldFault:
    steps = _steps(error["loc"])
    code, detail = _said(error)
    if error["type"] in {"union_tag_not_found", "union_tag_invalid"}:
        steps = [*steps, _tag_of(error)]
    where = pointer_to(steps) if part == "pointer" else pointer_to(steps[:1]).removeprefix("/")
    return FieldFault(part, where, code, detail)


def _steps(loc: tuple[str | int, ...]) -> list[str | int]:
    """The way to the field: after an item of a union pydantic names the member, and it marks keys."""
    way = list(loc)
    if len(way) > 2 and way[0] in _UNIONS:
        del way[2]
    return [step for step in way if step != "[key]"]


_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("missing", "this field is required"),
    "union_tag_not_found": ("missing", "this field is required"),
    "extra_forbidden": ("unknown-field", "there is no such field"),
    "string_type": ("wrong-type", "send a string"),
    "int_type": ("wrong-type", "send a whole number"),
    "bool_type": ("wrong-type", "send true or false"),
    "list_type": ("wrong-type", "send an array"),
    "dict_type": ("wrong-type", "send an object"),
    "model_type": ("wrong-type", "send an object"),
    "model_attributes_type": ("wrong-type", "send an object"),
    "none_required": ("wrong-type", "leave this field out, or send null"),
    "literal_error": ("not-an-option", "must be {expected}"),
    "greater_than_equal": ("too-small", "at least {ge}"),
    "less_than_equal": ("too-large", "at most {le}"),
    "too_long": ("too-long", "at most {max_length} items"),
    "too_short": ("too-short", "at least {min_length} item"),
}


def _said(error: ErrorDetails) -> tuple[str, str]:
    """Our code and words for what pydantic found; what our own validators found is said as they said it."""
    kind = error["type"]
    if kind == "string_pattern_mismatch":
        return "wrong-form", FORMS.get(error["ctx"]["pattern"], "this text does not have the form of the field")
    if kind == "union_tag_invalid":
        tag = _tag_of(error)
        known = str(error["ctx"]["expected_tags"]).replace("'", "")
        return f"unknown-{tag}", f"{tag} is one of {known}"
    if kind in _SAID:
        code, detail = _SAID[kind]
        return code, detail.format_map(error.get("ctx", {}))
    if "_" not in kind:
        return kind, error["msg"]
    return "invalid", "this value does not fit the field"


def _tag_of(error: ErrorDetails) -> str:
    """The field that tells the members of a union apart."""
    tag: str = error["ctx"]["discriminator"]
    return tag.strip("'")
