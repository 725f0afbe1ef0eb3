"""What a problem page is: an error code, its HTTP status and what a person should read; the docs are made from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pricing_engine.errors import CodePage


@dataclass(frozen=True, slots=True)
class Problem:
    """An error code, the HTTP status it is answered with, and its page."""

    code: str
    status: int
    page: CodePage


def problem(code: str, status: int, title: str, *, why: str, avoid: str, prefer: str) -> Problem:
    """One entry of a table of problems."""
    return Problem(code, status, CodePage(title=title, why=why, avoid=avoid, prefer=prefer))


def by_code(*tables: Iterable[Problem]) -> Mapping[str, Problem]:
    """The tables as one; a code that stands twice is a mistake of ours and fails at import."""
    found: dict[str, Problem] = {}
    for table in tables:
        for entry in table:
            if entry.code in found:
                raise ValueError(f"{entry.code} stands twice in the tables of problems")
            found[entry.code] = entry
    return found


def page_text(entry: Problem) -> str:
    """The page of a code as Markdown."""
    page = entry.page
    return (
        f"# {entry.code}\n\n**{page.title}.** HTTP status {entry.status}.\n\n"
        f"{page.why}\n\n## Avoid\n\n{page.avoid}\n\n## Prefer\n\n{page.prefer}\n"
    )
