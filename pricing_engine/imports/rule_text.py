"""Writes rule files the way a careful person would: quoted where YAML readers could disagree, one thought per line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from pricing_engine.imports.identifiers import names_in

_WORD = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_DISPUTED = names_in("y n yes no on off true false null inf infinity nan")
_LONGEST_TEXT = 1900


def word(text: str) -> str:
    """An id or name, in quotes only where a YAML reader might take it for something else."""
    return text if _WORD.fullmatch(text) and text not in _DISPUTED else quoted(text)


def words(texts: Iterable[str]) -> str:
    """A list of ids on one line."""
    return f"[{', '.join(word(text) for text in texts)}]"


def quoted(text: str) -> str:
    """The text in double quotes; a very long one is cut, because it is there to be read."""
    short = text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
    escaped = short.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def plain_number(number: Decimal) -> str:
    """The number with every digit it has and no exponent."""
    return f"{number:f}"


def fields(pairs: Sequence[tuple[str, str]]) -> str:
    """A mapping on one line."""
    return f"{{{', '.join(f'{key}: {value}' for key, value in pairs)}}}"


def document(header: Sequence[str], lines: Iterable[str]) -> str:
    """A rule file: the header as comments, then the lines."""
    comments = [f"# {line}".rstrip() for line in header]
    return "\n".join([*comments, *lines]) + "\n"


def comment(text: str, *, indent: int = 0) -> tuple[str, ...]:
    """The text as comment lines of at most 110 characters; none for an empty text."""
    found: list[str] = []
    line = ""
    for piece in text.split():
        if line and len(line) + len(piece) + 1 > 110:
            found.append(line)
            line = ""
        line = f"{line} {piece}".strip()
    return tuple(f"{' ' * indent}# {each}" for each in (*found, line) if each)
