"""Where in a JSON text something is: a slow walk over its tokens, made only to explain a refusal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pricing_engine.api.pointers import pointer_to

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|NaN|-?Infinity', re.DOTALL)


class Place(NamedTuple):
    """A JSON pointer ("" when it is not known) and an offset in characters."""

    pointer: str
    offset: int


@dataclass(slots=True)
class _Level:
    is_object: bool
    keys: set[str] = field(default_factory=set)
    key: str = ""
    index: int = 0
    wants_key: bool = True


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Both counted from 1, in characters."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def first_too_deep(text: str, limit: int) -> Place | None:
    """The first bracket that opens a level beyond the limit, or None."""
    depth = 0
    for match in _TOKEN.finditer(text):
        if match[0] in "[{":
            depth += 1
            if depth > limit:
                return Place("", match.start())
        elif match[0] in "]}":
            depth -= 1
    return None


def first_duplicate(text: str) -> Place | None:
    """The first key that its object has already, or None. The text has been found to be JSON up to there."""
    levels: list[_Level] = []
    for found, offset in _tokens(text):
        if _follow(levels, found):
            return Place(_pointer(levels), offset)
    return None


def first_constant(text: str) -> Place | None:
    """The first NaN or infinity that stands as a value, or None. The text has been found to be JSON up to there."""
    levels: list[_Level] = []
    for found, offset in _tokens(text):
        if found[0] in "NI-":
            return Place(_pointer(levels), offset)
        _follow(levels, found)
    return None


def _follow(levels: list[_Level], found: str) -> bool:
    """Brings the levels past a token; True when it is a key that its object has already."""
    match found[0]:
        case "{" | "[":
            levels.append(_Level(found == "{"))
        case "}" | "]":
            levels.pop()
        case ",":
            levels[-1].index += 1
            levels[-1].wants_key = True
        case '"' if levels and levels[-1].is_object and levels[-1].wants_key:
            return _take_key(levels[-1], found)
        case _:
            pass
    return False


def _take_key(level: _Level, written: str) -> bool:
    """Remembers the key; True when it was there before."""
    level.key = json.loads(written)
    level.wants_key = False
    seen = level.key in level.keys
    level.keys.add(level.key)
    return seen


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    return ((match[0], match.start()) for match in _TOKEN.finditer(text))


def _pointer(levels: list[_Level]) -> str:
    return pointer_to(level.key if level.is_object else level.index for level in levels)
