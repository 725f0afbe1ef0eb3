"""What an expression may talk about: add a `Name` to a `Scope` and rules of that kind can use it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum


class Kind(Enum):
    """The unit of a value; NUMBER is what is left when units cancel, and a bare literal until it meets a unit."""

    YES_NO = "yes/no"
    ENUM = "enum"
    TEXT = "text"
    COUNT = "count"
    RATIO = "ratio"
    MONEY = "money"
    MONTHS = "months"
    DATE = "date"
    NUMBER = "number"


WORDS_OF_KINDS: Mapping[Kind, str] = {
    Kind.YES_NO: "a yes/no",
    Kind.ENUM: "an enum",
    Kind.TEXT: "a text",
    Kind.COUNT: "a count",
    Kind.RATIO: "a ratio",
    Kind.MONEY: "an amount of money",
    Kind.MONTHS: "a number of months",
    Kind.DATE: "a date",
    Kind.NUMBER: "a plain number",
}
"""As they stand in a sentence."""

NUMERIC = frozenset({Kind.COUNT, Kind.RATIO, Kind.MONEY, Kind.MONTHS, Kind.NUMBER})
WHOLE = frozenset({Kind.COUNT, Kind.MONTHS})
TEXTUAL = frozenset({Kind.ENUM, Kind.TEXT})


@dataclass(frozen=True, slots=True)
class Name:
    """One vocabulary entry: its unit, its declared values or range, and whether it may be missing at run time.

    Units: `minimum` and `maximum` are inclusive and in the unit of `kind`.
    """

    id: str
    kind: Kind
    values: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    optional: bool = False
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class LookupTable:
    """Rows of `lookup("id", key)`; without `default` every possible key must have a row."""

    id: str
    key: Kind
    value: Kind
    rows: Mapping[str, Decimal] = field(hash=False)
    default: Decimal | None = None

    def __post_init__(self) -> None:
        if self.key not in TEXTUAL:
            raise ValueError(f"lookup table {self.id!r}: a key is an enum or text, not {self.key.value}")
        if self.value not in NUMERIC:
            raise ValueError(f"lookup table {self.id!r}: a value is a number with a unit, not {self.value.value}")
        if not self.rows and self.default is None:
            raise ValueError(f"lookup table {self.id!r} has neither a row nor a default")


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression of one kind of rule may use.

    Shape: `metrics` are the literals `usage_share("…")` accepts; `elsewhere` maps a name that exists but is not known
    at this step to the step at which it is known, for the error message.
    """

    names: Mapping[str, Name]
    metrics: frozenset[str] = frozenset()
    tables: Mapping[str, LookupTable] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
