"""kind: retention_targets: who answers for each rate and driver of retention, and what it is to come to in a year."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainValidator, StringConstraints, WithJsonSchema, model_validator

from pricing_engine.retention.segments import MOST_NAMES, segment_value
from pricing_engine.rulebook.documents.fields import Day, SnakeName, Text, read_percent
from pricing_engine.rulebook.documents.shape import Shape, refused, shown
from pricing_engine.rulebook.faults import Path

_POINTS = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,4})?")
_RATE = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,4})?%")
_LONGEST = 200
_SIX_DECIMALS = Decimal("0.000001")


def _read_points(value: object) -> Decimal:
    text = f"{value:f}" if isinstance(value, Decimal) else value
    if isinstance(text, str) and _POINTS.fullmatch(text):
        return (Decimal(text) / 100).quantize(_SIX_DECIMALS) + 0  # -0 is 0
    without = str(text).removesuffix("%")
    fix = (
        f'write "{without}"' if _POINTS.fullmatch(without) else 'write such as "-8" or "+4.5", with at most 4 decimals'
    )
    raise refused("E128", f"{shown(value)} is not a number of points", fix)


def _read_rate(value: object) -> Decimal:
    if isinstance(value, str) and _RATE.fullmatch(value):
        return Decimal(value[:-1]).scaleb(-2).quantize(_SIX_DECIMALS)
    if read_percent(value) is not None:
        raise refused("E118", f"{shown(value)} is no rate of a book", "write at most 999%, with at most 4 decimals")
    raise refused("E118", f"{shown(value)} is not a percentage", 'write a percentage such as "108%"')


def _read_value(value: object) -> str:
    if isinstance(value, str | bool | Decimal) and 0 < len(segment_value(value)) <= _LONGEST:
        return segment_value(value)
    raise refused("E104", f"{shown(value)} is not what a segment is called", "write its name, such as enterprise")


_POINTS_SCHEMA: dict[str, Any] = {
    "type": ["string", "number"],
    "pattern": f"^{_POINTS.pattern}$",
    "description": "points of NRR a year, which are hundredths of the ARR at the opening",
}
Points = Annotated[Decimal, PlainValidator(_read_points), WithJsonSchema(_POINTS_SCHEMA)]
"""Written `"-8"`, points of NRR, and read as the fraction -0.08 of the opening ARR."""

Rate = Annotated[
    Decimal, PlainValidator(_read_rate), WithJsonSchema({"type": "string", "pattern": f"^{_RATE.pattern}$"})
]
"""Written `"108%"`, read as 1.08."""

SegmentValue = Annotated[
    str, PlainValidator(_read_value), WithJsonSchema({"type": ["string", "number", "boolean"], "maxLength": _LONGEST})
]
Owner = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=_LONGEST)]


class TargetShape(Shape):
    """What all targets say: of which segment (left out: the whole book), whose it is, and when it counts.

    It counts until the next of its kind for the same segment begins, or until `until`.
    """

    owner: Owner
    segment: Annotated[dict[SnakeName, SegmentValue], Field(min_length=1, max_length=MOST_NAMES)] | None = None
    start: Annotated[Day, Field(alias="from")]
    until: Day | None = None
    why: str = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until <= self.start:
            raise refused("E115", f"this ends on {self.until}, before it has begun", "write a later until")
        return self


class RateTargetShape(TargetShape):
    """What a rate is to come to."""

    rate: Literal["nrr", "grr"]
    target: Rate


class DriverTargetShape(TargetShape):
    """By how many points a driver is to move NRR."""

    driver: Literal["retention", "pricing", "expansion"]
    points_per_year: Points


class RetentionTargetsDocument(Shape):
    """All targets; the `why` of the file stands for those that have none."""

    kind: Literal["retention_targets"]
    rates: tuple[RateTargetShape, ...] = ()
    drivers: tuple[DriverTargetShape, ...] = ()
    why: Text

    def targets(self) -> Iterator[tuple[Path, str, Decimal, TargetShape]]:
        """Each target with its place, what it is of and what that is to come to."""
        for i, rate in enumerate(self.rates):
            yield ("rates", i), rate.rate, rate.target, rate
        for i, driver in enumerate(self.drivers):
            yield ("drivers", i), driver.driver, driver.points_per_year, driver

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.rates and not self.drivers:
            raise refused("E106", "there is no target here", "add rates: […] or drivers: […]")
        return self
