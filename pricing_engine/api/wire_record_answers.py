"""The shapes of answers about rulebooks, the service and problems, for the OpenAPI document alone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from pricing_engine.api.wire_answers import Answer, NextCursor


class RulebookOut(Answer):
    """A published rulebook version."""

    hash: str
    name: str
    engine_version: str
    language: str
    author: str
    commit: str | None
    created_at: datetime


class RulebooksOut(Answer):
    """A page of published versions, newest first, and the one in force today."""

    in_force: Annotated[str | None, Field(description="Hash of the version in force; null: none is.")]
    items: tuple[RulebookOut, ...]
    next_cursor: NextCursor


class ActivationOut(Answer):
    """From when a version counts, until a later activation."""

    id: str
    from_instant: datetime
    reason: str
    by: str
    created_at: datetime


class RuleFileOut(Answer):
    """A file of a version, by name and size."""

    name: str
    bytes: int


class RulebookRecordOut(RulebookOut):
    """A version with its files and activations."""

    files: tuple[RuleFileOut, ...]
    activations: tuple[ActivationOut, ...]


class CheckOut(Answer):
    """The files make a rulebook, and the tests among them can be run; warnings may remain."""

    is_valid: Literal[True]
    hash: str
    faults: tuple[dict[str, Any], ...]


class StatusOut(Answer):
    """Whether the service can work."""

    status: Literal["ok", "not ready"]
    checks: dict[str, bool] = Field(default_factory=dict)


class FieldProblemOut(Answer):
    """One wrong field; exactly one of pointer, parameter and header says which."""

    pointer: Annotated[str, Field(description="JSON pointer into the body.")] = ""
    parameter: str = ""
    header: str = ""
    code: str
    detail: str


class ProblemOut(BaseModel):
    """RFC 9457 problem details; further members are facts of the problem."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: tuple[FieldProblemOut, ...] = ()
