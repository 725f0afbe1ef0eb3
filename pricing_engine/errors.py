"""The two ways the core says no: a `DomainError` that stops a use case, and the page that explains an error code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class DomainError(Exception):
    """Something that cannot be done, with a stable code and facts a caller can act on.

    Subclasses stand beside the function that raises them. `pointer` is a JSON pointer into the request that
    caused it, or "" when the whole request is meant. Only `api/problems.py` knows which HTTP status a code has.
    """

    code: ClassVar[str]

    def __init__(self, what: str, *, fix: str = "", pointer: str = "", **facts: object) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix
        self.pointer = pointer
        self.facts = facts


@dataclass(frozen=True, slots=True)
class CodePage:
    """What a person reads about one error code: what it means, why it matters, what to avoid and what to write."""

    title: str
    why: str
    avoid: str
    prefer: str
