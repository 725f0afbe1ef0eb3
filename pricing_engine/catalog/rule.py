"""Where a number came from: the rule, its file and line, and the reason its author gave."""

from __future__ import annotations

from typing import NamedTuple


class RuleRef(NamedTuple):
    """A pointer every waterfall step and finding carries; a named tuple because one is held per step."""

    id: str
    file: str
    line: int
    why: str
