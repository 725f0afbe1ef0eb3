"""Where two records differ, value by value, each with its JSON pointer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same; `stored` or `replayed` is "(absent)" where only one side has it."""

    pointer: str
    stored: str
    replayed: str


ABSENT = "(absent)"
_WORDS = frozenset({"how"})
"""What tells of a number how it was made; a later version may say it better, and the number is compared itself."""


def find_differences(stored: object, replayed: object) -> tuple[Difference, ...]:
    """Every value of two records that differs; none when they are equal, as numbers are: 1.0 is 1.00."""
    return tuple(_differences(stored, replayed, ""))


def _differences(stored: object, replayed: object, pointer: str) -> Iterator[Difference]:
    if stored == replayed:
        return
    ours, theirs = _parts(stored), _parts(replayed)
    if ours is None or theirs is None or type(stored) is not type(replayed):
        yield Difference(pointer, str(stored), str(replayed))
        return
    for name in dict.fromkeys((*ours, *theirs)):
        below = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
        if name not in ours:
            yield Difference(below, ABSENT, str(theirs[name]))
        elif name not in theirs:
            yield Difference(below, str(ours[name]), ABSENT)
        else:
            yield from _differences(ours[name], theirs[name], below)


def _parts(value: object) -> Mapping[str | int, object] | None:
    """What a record, tuple or mapping is made of; None for a single value."""
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        if not names:
            return dict(enumerate(value))
        return {name: each for name, each in zip(names, value, strict=True) if name not in _WORDS}
    return value if isinstance(value, Mapping) else None
