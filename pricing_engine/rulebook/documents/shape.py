"""What every rule document shares: unknown fields are refused, values never change, and how a reader says no."""

from typing import LiteralString

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


class Shape(BaseModel):
    """A mapping in a rule file whose fields are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def refused(code: LiteralString, what: str, fix: str) -> PydanticCustomError:
    """The error a reader raises: its type is our fault code, and `reading` turns it into a problem with a place."""
    return PydanticCustomError(code, "{what}", {"what": what, "fix": fix})


def shown(value: object) -> str:
    """The value as a person would have written it, short enough for a message."""
    match value:
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            text = " ".join(value[:200].split())
            return f'"{text}"' if len(text) <= 40 else f'"{text[:39]}…"'
        case _:
            return str(value)
