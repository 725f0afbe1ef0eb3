"""What is wrong in a rule file: a `Fault` with its code, its place and its fix; start here to report one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

Path = tuple[str | int, ...]
"""The way to a value: keys of mappings and numbers of list items, as pydantic's error `loc`."""

_SIMPLE_KEY = re.compile(r"[^\W\d][\w-]*", re.ASCII)


class Severity(StrEnum):
    """Whether a fault refuses the file or only warns its author."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; line and column count from 1, columns in characters."""

    line: int
    column: int


FILE_START = Position(1, 1)


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that explains a fault, such as where a name was first defined."""

    file: str
    position: Position
    what: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a rule file, where it stands and how to mend it; `path` is "" for the whole file."""

    code: str
    severity: Severity
    file: str
    position: Position
    length: int
    path: str
    what: str
    fix: str
    related: tuple[Related, ...] = ()


def sort_faults(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults by file, position and code, each once."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.position, fault.code, fault.what)))


def path_text(path: Path) -> str:
    """The path as people write it: `limits[1].line_max`, `prices["analytics.seats"][0]`; "" for the file itself."""
    return "".join(_step_text(step) for step in path).removeprefix(".")


def _step_text(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if _SIMPLE_KEY.fullmatch(step):
        return f".{step}"
    escaped = step.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'
