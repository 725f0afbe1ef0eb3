"""How a wrong expression is reported: every fault found, with its column and how to mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

# Beyond this a name is noise, and comparing it with every vocabulary entry is work for nothing.
LONGEST_NAME_TO_COMPARE = 40
MOST_FAULTS_SHOWN = 20
LONGEST_LIST_SHOWN = 13


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in the expression: 1-based column and length, both in characters."""

    column: int
    length: int


@dataclass(frozen=True, slots=True)
class ExpressionFault:
    """One thing wrong in an expression: a stable code (`codes.CODES`), its place, what is wrong and what to write."""

    code: str
    column: int
    length: int
    what: str
    fix: str


class ExpressionRefused(Exception):
    """An expression was refused before anything was evaluated; `faults` holds every fault found, sorted by column."""

    def __init__(self, faults: Sequence[ExpressionFault]) -> None:
        unique = dict.fromkeys(faults)
        ordered = sorted(unique, key=lambda fault: (fault.column, fault.code))
        self.faults: tuple[ExpressionFault, ...] = tuple(ordered[:MOST_FAULTS_SHOWN])
        super().__init__("; ".join(f"{fault.code} at {fault.column}: {fault.what}" for fault in self.faults))

    def __reduce__(self) -> tuple[type["ExpressionRefused"], tuple[tuple[ExpressionFault, ...]]]:
        return (ExpressionRefused, (self.faults,))


def fault_at(at: Span, code: str, what: str, fix: str) -> ExpressionFault:
    """One fault at `at`."""
    return ExpressionFault(code=code, column=at.column, length=at.length, what=what, fix=fix)


def did_you_mean(word: str, known: Iterable[str], *, mark: str = "`") -> str:
    """The nearest known words as a hint, each between marks, or what may be written instead when none is near."""
    options = sorted(known)
    near = get_close_matches(word, options, n=2) if len(word) <= LONGEST_NAME_TO_COMPARE else []
    if near:
        return "did you mean " + " or ".join(f"{mark}{option}{mark}" for option in near) + "?"
    if not options:
        return "nothing of this sort is declared here"
    shown = ", ".join(f"{mark}{option}{mark}" for option in options[:LONGEST_LIST_SHOWN])
    return f"write one of {shown}" + (", …" if len(options) > LONGEST_LIST_SHOWN else "")
