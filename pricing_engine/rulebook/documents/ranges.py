"""Ranges and bounds as text: `"0%..20%"`, `"..250000"`, `250000`; their unit is checked where they are used."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from pricing_engine.rulebook.documents.fields import read_number, read_percent
from pricing_engine.rulebook.documents.shape import refused, shown


@dataclass(frozen=True, slots=True)
class BoundText:
    """A number, and whether it was written as a percentage (then `number` is the fraction)."""

    number: Decimal
    is_percent: bool


@dataclass(frozen=True, slots=True)
class RangeText:
    """`low..high` as written; an open end is None."""

    low: BoundText | None
    high: BoundText | None

    @property
    def bounds(self) -> tuple[BoundText, ...]:
        """The ends that are written."""
        return tuple(bound for bound in (self.low, self.high) if bound is not None)

    @property
    def numbers(self) -> tuple[Decimal | None, Decimal | None]:
        """Both ends, None where one is open."""
        return self.low.number if self.low else None, self.high.number if self.high else None


def _bound(value: object) -> BoundText | None:
    fraction = read_percent(value)
    if fraction is not None:
        return BoundText(fraction, is_percent=True)
    number = read_number(value)
    return None if number is None else BoundText(number, is_percent=False)


def _signed_bound(text: str) -> BoundText | None:
    bound = _bound(text.removeprefix("-"))
    return replace(bound, number=-bound.number) if bound is not None and text.startswith("-") else bound


def _read_bound(value: object) -> BoundText:
    bound = _bound(value)
    if bound is None:
        raise refused("E116", f"{shown(value)} is not a number or percentage", 'write it such as 250000 or "20%"')
    return bound


def read_range(value: object, *, bound_of: Callable[[str], BoundText | None] = _bound) -> RangeText:
    """The range a text means.

    Raises: PydanticCustomError E116 when it is no range, or its ends do not rise.
    """
    if not isinstance(value, str) or value.count("..") != 1:
        raise refused("E116", f"{shown(value)} is not a range", 'write low..high, such as "0%..20%" or "250000.."')
    ends: list[BoundText | None] = []
    for text in value.split(".."):
        bound = bound_of(text.strip())
        if bound is None and text.strip():
            fix = 'write low..high, such as "0%..20%" or "250000.."'
            raise refused("E116", f"{shown(text.strip())} is not a number or percentage", fix)
        ends.append(bound)
    low, high = ends
    if low is not None and high is not None and (low.is_percent != high.is_percent or low.number >= high.number):
        raise refused("E116", f"{shown(value)} does not rise", "write the lower end first, in the same unit")
    return RangeText(low, high)


def _read_values(value: object) -> RangeText:
    return read_range(value, bound_of=_signed_bound)


Bound = Annotated[BoundText, PlainValidator(_read_bound), WithJsonSchema({"type": ["string", "number"]})]
RangeField = Annotated[
    RangeText,
    PlainValidator(_read_values),
    WithJsonSchema({"type": "string", "pattern": "^[-0-9.% ]*\\.\\.[-0-9.% ]*$"}),
]
"""Every value of something: it may lie below zero, as a margin does."""
